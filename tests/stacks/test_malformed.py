"""What is wrong with a stack file is told in one message: file, line, place, field, rule, value; at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qdphotonics.errors import InputError, StackError
from qdphotonics.stacks import load_stack

GOOD = """\
name: good
wavelength: 630
substrate: glass
superstrate: air
layers:
  - {name: ITO, material: ITO, thickness: 100}
  - {name: QD, material: {n: 1.9}, thickness: 50, role: gain}
  - repeat: 2
    layers:
      - {name: H, material: my film, thickness: 60}
      - {name: L, material: SiO2, thickness: 90}
materials:
  my film: {n: 2.2, k: 0.001}
gain: {medium: cg-QD}
grating: {layer: ITO, period: 390, depth: 30, duty: 0.5, order: 2}
cavity: {length_um: 500, facet_reflectivity: [0.3, 1]}
drive: {current_density_A_per_cm2: 10, pulse_ns: 1000, period_ns: 1e6}
"""
AT_ONCE_S = 5.0  # of processor time: some 0.05 s is measured, and what is not refused grows without bound

QD = "{name: QD, material: {n: 1.9}, thickness: 50, role: gain}"
BAD: list[tuple[str, str, str]] = [
    # what stands in the good file, what to put there, line and message
    ("thickness: 50", "thickness: -5", '7: layers[1] "QD": thickness must be > 0 nm, got -5'),
    ("thickness: 50", "thickness: 0", '7: layers[1] "QD": thickness must be > 0 nm, got 0'),
    (
        "thickness: 50",
        "thickness: thin",
        '7: layers[1] "QD": thickness must be a finite number > 0 nm, or end in nm, um, µm or mm, got "thin"',
    ),
    ("thickness: 50", "thickness: -5 um", '7: layers[1] "QD": thickness must be > 0 nm, got "-5 um"'),
    (
        "thickness: 50",
        "thickness: 2 eV",
        '7: layers[1] "QD": thickness must be a finite number > 0 nm, or end in nm, um, µm or mm, got "2 eV"',
    ),
    (
        "thickness: 50",
        "thickness: .inf",
        '7: layers[1] "QD": thickness must be a finite number > 0 nm, or end in nm, um, µm or mm, got .inf',
    ),
    (
        "thickness: 50",
        "thickness: 10:50",
        '7: layers[1] "QD": thickness must be a finite number > 0 nm, or end in nm, um, µm or mm, got "10:50"',
    ),
    (
        "thickness: 50",
        "thickness: true",
        '7: layers[1] "QD": thickness must be a finite number > 0 nm, or end in nm, um, µm or mm, got true',
    ),
    ("thickness: 50, ", "", '7: layers[1] "QD": thickness must be given'),
    ("thickness: 50", "thicknes: 50", '7: layers[1] "QD": unknown key "thicknes"; did you mean "thickness"?'),
    ("thickness: 50", "thickness: {quarter_waves: 1}", '7: layers[1] "QD": thickness.at must be given'),
    (
        "thickness: 50",
        "thickness: {quarter_waves: 1, at: 640, n_ef: 0}",
        '7: layers[1] "QD": thickness: unknown key "n_ef"; did you mean "n_eff"?',
    ),
    ("thickness: 50", "thickness: {quarter_waves: 0, at: 640}", '7: layers[1] "QD": thickness.quarter_waves must be > 0, got 0'),
    (
        "thickness: 50",
        "thickness: {quarter_waves: 1, at: 640, n_eff: 1.9}",
        '7: layers[1] "QD": thickness.n_eff must be < 1.9, the layer\'s index, got 1.9',
    ),
    (
        "name: QD, material",
        "name: ITO, material",
        '7: layers[1] "ITO": name must be unique, got "ITO", the name of layers[0] "ITO" on line 6 too',
    ),
    (
        "name: L, material",
        "name: ITO, material",
        '11: layers[2].layers[1] "ITO": name must be unique, got "ITO", the name of layers[0] "ITO" on line 6 too',
    ),
    (
        "name: QD, material",
        "name: substrate, material",
        '7: layers[1] "substrate": name must not be substrate or superstrate, which name the half-spaces, got "substrate"',
    ),
    (
        "name: QD, material",
        'name: "QD[0]", material',
        '7: layers[1] "QD[0]": name must be a text without [ ] " or \', and without spaces around it, got "QD[0]"',
    ),
    ("name: QD, material", "name: 3, material", "7: layers[1]: name must be text, got 3"),
    ("material: ITO", "material: IT0", '6: layers[0] "ITO": material must be a known material, got "IT0"; did you mean '),
    ("substrate: glass", "substrate: gls", '3: substrate must be a known material, got "gls"; did you mean "glass"?'),
    ("material: {n: 1.9}", "material: {n: -1.9}", '7: layers[1] "QD": material.n must be > 0, got -1.9'),
    ("material: {n: 1.9}", "material: {n: 0}", '7: layers[1] "QD": material.n must be > 0, got 0'),
    ("material: {n: 1.9}", "material: {n: .nan}", '7: layers[1] "QD": material.n must be a finite number > 0, got .nan'),
    (
        "material: {n: 1.9}",
        "material: {n: 1.9, k: 0.1, alpha_per_cm: 3}",
        '7: layers[1] "QD": material must have one of k, alpha_per_cm and gain_per_cm, not k and alpha_per_cm',
    ),
    ("{n: 2.2, k: 0.001}", "{n: 2.2, kk: 0.001}", '13: materials."my film": unknown key "kk"; '),
    ("{n: 2.2, k: 0.001}", "{n: 2.2, k: high}", '13: materials."my film".k must be a finite number, got "high"'),
    ("wavelength: 630", "wavelength: -630", "2: wavelength must be > 0 nm, got -630"),
    (
        "wavelength: 630",
        "wavelength: red",
        '2: wavelength must be a finite number > 0 nm, or end in nm, um, µm, mm or eV, got "red"',
    ),
    ("wavelength: 630", "wavelength: 0 eV", '2: wavelength must be a finite number > 0 nm, or end in nm, um, µm, mm or eV, got "0 eV"'),
    ("wavelength: 630\n", "", "1: wavelength must be given"),
    ("superstrate: air\n", "", "1: superstrate must be given"),
    ("name: good", "nme: good", '1: unknown key "nme"; did you mean "name"?'),
    ("name: good", "name: good\nname: better", '2: the key "name" is repeated (first on line 1)'),
    (
        "name: good",
        "name: !!python/object/apply:os.system [ls]",
        "1: tags are not allowed, got tag:yaml.org,2002:python/object/apply:os.system",
    ),
    ("name: good", "name: [good", "2: is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
    ("repeat: 2", "repeat: 0", "8: layers[2]: repeat must be an integer ≥ 1 and ≤ 10000, got 0"),
    ("repeat: 2", "repeat: 1.5", "8: layers[2]: repeat must be an integer ≥ 1 and ≤ 10000, got 1.5"),
    ("repeat: 2", "repeat: 100000000", "8: layers[2]: repeat must be an integer ≥ 1 and ≤ 10000, got 100000000"),
    ("repeat: 2", "repeat: 1" + "0" * 300, "8: layers[2]: repeat must be an integer ≥ 1 and ≤ 10000, got 1e+300"),
    ("repeat: 2", "repeat: 10000", "8: layers[2]: repeat must not lead to more than 10000 layers in all, got 20002"),
    ("repeat: 2\n    layers", "layers", "8: layers[2]: repeat must be given"),
    ("repeat: 2", "repeat: 2\n    thickness: 3", '9: layers[2]: unknown key "thickness"; known keys: repeat, layers'),
    ("role: gain", "role: pump", '7: layers[1] "QD": role must be \'gain\', got "pump"'),
    ("role: gain", "role: gain, coherent: on", '7: layers[1] "QD": coherent must be true or false, got "on"'),
    (", role: gain", "", "14: gain must have a layer to be in: mark one with role: gain"),
    (
        "gain: {medium: cg-QD}\n",
        "",
        '7: layers[1] "QD": role must not be gain without a gain block such as gain: {medium: ccg-QD}',
    ),
    ("gain: {medium: cg-QD}", "gain: {}", "14: gain.medium must be given"),
    ("gain: {medium: cg-QD}", "gain: cg-QD", '14: gain must be a mapping with the keys medium, got "cg-QD"'),
    ("layer: ITO", "layer: IT", '15: grating.layer must be the name of a layer, got "IT"; did you mean "ITO"?'),
    ("layer: ITO", "layer: H", '15: grating.layer must not be in a repeat, got "H"'),
    ("depth: 30", "depth: 300", "15: grating.depth must be ≤ 100 nm, the thickness of ITO, got 300"),
    ("depth: 30", "depth: -3", "15: grating.depth must be > 0 nm, got -3"),
    ("duty: 0.5", "duty: 1", "15: grating.duty must be > 0 and < 1, got 1"),
    ("order: 2", "order: 0", "15: grating.order must be an integer ≥ 1, got 0"),
    ("length_um: 500", "length_um: 0", "16: cavity.length_um must be > 0 µm, got 0"),
    ("length_um: 500, ", "", "16: cavity.length_um must be given"),
    ("[0.3, 1]", "[0.3, 1.1]", "16: cavity.facet_reflectivity[1] must be ≥ 0 and ≤ 1, got 1.1"),
    ("[0.3, 1]", "[0.3]", "16: cavity.facet_reflectivity[1] must be given"),
    ("[0.3, 1]", "0.3", "16: cavity.facet_reflectivity must be a list, got 0.3"),
    ("current_density_A_per_cm2: 10", "current_density_A_per_cm2: -1", "17: drive.current_density_A_per_cm2 must be ≥ 0 A/cm², got -1"),
    ("pulse_ns: 1000", "pulse_ns: 2e6", "17: drive must have a pulse_ns not longer than its period_ns 1000000 ns, got 2000000 ns"),
    ("pulse_ns: 1000", "fluence_J_per_cm2: 1", "17: drive must not have both current_density_A_per_cm2 and fluence_J_per_cm2"),
    ("current_density_A_per_cm2: 10", "current: 10", '17: drive: unknown key "current"; '),
]


def load(folder: Path, text: str) -> str:
    """Line and message of the fault, without the file's name."""
    file = folder / "stack.yaml"
    file.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InputError) as caught:
        load_stack(file)
    assert time.process_time() - start < AT_ONCE_S
    assert str(caught.value).startswith(f"{file}:")
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}:")


def test_the_good_file_is_good(tmp_path: Path) -> None:
    """Else a wrong file might be refused for another reason than the one under test."""
    (tmp_path / "stack.yaml").write_text(GOOD, encoding="utf-8")
    assert load_stack(tmp_path / "stack.yaml").layer_names == ("ITO", "QD", "H[0]", "L[0]", "H[1]", "L[1]")


@pytest.mark.parametrize(("good", "bad", "message"), BAD, ids=[message for _, _, message in BAD])
def test_each_fault_is_told_in_one_message(tmp_path: Path, good: str, bad: str, message: str) -> None:
    assert GOOD.count(good) == 1
    assert load(tmp_path, GOOD.replace(good, bad)).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: is empty"),
        ("[1, 2]", "1: the file must be a mapping with the keys name, reference, note, wavelength, substrate, "),
        ("just text", "1: the file must be a mapping with the keys name, reference, note, wavelength, substrate, "),
        (GOOD[: GOOD.index("layers:")] + "layers: []\n", "5: layers must have at least 1 entries, got 0"),
        (GOOD[: GOOD.index("layers:")] + "layers: QD\n", '5: layers must be a list, got "QD"'),
        (GOOD[: GOOD.index("layers:")] + "layers: [QD]\n", "5: layers[0] must be a mapping with the keys name, material, thickness, "),
        (GOOD[: GOOD.index("layers:")] + "layers:\n", "5: layers must be a list, got nothing"),
    ],
)
def test_files_of_another_shape(tmp_path: Path, text: str, message: str) -> None:
    assert load(tmp_path, text).startswith(message)


def test_a_wavelength_outside_a_table_says_the_range_and_who_needs_it(tmp_path: Path) -> None:
    table = "{table: {wavelength_nm: [500, 600], n: [1.5, 1.6], k: 0}}"
    message = load(tmp_path, GOOD.replace("{n: 2.2, k: 0.001}", table))
    assert message.startswith('10: layers[2].layers[0] "H": material "my film" is known for 500 to 600 nm, got 630 nm')
    made_at_700 = (
        GOOD.replace("630", "550").replace("{n: 2.2, k: 0.001}", table).replace("thickness: 60", "thickness: {quarter_waves: 1, at: 700}")
    )
    assert "is known for 500 to 600 nm, got 700 nm" in load(tmp_path, made_at_700)


def test_nested_repeats_multiply(tmp_path: Path) -> None:
    """101 x 100 layers, each repeat by itself within the bound."""
    inner = "repeat: 101\n    layers:\n      - repeat: 100\n        layers: [{name: X, material: {n: 2}, thickness: 1}]"
    message = load(tmp_path, GOOD.replace("repeat: 2\n    layers:", inner))
    assert message == "8: layers[2]: repeat must not lead to more than 10000 layers in all, got 10304"


def test_an_entity_expansion_file_is_refused_at_once(tmp_path: Path) -> None:
    rows = ["name: laughs", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    assert load(tmp_path, "\n".join(rows)).startswith("6: must not hold more than 100000 values, those that aliases repeat included")


def test_layers_that_aliases_repeat_are_counted(tmp_path: Path) -> None:
    """Twelve references to 900 layers; each is within the bound, and so is the file."""
    period = "- &period {repeat: 900, layers: [{name: A, material: {n: 2}, thickness: 1}]}\n"
    text = GOOD[: GOOD.index("layers:")] + "layers:\n" + period + "- *period\n" * 11
    assert load(tmp_path, text).endswith("must not lead to more than 10000 layers in all, got 10800")


@pytest.mark.parametrize(
    ("spare", "message"),
    [
        ("{n: 1.5, alpha: 3}", '13: materials.spare: unknown key "alpha"; did you mean "alpha_per_cm"?'),
        ("gls", '13: materials.spare must be a known material, got "gls"; did you mean "glass"'),
        ("{database: main/Ag/Nobody}", "13: materials.spare.database "),
        ("spare", "13: materials.spare "),
    ],
)
def test_a_fault_in_a_material_that_no_layer_uses_is_a_fault(tmp_path: Path, spare: str, message: str) -> None:
    assert load(tmp_path, GOOD.replace("materials:\n", f"materials:\n  spare: {spare}\n")).startswith(message)


def test_a_stack_that_is_not_there_has_near_names() -> None:
    with pytest.raises(StackError, match='no stack file and no shipped stack is called "jung2022"; did you mean "jung2022-lito-ag"'):
        load_stack("jung2022")


def test_a_folder_is_no_stack(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no stack file and no shipped stack"):
        load_stack(tmp_path)
