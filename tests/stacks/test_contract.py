"""DESIGN.md section 5 to the letter: its example, and every form that it lets stand after ``material:``."""

from __future__ import annotations

from math import pi
from pathlib import Path

import numpy as np
import pytest

from qdphotonics.errors import StackError
from qdphotonics.stacks import Cavity, Drive, Grating, Stack, load_stack

EXAMPLE = """\
name: Low-loss QD-LED
reference: "who published it, DOI"
wavelength: 630            # nm; suffixes nm, um, µm, mm and, for wavelengths, eV
substrate: SiO2            # half-space below: a material, as for a layer
superstrate: air           # half-space above
layers:                    # bottom to top
  - {name: L-ITO, material: L-ITO, thickness: 250}
  - {name: QD, material: ccg-QD film, thickness: 95, role: gain}
  - repeat: 10
    layers:
      - {name: DBR-H, material: Nb2O5, thickness: {quarter_waves: 1, at: 640, n_eff: 0}}    # λ/(4·√(n² − n_eff²))
      - {name: DBR-L, material: SiO2, thickness: 110}
materials: {my film: {n: 1.9, k: 0.001}}                                   # optional, local names
gain: {medium: ccg-QD}                                                     # optional
grating: {layer: L-ITO, period: 390, depth: 30, duty: 0.5, order: 2}       # optional
cavity: {length_um: 500, facet_reflectivity: [0, 0]}                       # optional
drive: {current_density_A_per_cm2: 10, max_current_density_A_per_cm2: 0.2, # optional, and each key; or fluence_J_per_cm2
        voltage_V: 8, pulse_ns: 1000, period_ns: 1000000, area_um2: 9000, conductance_W_per_K: 4.8e-3, capacity_J_per_K: 1.9e-8}
"""

LAYER = """\
name: one layer
wavelength: 500
substrate: glass
superstrate: air
layers:
  - {{name: film, material: {material}, thickness: {thickness}}}
materials: {{my film: {{n: 1.9, k: 0.001}}}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "stack.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def one_layer(folder: Path, material: str = "{n: 1.6}", thickness: str = "100") -> Stack:
    return load_stack(written(folder, LAYER.format(material=material, thickness=thickness)))


def test_the_example_of_the_design_is_read_as_it_stands(tmp_path: Path) -> None:
    file = written(tmp_path, EXAMPLE)
    stack = load_stack(file)
    assert (stack.name, stack.reference, stack.wavelength_nm, stack.file) == ("Low-loss QD-LED", "who published it, DOI", 630.0, file)
    assert (stack.substrate.name, stack.superstrate.name, stack.medium) == ("SiO2", "air", "ccg-QD")
    reflector = [f"DBR-{kind}[{number}]" for number in range(10) for kind in "HL"]
    assert stack.layer_names == ("L-ITO", "QD", *reflector)
    assert stack.all_names == ("substrate", *stack.layer_names, "superstrate")
    assert stack.gain_layers == (1,)
    assert [layer.role for layer in stack.layers] == [None, "gain"] + [None] * 20
    assert stack.grating == Grating("L-ITO", 390, 30, 0.5, 2)
    assert stack.cavity == Cavity(500, (0, 0))
    assert stack.drive == Drive(10, 0.2, None, 8, 1000, 1000000, 9000, 4.8e-3, 1.9e-8)
    assert stack.layers[2].written_name == "DBR-H"
    high = stack.layers[2].material.index(640).real
    assert stack.thickness_nm.tolist() == pytest.approx([250, 95] + [640 / (4 * high), 110] * 10)


def test_the_optional_parts_may_be_left_out_or_empty(tmp_path: Path) -> None:
    for empty in ("", "gain:\ngrating:\ncavity:\ndrive:\n"):
        stack = load_stack(written(tmp_path, LAYER.format(material="air", thickness=1) + empty))
        assert (stack.medium, stack.grating, stack.cavity, stack.drive, stack.reference) == (None, None, None, None, "")
    stack = load_stack(written(tmp_path, LAYER.format(material="air", thickness=1) + "drive: {}\ncavity: {length_um: 3}\n"))
    assert (stack.drive, stack.cavity) == (Drive(), Cavity(3, (0, 0)))


@pytest.mark.parametrize(
    ("material", "index"),
    [
        ("{n: 1.6}", 1.6),
        ("{n: 1.6, k: 1.0e-3}", 1.6 + 0.001j),
        ("{n: 1.6, k: -1e-3}", 1.6 - 0.001j),
        ("{n: 1.6, alpha_per_cm: 161}", 1.6 + 161e-7 * 500 / (4 * pi) * 1j),
        ("{n: 1.85, gain_per_cm: 780}", 1.85 - 780e-7 * 500 / (4 * pi) * 1j),
        ("my film", 1.9 + 0.001j),
        ("{mix: [{material: {n: 2}, fraction: 0.25}, {material: {n: 1}, fraction: 0.75}], rule: linear}", np.sqrt(0.25 * 4 + 0.75)),
    ],
)
def test_every_way_to_write_an_isotropic_material(tmp_path: Path, material: str, index: complex) -> None:
    """n + ik at 500 nm; alpha = 4 pi k / lambda. 1e-12: a linear mixture averages n^2. 1e-12: arithmetic only."""
    stack = one_layer(tmp_path, material)
    assert stack.index()[1] == pytest.approx(index, abs=1e-12)
    assert np.array_equal(stack.index(), stack.index_extraordinary())
    assert not stack.is_uniaxial


def test_a_page_of_the_database_and_a_mixture_of_names(tmp_path: Path) -> None:
    """Johnson and Christy's silver at 500 nm: 0.05 + 3.1i; the mixture lies between its parts."""
    assert one_layer(tmp_path, "{database: main/Ag/Johnson}").index()[1] == pytest.approx(0.05 + 3.13j, abs=0.02)
    mixed = one_layer(tmp_path, "{mix: [{material: ITO, fraction: 0.33}, {material: SiO2, fraction: 0.67}], rule: bruggeman}")
    assert 1.46 < mixed.index()[1].real < 1.8


def test_a_uniaxial_material_has_two_indices(tmp_path: Path) -> None:
    stack = one_layer(tmp_path, "{n_o: 1.7, n_e: 1.9}")
    assert (stack.index()[1], stack.index_extraordinary()[1], stack.is_uniaxial) == (1.7, 1.9, True)


@pytest.mark.parametrize(
    ("thickness", "nm"),
    [("250", 250), ("250 nm", 250), ("0.25um", 250), ("0.25 µm", 250), ("0.25 μm", 250), ("1e-3 mm", 1000), ("2.5e2", 250), ("010", 10)],
)
def test_suffixes_of_lengths(tmp_path: Path, thickness: str, nm: float) -> None:
    assert one_layer(tmp_path, thickness=thickness).thickness_nm[0] == pytest.approx(nm, rel=1e-15)


@pytest.mark.parametrize(("wavelength", "nm"), [("620", 620), ("2 eV", 619.920992), ("0.62 um", 620), ("1.8e0eV", 688.801102)])
def test_suffixes_of_wavelengths(wavelength: str, nm: float) -> None:
    """lambda = h c / E with h c / e = 1239.8419843 eV nm (SI of 2019); six decimals."""
    assert load_stack("jung2022-lito-ag", [f"wavelength={wavelength}"]).wavelength_nm == pytest.approx(nm, abs=1e-6)


@pytest.mark.parametrize(("waves", "n_eff"), [(1, 0), (3, 0.5), (0.5, 1.59)])
def test_quarter_waves_are_resonant_at_the_mode_they_are_made_for(tmp_path: Path, waves: float, n_eff: float) -> None:
    """k_z d = waves * pi / 2 with k_z = 2 pi / lambda * sqrt(n^2 - n_eff^2), here at 0.64 um; arithmetic only, so 1e-12."""
    stack = one_layer(tmp_path, "{n: 1.6}", f"{{quarter_waves: {waves}, at: 0.64 um, n_eff: {n_eff}}}")
    phase = 2 * pi / 640 * np.sqrt(1.6**2 - n_eff**2) * stack.thickness_nm[0]
    assert phase == pytest.approx(waves * pi / 2, rel=1e-12)


def test_quarter_waves_take_the_index_at_their_own_wavelength(tmp_path: Path) -> None:
    """A dispersive layer made for 640 nm keeps its thickness when the stack is looked at elsewhere."""
    stack = one_layer(tmp_path, "{database: main/SiO2/Malitson, k: 0}", "{quarter_waves: 1, at: 640}")
    assert stack.thickness_nm[0] == pytest.approx(640 / (4 * 1.4568), rel=1e-4)  # n(640 nm) of Malitson's formula
    assert stack.changed({"wavelength": 400}).thickness_nm[0] == stack.thickness_nm[0]


def test_names_are_sought_in_the_stack_then_beside_the_file_then_among_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "materials").mkdir()
    for name, n in (("SiO2", 3.5), ("my film", 4.5)):
        text = f'name: {name}\nsource: "made up"\nvalid_nm: [100, 2000]\nconstant: {{n: {n}, k: 0}}\n'
        (tmp_path / "materials" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert one_layer(tmp_path, "my film").index()[1] == 1.9 + 0.001j
    assert one_layer(tmp_path, "SiO2").index()[1] == 3.5
    assert one_layer(tmp_path, "TCTA").index()[1].real == pytest.approx(1.75, abs=0.05)


def test_nested_repeats_are_counted_outermost_first(tmp_path: Path) -> None:
    text = """\
name: nested
wavelength: 600
substrate: glass
superstrate: air
layers:
  - repeat: 2
    layers:
      - repeat: 3
        layers: [{name: A, material: {n: 1.5}, thickness: 1}]
      - {name: B, material: {n: 2}, thickness: 2}
"""
    stack = load_stack(written(tmp_path, text))
    first = ("A[0][0]", "A[0][1]", "A[0][2]", "B[0]")
    assert stack.layer_names == (*first, *(name.replace("[0", "[1", 1) for name in first))
    assert stack.interfaces_nm.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 10]


def test_an_incoherent_layer_is_marked(tmp_path: Path) -> None:
    text = LAYER.format(material="glass", thickness="1 mm, coherent: false")
    assert [layer.coherent for layer in load_stack(written(tmp_path, text)).layers] == [False]
    assert [layer.coherent for layer in one_layer(tmp_path).layers] == [True]


def test_what_a_file_would_hold_can_be_given_in_python() -> None:
    mapping = {
        "name": "film",
        "wavelength": "2 eV",
        "substrate": "glass",
        "superstrate": {"n": 1},
        "layers": [{"name": "film", "material": {"n": 1.6}, "thickness": 100}],
    }
    assert load_stack(mapping).index()[1] == 1.6
    with pytest.raises(StackError) as caught:
        load_stack(mapping, {"layers.film.thickness": -1})
    assert str(caught.value) == 'layers[0] "film": thickness must be > 0 nm, got -1 (changed by layers.film.thickness=-1)'
