"""Changes by path: ``--set`` and :meth:`Stack.changed` share one grammar and the file's own checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics._yaml import quoted
from qdphotonics.errors import StackError
from qdphotonics.stacks import Stack, load_stack, parse_override

FILE = """\
name: base
wavelength: 630
substrate: glass
superstrate: air
layers:
  - {name: ITO, material: ITO, thickness: 100}
  - {name: QD, material: {n: 1.85}, thickness: 50, role: gain}
  - {name: 3.5 nm film, material: my film, thickness: 3.5}
  - repeat: 2
    layers:
      - {name: DBR-H, material: {n: 2.3}, thickness: 60}
      - repeat: 3
        layers:
          - {name: inner, material: {mix: [{material: ITO, fraction: 0.4}, {material: SiO2, fraction: 0.6}], rule: linear}, thickness: 5}
materials:
  my film: {n: 1.9, k: 0.001}
gain: {medium: cg-QD}
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    file = tmp_path_factory.mktemp("stack") / "base.yaml"
    file.write_text(FILE, encoding="utf-8")
    return load_stack(file)


@pytest.mark.parametrize(
    ("text", "steps", "value"),
    [
        ("layers.QD.thickness=110", ("layers", "QD", "thickness"), 110),
        ('layers."3.5 nm film".thickness=2', ("layers", "3.5 nm film", "thickness"), 2),
        ("layers.'3.5 nm film'.thickness=2", ("layers", "3.5 nm film", "thickness"), 2),
        ("layers.DBR-H.material=TiO2", ("layers", "DBR-H", "material"), "TiO2"),
        ("layers[3].repeat=5", ("layers", 3, "repeat"), 5),
        ("cavity.facet_reflectivity[1]=0.5", ("cavity", "facet_reflectivity", 1), 0.5),
        ("wavelength=2 eV", ("wavelength",), "2 eV"),
        ("layers.QD.material={n: 1.9, k: 1e-3}", ("layers", "QD", "material"), {"n": 1.9, "k": 0.001}),
        ("drive.pulse_ns=1e3", ("drive", "pulse_ns"), 1000.0),
        ('name="a = b"', ("name",), "a = b"),
        ("name=a = b", ("name",), "a = b"),
        ('materials."a=b".n=2', ("materials", "a=b", "n"), 2),
        ("layers.QD.coherent=false", ("layers", "QD", "coherent"), False),
        ("name=on", ("name",), "on"),
        ("gain=", ("gain",), None),
    ],
)
def test_the_grammar(text: str, steps: tuple[str | int, ...], value: object) -> None:
    override = parse_override(text)
    assert (override.steps, override.value) == (steps, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "layers",
        "=3",
        "layers.QD.thickness",
        ".a=1",
        "a.=1",
        "a..b=1",
        '"".a=1',
        '"open=1',
        "[0].a=1",
        "a.[0]=1",
        'a"b"=1',
        "a]=1",
        "a[x]=1",
        "a[-1]=1",
    ],
)
def test_what_is_no_path_and_value_is_refused(text: str) -> None:
    with pytest.raises(StackError, match=r"must be (PATH=VALUE )?such as layers\.QD\.thickness"):
        parse_override(text)


def test_a_value_that_is_not_yaml_is_refused() -> None:
    with pytest.raises(StackError, match=r'layers\.QD\.material: the value is not valid YAML: .*, got "\{n: 1"'):
        parse_override("layers.QD.material={n: 1")
    with pytest.raises(StackError, match="the value tags are not allowed"):
        parse_override("name=!!python/name:os.system x")


@pytest.mark.parametrize(
    ("change", "get", "value"),
    [
        ("layers.QD.thickness=110", lambda s: s.thickness_nm[1], 110),
        ("layers.QD.thickness=0.11 um", lambda s: s.thickness_nm[1], 110),
        ("layers.QD.material.n=1.7", lambda s: s.index()[2], 1.7),
        ("layers.QD.material.gain_per_cm=780", lambda s: s.index()[2], 1.85 - 780e-7 * 630 / (4 * np.pi) * 1j),
        ("layers.ITO.material={n: 1.9}", lambda s: s.index()[1], 1.9),
        ('layers."3.5 nm film".thickness=7', lambda s: s.thickness_nm[2], 7),
        ('materials."my film".k=0.002', lambda s: s.index()[3], 1.9 + 0.002j),
        ("materials.glass={n: 1.6}", lambda s: s.index()[0], 1.6),
        ("layers.DBR-H.thickness=61", lambda s: s.thickness_nm[[3, 7]].tolist(), [61, 61]),
        ("layers.inner.thickness=6", lambda s: s.thickness_nm[[4, 5, 6, 8, 9, 10]].tolist(), [6] * 6),
        ("layers[3].repeat=4", lambda s: len(s.layers), 3 + 4 * 4),
        ("layers[3].layers[1].repeat=1", lambda s: len(s.layers), 3 + 2 * 2),
        ("wavelength=620", lambda s: s.wavelength_nm, 620),
        ("superstrate=SiO2", lambda s: s.superstrate.name, "SiO2"),
        ("drive.current_density_A_per_cm2=20", lambda s: s.drive.current_density_A_per_cm2, 20),
        ("cavity.length_um=500", lambda s: s.cavity.length_um, 500),
        ("gain.medium=ccg-QD", lambda s: s.medium, "ccg-QD"),
        ("layers.DBR-H.thickness={quarter_waves: 2, at: 460}", lambda s: s.thickness_nm[3], 100),
    ],
)
def test_changes_reach_every_part(base: Stack, change: str, get: Any, value: Any) -> None:
    """The changed value as the file would give it; arithmetic only, hence the default tolerance."""
    assert get(base.changed([change])) == pytest.approx(value)
    assert get(load_stack(str(base.file), [change])) == pytest.approx(value)
    path, _, written = change.partition("=")
    if not any(sign in written for sign in "{ "):
        assert get(base.changed({path: parse_override(change).value})) == pytest.approx(value)


def test_changes_accumulate_and_leave_the_original_alone(base: Stack) -> None:
    changed = base.changed({"layers.QD.thickness": 60}).changed(["layers.ITO.thickness=10", "layers.ITO.thickness=20"])
    assert changed.thickness_nm[:2].tolist() == [20, 60]
    assert base.thickness_nm[:2].tolist() == [100, 50]


def test_values_from_numpy_are_plain_numbers(base: Stack) -> None:
    changed = base.changed(
        {"layers.QD.thickness": np.float64(60), "cavity": {"length_um": np.int64(5), "facet_reflectivity": np.array([0.1, 0.2])}}
    )
    assert changed.cavity is not None
    assert (changed.thickness_nm[1], changed.cavity.facet_reflectivity) == (60, (0.1, 0.2))


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        ("layers.QD.thickness=-5", 7, 'layers[1] "QD": thickness must be > 0 nm, got -5 (changed by layers.QD.thickness=-5)'),
        ("layers.QD.thicknes=5", 7, 'layers[1] "QD": unknown key "thicknes"; did you mean "thickness"? (changed by layers.QD.thicknes=5)'),
        ("layers.QDD.thickness=5", 5, 'layers.QDD.thickness=5: layers has nothing of the name "QDD"; did you mean "QD"?'),
        ("layers.xyz.n=5", 5, 'layers.xyz.n=5: layers has nothing of the name "xyz"; it has ITO, QD, 3.5 nm film, DBR-H, inner'),
        (
            "layers.DBR-H[0].n=5",
            11,
            'layers.DBR-H[0].n=5: layers[3].layers[0] "DBR-H" has no positions, so [0] cannot follow; layers in a repeat go by their name',
        ),
        ("layers[9].thickness=5", 5, "layers[9].thickness=5: layers has no position [9], the last is [3]"),
        (
            "layers.ITO.material.n=5",
            6,
            'layers.ITO.material.n=5: layers[0] "ITO": material is "ITO" and holds nothing, so "n" cannot follow; '
            "write a material in place, as in layers.ITO.material={n: 1.9, k: 0}, "
            "or change the material wherever it is, as in materials.ITO.n=5",
        ),
        ("wavelength.nm=5", 2, 'wavelength.nm=5: wavelength is 630 and holds nothing, so "nm" cannot follow'),
        ("drve.voltage_V=5", 1, 'unknown key "drve"; did you mean "drive"? (changed by drve.voltage_V=5)'),
        ("drive.voltage=5", 1, 'drive: unknown key "voltage"; did you mean "voltage_V"? (changed by drive.voltage=5)'),
        ("layers.ITO.material=ITOO", 6, 'layers[0] "ITO": material must be a known material, got "ITOO"; did you mean'),
        (
            "wavelength=",
            2,
            "wavelength must be a finite number > 0 nm, or end in nm, um, µm, mm or eV, got nothing (changed by wavelength=)",
        ),
        ("layers.QD.role=", 17, "gain must have a layer to be in: mark one with role: gain"),
        ("cavity.facet_reflectivity=[0, 0]", 1, "cavity.length_um must be given"),
        ("layers.ITO.name=QD", 7, 'layers[1] "QD": name must be unique, got "QD", the name of layers[0] "QD" on line 6 too'),
    ],
)
def test_a_change_that_cannot_be_is_told_like_a_fault_of_the_file(base: Stack, change: str, line: int, message: str) -> None:
    with pytest.raises(StackError) as caught:
        base.changed([change])
    assert caught.value.message.startswith(message)
    assert (caught.value.file, caught.value.line) == (base.file, line)


@pytest.mark.parametrize("changes", ["layers.QD.thickness=5", {"layers.QD.thickness=5": 3}, {"": 3}])
def test_changes_of_another_form_are_refused(base: Stack, changes: Any) -> None:
    with pytest.raises(StackError, match="such as"):
        base.changed(changes)


def test_a_fault_in_the_file_goes_before_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(FILE[: FILE.index("layers:")] + "layers: 5\n", encoding="utf-8")
    with pytest.raises(StackError, match="layers must be a list, got 5"):
        load_stack(tmp_path / "bad.yaml", ["layers.QD.thickness=5"])


def test_a_change_can_mend_a_file(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(FILE.replace("thickness: 50", "thickness: -50"), encoding="utf-8")
    assert load_stack(tmp_path / "bad.yaml", ["layers.QD.thickness=5"]).thickness_nm[1] == 5


names = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="[]\"'"), min_size=1, max_size=8).filter(
    lambda name: name == name.strip() and name not in ("substrate", "superstrate")
)


@given(st.lists(names, min_size=1, max_size=5, unique=True), st.integers(1, 4), st.floats(1e-3, 1e6))
def test_any_layer_can_be_reached_by_its_name(written: list[str], repeat: int, thickness_nm: float) -> None:
    """Whatever a layer may be called, ``layers.NAME.thickness`` with NAME in quotes changes it, in a repeat all of it, and no other."""
    layers = [{"name": name, "material": {"n": 1.5}, "thickness": 7.0} for name in written]
    stack = load_stack(
        {"name": "s", "wavelength": 600, "substrate": "air", "superstrate": "air", "layers": [{"repeat": repeat, "layers": layers}]}
    )
    target = written[-1]
    changed = stack.changed([f"layers.{quoted(target)}.thickness={thickness_nm!r}"])
    assert changed.layer_names == stack.layer_names
    assert len(set(stack.layer_names)) == len(stack.layers) == repeat * len(written)
    for layer in changed.layers:
        assert layer.thickness_nm == (thickness_nm if layer.written_name == target else 7.0)
    assert changed.changed({f"layers.{quoted(target)}.thickness": 7.0}).as_dict() == stack.as_dict()


groups = st.recursive(st.just("layer"), lambda inner: st.tuples(st.integers(1, 4), st.lists(inner, min_size=1, max_size=3)), max_leaves=5)


@given(st.lists(groups, min_size=1, max_size=3))
def test_nested_repeats_give_unique_names_in_the_order_of_the_layers(items: list[Any]) -> None:
    """Names and thicknesses of the written-out stack against a plain recursion over the same tree."""
    count = 0

    def build(item: Any) -> dict[str, Any]:
        nonlocal count
        if item == "layer":
            count += 1
            return {"name": f"L{count}", "material": {"n": 1.5}, "thickness": count}
        return {"repeat": item[0], "layers": [build(inner) for inner in item[1]]}

    def expected(entry: dict[str, Any]) -> list[int]:
        if "name" in entry:
            return [int(entry["thickness"])]
        return int(entry["repeat"]) * [nm for inner in entry["layers"] for nm in expected(inner)]

    layers = [build(item) for item in items]
    stack = load_stack({"name": "s", "wavelength": 600, "substrate": "air", "superstrate": "air", "layers": layers})
    assert stack.thickness_nm.tolist() == [nm for entry in layers for nm in expected(entry)]
    assert len(set(stack.layer_names)) == len(stack.layers)
    assert [layer.written_name for layer in stack.layers] == [f"L{int(nm)}" for nm in stack.thickness_nm]
