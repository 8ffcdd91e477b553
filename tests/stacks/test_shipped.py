"""The shipped stacks, and the JSON Schema that editors check stacks with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from qdphotonics._data import data_folder
from qdphotonics._yaml import read_yaml
from qdphotonics.errors import StackError
from qdphotonics.stacks import json_schema, list_stacks, load_stack, stack_file

SEQUENCES = {
    # layer sequences as the sources give them (issue 2 and PHYSICS.md section 1); half-spaces first and last
    "roh2020-ito": "glass | ITO / ZnO / QD / TCTA | air",
    "roh2020-lito": "glass | L-ITO / ZnO / QD / TCTA | air",
    "roh2020-moox-al": "glass | L-ITO / ZnO / QD / TCTA / MoOx / Al | air",
    "roh2020-dfb-typea": "L-ITO of Fig. 3 | ZnO / QD / TCTA | air",
    "jung2022-lito-ag": "glass | L-ITO / QD / Spiro-2NPB / HAT-CN / Ag | air",
    "ahn2023-brw": f"glass |{' DBR-H / DBR-L /' * 10} ITO / ZnO / QD / TFB / HAT-CN / Ag | air",
    "dfb-test-cell": "{n: 1.52} | L-ITO / QD | air",
    "glass-dielectric-ag": "glass | dielectric | Ag",
    "cg-qd-dfb": "SiO2 | grating / QD | air",
    "quantum-shell-cavity": (
        f"glass |{' back-H / back-L /' * 4} back-last / QD / PMMA / front-first{' / front-L / front-H' * 4} | glass"
    ),
    "qd-led": "glass | ITO / PEDOT:PSS / TFB / QD / ZnO / Al | air",
}


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_each_shipped_stack_has_the_sequence_of_its_source(name: str) -> None:
    stack = load_stack(name)
    layers = " / ".join(layer.written_name for layer in stack.layers)
    assert f"{stack.substrate.name} | {layers} | {stack.superstrate.name}" == SEQUENCES[name]
    assert stack.file == stack_file(name)


def test_all_shipped_stacks_are_known_to_these_tests() -> None:
    assert list_stacks() == tuple(sorted(SEQUENCES))


def test_thicknesses_that_the_source_gives() -> None:
    """M2: glass/L-ITO 250/ccg-QD 95/Spiro-2NPB 50/HAT-CN 10/Ag 100 nm (Chem. Rev. 2023, Fig. 41); M1b: Fig. 3 of Roh et al."""
    assert load_stack("jung2022-lito-ag").thickness_nm.tolist() == [250, 95, 50, 10, 100]
    assert load_stack("roh2020-dfb-typea").thickness_nm.tolist() == [50, 50, 60]


def test_the_stacks_of_one_paper_differ_in_the_electrode_and_the_contact_only() -> None:
    """M1 compares two electrodes, M4 adds a contact: every other layer must be the same."""
    lito, ito, contact = (load_stack(name) for name in ("roh2020-lito", "roh2020-ito", "roh2020-moox-al"))
    assert lito.thickness_nm.tolist() == ito.thickness_nm.tolist() == contact.thickness_nm[:4].tolist()
    for other in (ito, contact):
        assert [layer.material.name for layer in lito.layers[1:]] == [layer.material.name for layer in other.layers[1:4]]


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_every_number_has_its_source_or_is_marked_as_chosen(name: str) -> None:
    """A line of a shipped file with a thickness, an index or a drive has a remark, or the line that opens its block has one."""
    above = ""
    for line in stack_file(name).read_text(encoding="utf-8").splitlines():
        indented = line.startswith(" ")
        above = above if indented else line
        if re.search(r"(thickness|wavelength|_um|_per_|_V|_ns|_um2|\bn): *[0-9{\[]", line):
            assert "#" in line or "#" in above, line


# --- JSON Schema -----------------------------------------------------------------------------------------------------

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a value fits a schema: the keywords of JSON Schema 2020-12 that pydantic writes, by the specification."""
    if "$ref" in schema and not fits(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root):
        return False
    if "anyOf" in schema and not any(fits(value, option, root) for option in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(value, option, root) for option in schema["oneOf"]) != 1:
        return False
    if "type" in schema and (not isinstance(value, TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean")):
        return False
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
            and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
        )
    if isinstance(value, str):
        return len(value) >= schema.get("minLength", 0) and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        fixed = schema.get("prefixItems", [])
        items = [*fixed, *[schema.get("items", {})] * (len(value) - len(fixed))]
        bounded = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        return bounded and all(fits(item, entry, root) for item, entry in zip(value, items, strict=False))
    if isinstance(value, dict):
        known, further = schema.get("properties", {}), schema.get("additionalProperties", True)
        return set(schema.get("required", [])) <= set(value) and all(
            fits(item, known[key], root) if key in known else further if isinstance(further, bool) else fits(item, further, root)
            for key, item in value.items()
        )
    return True


def accepts(value: Any) -> bool:
    schema = json_schema()
    return fits(value, schema, schema)


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_the_schema_accepts_every_shipped_stack(name: str) -> None:
    assert accepts(read_yaml(stack_file(name), StackError).data)


def test_the_schema_accepts_the_example_of_the_design(tmp_path: Path) -> None:
    from tests.stacks.test_contract import EXAMPLE

    (tmp_path / "stack.yaml").write_text(EXAMPLE, encoding="utf-8")
    assert accepts(read_yaml(tmp_path / "stack.yaml", StackError).data)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("wavelength",), -5),
        (("wavelength",), "red"),
        (("wavelength",), None),
        (("layers", 1, "thickness"), 0),
        (("layers", 1, "thickness"), "2 eV"),
        (("layers", 1, "thickness"), {"quarter_waves": 1}),
        (("layers", 1, "thicknes"), 5),
        (("layers", 1, "role"), "pump"),
        (("layers", 1, "coherent"), "on"),
        (("layers", 1, "material"), {"nn": 1.5}),
        (("layers",), []),
        (("drive", "voltage"), 5),
        (("drive", "voltage_V"), -5),
        (("cavity",), {"length_um": 5, "facet_reflectivity": [0, 2]}),
        (("grating",), {"layer": "L-ITO"}),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(place: tuple[str | int, ...], value: Any) -> None:
    document = read_yaml(stack_file("jung2022-lito-ag"), StackError).replaced(place, value, "test")
    assert not accepts(document.data)
    with pytest.raises(StackError):
        load_stack(document.data)


def test_the_schema_is_json_and_explains_every_key_of_a_stack() -> None:
    """An editor shows the description when a key is completed."""
    schema = json.loads(json.dumps(json_schema()))
    assert schema["$schema"].startswith("https://json-schema.org/")
    for model in ("LayerSpec", "RepeatSpec", "GainSpec", "GratingSpec", "CavitySpec", "DriveSpec", "QuarterWavesSpec"):
        for key, entry in schema["$defs"][model]["properties"].items():
            assert entry.get("description"), f"{model}.{key}"
    for key, entry in schema["properties"].items():
        assert entry.get("description"), key
    assert "ZnO" in schema["$defs"]["MaterialName"]["examples"]


def test_the_shipped_stacks_lie_where_the_data_are() -> None:
    assert all(stack_file(name).parent == data_folder("stacks") for name in list_stacks())
