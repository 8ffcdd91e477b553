"""What stands after ``material:`` in a stack, and what a Material answers: shapes, signs, ranges, names, errors."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics._yaml import read_yaml
from qdphotonics.errors import MaterialError, StackError
from qdphotonics.materials import Material, list_materials, load_material, material_from_spec
from qdphotonics.materials.dispersion import Cauchy, Constant

MIX = {"mix": [{"material": "ITO", "fraction": 0.33}, {"material": {"n": 1.46}, "fraction": 0.67}], "rule": "bruggeman"}


def test_every_form_of_the_stack_contract() -> None:
    """DESIGN.md section 5, line by line."""
    assert material_from_spec("L-ITO").name == "L-ITO"
    assert material_from_spec({"n": 1.6}).index(630) == 1.6
    assert material_from_spec({"n": 1.6, "k": 1.0e-3}).index(630) == 1.6 + 0.001j
    assert material_from_spec({"n": 1.6, "alpha_per_cm": 161}).index(630) == pytest.approx(1.6 + 8.07154e-4j)
    assert material_from_spec({"n": 1.85, "gain_per_cm": 780}).index(630) == pytest.approx(1.85 - 780 * 630e-7 / (4 * np.pi) * 1j)
    assert material_from_spec({"database": "main/Ag/Johnson"}).index(630) == load_material("Ag").index(630)
    assert 1.5 < material_from_spec(MIX).index(630).real < 1.6


def test_uniaxial_in_place() -> None:
    film = material_from_spec({"n_o": 1.7, "n_e": 1.9, "k_e": 0.01})
    assert film.is_uniaxial
    assert film.index(630) == 1.7
    assert film.index_extraordinary(630) == 1.9 + 0.01j
    assert film.dindex_extraordinary_dwavelength(630) == 0


def test_uniaxial_of_two_materials() -> None:
    """A form of its own: ordinary and extraordinary index by any other form; valid where both are."""
    film = material_from_spec({"uniaxial": {"ordinary": "SiO2", "extraordinary": {"database": "main/Ag/Johnson"}}})
    assert film.index(600) == load_material("SiO2").index(600)
    assert film.index_extraordinary(600) == load_material("Ag").index(600)
    assert film.dindex_extraordinary_dwavelength(600) == load_material("Ag").dindex_dwavelength(600)
    assert film.valid_nm == (210, 1937)
    with pytest.raises(MaterialError, match="must be isotropic to be combined"):
        material_from_spec(
            {"mix": [{"material": {"n_o": 1.7, "n_e": 1.9}, "fraction": 0.5}, {"material": "air", "fraction": 0.5}], "rule": "linear"}
        )


def test_isotropic_extraordinary_equals_ordinary() -> None:
    glass = load_material("glass")
    assert not glass.is_uniaxial
    assert glass.index_extraordinary(600) == glass.index(600)
    assert glass.dindex_extraordinary_dwavelength(600) == glass.dindex_dwavelength(600)


def test_table_in_place_by_k_and_by_loss() -> None:
    """k at the points is alpha lambda/4 pi of each point; one number stands for all of them."""
    columns: dict[str, object] = {"wavelength_nm": [500, 600, 700], "n": [1.9, 1.8, 1.75]}
    by_k = material_from_spec({"table": {**columns, "k": [0.01, 0.02, 0.0]}})
    assert by_k.index([550, 600, 650]) == pytest.approx([1.85 + 0.015j, 1.8 + 0.02j, 1.775 + 0.01j])
    assert by_k.valid_nm == (500, 700)
    by_loss = material_from_spec({"table": {**columns, "alpha_per_cm": [100, 200, 300]}})
    assert by_loss.index(600).imag == pytest.approx(200 * 600e-7 / (4 * np.pi))
    everywhere = material_from_spec({"table": {**columns, "alpha_per_cm": 100}})
    assert everywhere.index(537).imag == pytest.approx(100 * 537e-7 / (4 * np.pi))
    assert material_from_spec({"table": {**columns, "k": 0}}).index(650) == pytest.approx(1.775)
    smooth = material_from_spec({"table": {**columns, "k": 0, "interpolation": "pchip"}})
    assert 1.7 < smooth.index(650).real < 1.775


def test_formulas_in_place() -> None:
    silica = {
        "terms": [{"strength": s, "wavelength_nm": w} for s, w in ((0.6961663, 68.4043), (0.4079426, 116.2414), (0.8974794, 9896.161))]
    }
    assert material_from_spec({"sellmeier": silica}).index(632.8) == pytest.approx(1.457018, abs=1e-6)
    assert material_from_spec({"sellmeier": {**silica, "k": 0.001}}).index(632.8).imag == 0.001
    assert material_from_spec({"cauchy": {"A": 1.5, "B_um2": 0.004, "C_um4": 1e-4, "alpha_per_cm": 5}}).index(500).real == pytest.approx(
        1.5176
    )
    metal = material_from_spec({"drude_lorentz": {"epsilon_infinity": 4, "drude": [{"plasma_eV": 9, "damping_eV": 0.02}]}})
    assert (complex(metal.index(600)) ** 2).real < -10


@pytest.mark.parametrize("name", list_materials())
def test_shapes_are_kept(name: str) -> None:
    material = load_material(name)
    assert material.valid_nm is not None
    middle = sum(material.valid_nm) / 2
    for shape in ((), (1,), (3,), (2, 3), (0,)):
        at = np.full(shape, middle)
        for values in (material.index(at), material.dindex_dwavelength(at), material.index_extraordinary(at)):
            assert np.shape(values) == shape
            assert values.dtype == complex
    assert material.index([middle, middle])[1] == material.index(middle)


@pytest.mark.parametrize("wrong", [0, -630, float("nan"), float("inf"), [600, -1], "red", None, 630 + 1j])
def test_wavelengths_must_be_finite_and_positive(wrong: object) -> None:
    with pytest.raises(MaterialError, match=r'material "L-ITO" needs (finite wavelengths > 0 nm|wavelengths in nm)'):
        load_material("L-ITO").index(wrong)  # type: ignore[arg-type]


@given(st.floats(1, 399.9) | st.floats(800.1, 1e6))
def test_out_of_range_says_range_and_material(wavelength: float) -> None:
    film = load_material("ccg-QD film")
    for ask in (film.index, film.index_extraordinary, film.dindex_dwavelength, film.dindex_extraordinary_dwavelength):
        with pytest.raises(MaterialError, match=r'"ccg-QD film" is known for 400 to 800 nm, got'):
            ask([600, wavelength])


def test_the_ends_of_a_range_belong_to_it() -> None:
    """Also after a conversion: 0.1879 um and 1.937 um times 1000, and an energy taken there and back."""
    from qdphotonics import units

    silver = load_material("Ag")
    for end in (187.9, 1937.0):
        assert silver.index(end) == pytest.approx(silver.index(units.wavelength_nm(units.photon_energy_eV(end) * (1 - 1e-15))), rel=1e-6)


def test_a_formula_beyond_its_poles_is_refused() -> None:
    """Sellmeier with n^2 < 0, a reststrahlen band: no index, rather than n = 0 or nan."""
    band = material_from_spec({"sellmeier": {"terms": [{"strength": 1.0, "wavelength_nm": 600}]}})
    with pytest.raises(MaterialError, match="has no index > 0 at 590 nm"):
        band.index(590)
    assert band.index(1000).real > 1
    with pytest.raises(MaterialError, match="has no index > 0"):
        material_from_spec({"cauchy": {"A": -1}}).index(600)


def test_local_names_come_first_and_may_name_others(tmp_path: Path) -> None:
    local: dict[str, Any] = {
        "Ag": {"n": 0.05, "k": 4},
        "my electrode": "Ag",
        "blend": {"mix": [{"material": "Ag", "fraction": 0.5}, {"material": "air", "fraction": 0.5}], "rule": "linear"},
    }
    assert material_from_spec("Ag", local=local).index(600) == 0.05 + 4j
    electrode = material_from_spec("my electrode", local=local)
    assert electrode.name == "my electrode"
    assert electrode.index(600) == 0.05 + 4j
    assert material_from_spec("blend", local=local).index(600).imag > 2
    assert material_from_spec("Al", local=local, folders=[tmp_path]) == load_material("Al")


def test_errors_are_of_the_documents_type_with_its_line(tmp_path: Path) -> None:
    """A stack's mistake is a StackError that tells the stack's line, the layer and the field."""
    file = tmp_path / "stack.yaml"
    parts = "        - {material: glas, fraction: 1}\n        - {material: air, fraction: 0}\n"
    file.write_text(f"layers:\n  - name: QD\n    material:\n      mix:\n{parts}      rule: linear\n")
    document = read_yaml(file, StackError)
    with pytest.raises(StackError) as problem:
        material_from_spec(document.at(("layers", 0, "material")), document=document, loc=("layers", 0, "material"))
    told = 'layers[0] "QD".material.mix[0]: material must be a known material, got "glas"; did you mean "glass"?'
    assert str(problem.value) == f"{file}:5: {told}"


def test_circles_are_refused(tmp_path: Path) -> None:
    """Through local names and through files; by which way is told."""
    circles: list[dict[str, Any]] = [
        {"a": "b", "b": "a"},
        {"a": "a"},
        {"a": {"uniaxial": {"ordinary": "b", "extraordinary": "air"}}, "b": "a"},
    ]
    for local in circles:
        with pytest.raises(MaterialError, match='must not lead back to the material itself: "a" → '):
            material_from_spec("a", local=local)
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.yaml").write_text(
            f"name: {name}\nsource: here\nmix: [{{material: {other}, fraction: 0.5}}, {{material: air, fraction: 0.5}}]\nrule: linear\n"
        )
    with pytest.raises(MaterialError, match=r'two\.yaml:3: .*"one" → "two" → "one"'):
        load_material("one", [tmp_path])
    layered = {"SiO2": {"mix": [{"material": "L-ITO mixture", "fraction": 0.5}, {"material": "air", "fraction": 0.5}], "rule": "linear"}}
    assert material_from_spec("SiO2", local=layered).index(630).real < 1.4, "the shipped mixture's SiO2 is another one: no circle"


def test_a_material_survives_pickling_and_is_frozen() -> None:
    """Sweeps send materials to other processes."""
    for name in list_materials():
        material = load_material(name)
        copy: Material = pickle.loads(pickle.dumps(material))
        assert material.valid_nm is not None
        at = sum(material.valid_nm) / 2
        assert copy.index(at) == material.index(at)
        assert copy.source == material.source
    with pytest.raises(AttributeError):
        load_material("Ag").name = "Au"  # type: ignore[misc]
    assert hash(load_material("Ag")) == hash(load_material("Ag"))


def test_a_shift_is_added_to_both_indices_at_every_wavelength() -> None:
    """n + by; to the rounding of a sum of order 2. What else the material knows stays."""
    crystal = Material("crystal", Cauchy(1.7, 0.02), Constant(1.9 + 0.01j), valid_nm=(500.0, 700.0))
    shifted, at = crystal.shifted(0.02), np.array([500.0, 600.0, 700.0])
    np.testing.assert_allclose(shifted.index(at) - crystal.index(at), 0.02, rtol=1e-13)
    np.testing.assert_allclose(shifted.index_extraordinary(at) - crystal.index_extraordinary(at), 0.02, rtol=1e-13)
    np.testing.assert_array_equal(shifted.dindex_dwavelength(at), crystal.dindex_dwavelength(at))
    assert (shifted.name, shifted.valid_nm) == ("crystal", (500.0, 700.0))
