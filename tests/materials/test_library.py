"""The shipped library: every file loads, says where its values come from, and holds the values that the papers give."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from qdphotonics import load_stack, units
from qdphotonics._data import data_folder
from qdphotonics.errors import MaterialError
from qdphotonics.materials import Material, database, list_materials, load_material, material_from_spec

NAMES = list_materials()
NEEDED = (
    "L-ITO", "L-ITO mixture", "ITO", "ITO Konig", "ZnO", "cg-QD film", "ccg-QD film", "CdSe/ZnCdS film", "quantum-shell film",
    "TCTA", "NPB", "CBP", "Spiro-2NPB", "TFB", "HAT-CN", "MoOx", "PEDOT:PSS", "Ag", "Al", "Au", "Nb2O5", "SiO2", "SiO2 film", "TiO2",
    "Ta2O5", "Si3N4", "glass", "soda-lime", "PMMA", "LiF", "graphene", "CsPbBr3", "PbS", "PbS-QD film", "Si", "air",
    "Spiro-NPB", "sapphire",
)  # fmt: skip
GAIN_LAYERS = ("cg-QD film", "ccg-QD film", "CdSe/ZnCdS film", "quantum-shell film", "PbS-QD film")
STEP_NM = 1e-3  # of central differences: rounding 1e-16·10/1e-3 = 1e-12, truncation below 1e-9 per nm away from a table's points
CORNER = 1e-2  # nm kept from a table's points, where a straight line has no derivative


def loss_per_cm(name: str, wavelength_nm: float) -> float:
    return units.loss_per_cm(complex(load_material(name).index(wavelength_nm)).imag, wavelength_nm)


def inside(material: Material) -> np.ndarray:
    """Wavelengths within the material's range, off the round numbers at which tables have their points."""
    assert material.valid_nm is not None
    low, high = material.valid_nm
    return np.geomspace(low, high, 203)[1:-1] + 0.0137


def test_all_needed_materials_are_there() -> None:
    assert set(NAMES) == set(NEEDED)
    assert list(NAMES) == sorted(NAMES, key=str.casefold)


@pytest.mark.parametrize("name", NAMES)
def test_every_material_has_a_source_a_range_and_is_passive(name: str) -> None:
    material = load_material(name)
    assert material.name == name
    assert len(material.source) > 10
    assert material.valid_nm is not None
    index = material.index(inside(material))
    assert index.dtype == complex
    assert np.all(index.real > 0)
    assert np.all(index.imag >= 0)
    assert not material.is_uniaxial


@pytest.mark.parametrize("name", NAMES)
def test_derivative_of_every_material_is_exact(name: str) -> None:
    """dn/dlambda against a central difference at 200 wavelengths; a table's corners may fall within the step, so the
    difference may be off at as many places as points that near are to be expected, 5 % at most."""
    material = load_material(name)
    at = inside(material)
    at = at[(at > material.valid_nm[0] + STEP_NM) & (at < material.valid_nm[1] - STEP_NM)] if material.valid_nm else at
    difference = (material.index(at + STEP_NM) - material.index(at - STEP_NM)) / (2 * STEP_NM)
    error = np.abs(material.dindex_dwavelength(at) - difference)
    assert np.mean(error > 1e-9 + 1e-6 * np.abs(difference)) <= 0.05
    assert np.median(error) < 1e-10


@pytest.mark.parametrize("name", NAMES)
def test_a_value_without_a_source_says_assumed_and_its_range(name: str) -> None:
    """``source`` starts with "assumed" exactly where a range is given for n, but for ZnO, whose value has a source and
    whose range is that of porous films; the value lies within the range."""
    material = load_material(name)
    if name != "ZnO":
        assert material.source.startswith("assumed") == ("n" in material.assumed)
    for key, (low, high) in material.assumed.items():
        assert low < high
        if key == "n":
            assert material.valid_nm is not None
            assert low <= material.index(material.valid_nm[0]).real <= high


@pytest.mark.parametrize("name", [name for name in NAMES if load_material(name).form == "database"])
def test_the_doi_of_a_database_material_is_its_pages(name: str) -> None:
    """The page named in ``source`` is the one read, and its reference holds the same DOI (three pages give none)."""
    material = load_material(name)
    named = re.search(r"refractiveindex\.info (\S+):", material.source)
    assert named is not None
    assert material.file is not None
    assert f"database: {named[1]}\n" in material.file.read_text(encoding="utf-8")
    doi = re.search(r"doi (10\.[^\s,]+)", material.source)
    if name in ("PMMA", "glass", "sapphire"):
        assert "doi" not in database.read_page(named[1]).references
    else:
        assert doi is not None
        assert doi[1].lower() in database.read_page(named[1]).references.lower()


def test_visible_spectra_are_possible() -> None:
    """``spectrum jung2022-lito-ag --wavelengths 400:800`` and the other published stacks must not leave a range."""
    visible = np.linspace(400, 800, 401)
    for name in (
        "glass", "L-ITO", "ccg-QD film", "Spiro-2NPB", "HAT-CN", "Ag", "air", "cg-QD film", "ITO", "ZnO",
        "TCTA", "TFB", "MoOx", "Al", "Nb2O5", "SiO2", "PEDOT:PSS",
    ):  # fmt: skip
        assert np.isfinite(load_material(name).index(visible)).all(), name


def test_gain_layers_hold_background_loss_only() -> None:
    for name in GAIN_LAYERS:
        material = load_material(name)
        assert "Background only" in material.note
        np.testing.assert_array_equal(material.index(inside(material)).imag, 0)


def test_reported_losses() -> None:
    """PHYSICS M1 and M4 in cm^-1, at 600 nm but for ZnO, 610 nm. Tolerance: the two digits that the reviews print
    (1.3e6, 6.8e5, 8.4e5), exact where the value was put in, 0.1 % where they quote a page with four digits."""
    assert loss_per_cm("L-ITO", 630) == pytest.approx(161)
    assert loss_per_cm("ITO", 600) == pytest.approx(652)
    assert loss_per_cm("ITO Konig", 600) == pytest.approx(652, rel=1e-3)
    assert loss_per_cm("ZnO", 610) == pytest.approx(4.6)
    assert loss_per_cm("MoOx", 600) == pytest.approx(3153, rel=1e-3)
    assert loss_per_cm("Ag", 600) == pytest.approx(8.4e5, rel=6e-3)
    assert loss_per_cm("Au", 600) == pytest.approx(6.8e5, rel=8e-3)
    assert loss_per_cm("Al", 600) == pytest.approx(1.3e6, rel=4e-2)


def test_reported_indices() -> None:
    """PHYSICS M1, M1b, M2 and section 6: values put in are exact, ranges are ranges."""
    assert load_material("L-ITO").index(630).real == pytest.approx(1.6)
    assert load_material("ITO").index(600).real == pytest.approx(1.8)
    assert load_material("ITO Konig").index(600).real == pytest.approx(1.8, abs=0.02)
    assert load_material("ZnO").index(600).real == pytest.approx(2.0)
    assert load_material("Nb2O5").index(632.8).real == pytest.approx(2.322, abs=5e-4)
    assert load_material("SiO2").index(632.8).real == pytest.approx(1.457, abs=5e-4)
    assert load_material("soda-lime").index(632.8).real == pytest.approx(1.521, abs=1e-3)
    assert load_material("PMMA").index(632.8).real == pytest.approx(1.488, abs=1e-3)
    assert load_material("TCTA").assumed["n"] == (1.72, 1.79)


def test_glass_transitions() -> None:
    """PHYSICS H2 [degrees Celsius]; Spiro-2NPB and TFB are assumed."""
    temperatures = {name: load_material(name).glass_transition_C for name in ("CBP", "NPB", "Spiro-NPB", "TCTA")}
    assert temperatures == {"CBP": 62, "NPB": 98, "Spiro-NPB": 126, "TCTA": 151}
    for name in ("Spiro-2NPB", "TFB"):
        low, high = load_material(name).assumed["glass_transition_C"]
        assert low <= (load_material(name).glass_transition_C or 0) <= high


def test_thermal_properties_of_the_shipped_stacks() -> None:
    """Every named material of a shipped stack that has a current says how it conducts and stores heat, with a source;
    glass and sapphire 1.1 and 25 W/mK (Nat. Photonics 15, 643 (2021)). Volume heat capacities of all solids lie within a
    factor of two of 2 J/cm^3K; a slip of units would not."""
    for file in sorted(data_folder("stacks").glob("*.yaml")):
        stack = load_stack(file)
        if stack.drive is None:
            continue
        for material in (stack.substrate, *(layer.material for layer in stack.layers)):
            assert material.thermal is not None, (file.name, material.name)
            assert 1.0 < material.thermal.heat_capacity_J_per_cm3K < 4.0
            assert 0.05 < material.thermal.conductivity_W_per_mK < 500
            assert material.thermal.source
    values = [load_material(name).thermal for name in ("glass", "sapphire")]
    assert [heat.conductivity_W_per_mK for heat in values if heat is not None] == [1.1, 25]
    assert load_material("air").thermal is None


def test_the_mixture_explains_the_reported_l_ito() -> None:
    """Two parts SiO2 to one of ITO by Bruggeman: n within 0.04 of the reported 1.6, the loss a third of ITO's as in the
    review (652/3 = 217), which reports 161 cm^-1 elsewhere: within 30 %."""
    mixture, reported = load_material("L-ITO mixture"), load_material("L-ITO")
    assert mixture.index(630).real == pytest.approx(reported.index(630).real, abs=0.04)
    assert loss_per_cm("L-ITO mixture", 600) == pytest.approx(652 / 3, rel=0.1)
    assert loss_per_cm("L-ITO mixture", 630) == pytest.approx(161, rel=0.3)


def test_graphene_absorbs_the_universal_share() -> None:
    """One layer of 0.335 nm in air absorbs k0 d Im(eps), pi·alpha = 2.29 % in theory: 2.3 to 2.6 % in the measured film at
    600 nm, where the exciton at 270 nm still adds to it."""
    epsilon = complex(load_material("graphene").index(600)) ** 2
    assert 0.0229 < 2 * np.pi / 600 * 0.335 * epsilon.imag < 0.026


def test_file_names_follow_the_names() -> None:
    """A reader finds a material's file by its name in lower case, anything but letters and digits as a hyphen."""
    for name in NAMES:
        file = load_material(name).file
        assert file is not None
        assert file.stem == re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def test_unknown_name_says_the_nearest() -> None:
    with pytest.raises(MaterialError, match=r'there is no material "LITO"; did you mean "L-ITO"') as problem:
        load_material("LITO")
    assert problem.value.file is None


def test_own_folder_comes_before_the_shipped_files(tmp_path: Path) -> None:
    (tmp_path / "silver.yaml").write_text("name: Ag\nsource: cold silver\nvalid_nm: [500, 700]\nconstant: {n: 0.03, k: 4.3}\n")
    assert load_material("Ag", [tmp_path]).index(600) == 0.03 + 4.3j
    assert load_material("Ag").index(600) != 0.03 + 4.3j
    assert "Ag" in list_materials([tmp_path])
    assert load_material("glass", [tmp_path]) == load_material("glass")


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    """Materials are kept by file, time and size: a notebook that edits a file sees the change, also within a mixture."""
    import os

    part, whole = tmp_path / "part.yaml", tmp_path / "whole.yaml"
    part.write_text("name: part\nsource: here\nvalid_nm: [500, 700]\nconstant: {n: 1.5}\n")
    whole.write_text("name: whole\nsource: here\nmix: [{material: part, fraction: 0.5}, {material: part, fraction: 0.5}]\nrule: linear\n")
    assert load_material("whole", [tmp_path]).index(600) == pytest.approx(1.5)
    part.write_text("name: part\nsource: here\nvalid_nm: [500, 700]\nconstant: {n: 1.7}\n")
    os.utime(part, ns=(10**18, 10**18))
    assert load_material("whole", [tmp_path]).index(600) == pytest.approx(1.7)


def test_a_shipped_file_does_not_see_the_users_names(tmp_path: Path) -> None:
    """``L-ITO mixture`` is made of the shipped SiO2, whatever a user calls SiO2; a user's mixture is made of the user's."""
    (tmp_path / "x.yaml").write_text("name: SiO2\nsource: porous\nvalid_nm: [300, 900]\nconstant: {n: 1.2}\n")
    (tmp_path / "m.yaml").write_text(
        "name: mine\nsource: here\nmix: [{material: SiO2, fraction: 0.5}, {material: air, fraction: 0.5}]\nrule: linear\n"
    )
    assert load_material("L-ITO mixture", [tmp_path]).index(630) == load_material("L-ITO mixture").index(630)
    assert load_material("mine", [tmp_path]).index(630).real == pytest.approx((0.5 * 1.44 + 0.5) ** 0.5)


def test_a_mixture_of_names_may_stand_in_another_material() -> None:
    """Without a warning of the schema's on the terminal, and told in the material's name as it was written."""
    parts = [{"material": "ITO Konig", "fraction": 0.5}, {"material": "SiO2", "fraction": 0.5}]
    mixture = {"mix": parts, "rule": "linear"}
    inner, outer = material_from_spec(mixture), material_from_spec({"uniaxial": {"ordinary": mixture, "extraordinary": "SiO2"}})
    assert outer.index(630) == inner.index(630)
    assert "ITO Konig" in inner.name


def test_a_file_can_be_loaded_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "my film.yaml"
    file.write_text("# a film\nname: 'my film'  # quoted\nsource: here\nvalid_nm: [500, 700]\nconstant: {n: 1.5}\n")
    assert load_material(str(file)).name == "my film"
    assert load_material("my film", [tmp_path]).index(600) == 1.5


def test_the_readme_shows_what_works(tmp_path: Path) -> None:
    """Every YAML block of materials/README.md: the first as a file, each of the others as a file and in place."""
    from qdphotonics._data import data_folder
    from qdphotonics._yaml import read_yaml
    from qdphotonics.materials import material_from_spec

    first, *others = re.findall(r"```yaml\n(.*?)```", (data_folder("materials") / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "film.yaml"
    file.write_text(first)
    assert load_material(str(file)).assumed == {"n": (1.8, 1.9)}
    assert len(others) == 7
    for block in others:
        file.write_text(block)
        document = read_yaml(file, MaterialError)
        index = material_from_spec(document.data, document=document).index(600)
        file.write_text("name: film\nsource: here\nvalid_nm: [500, 700]\n" + block)
        assert load_material(str(file)).index(600) == index
