"""Bulk compounds: what is shipped and from where, alloys, and what a malformed file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdphotonics._data import data_folder
from qdphotonics.errors import ArgumentError, MaterialError
from qdphotonics.gain.states import Compound, alloy, list_compounds, load_compound

SHIPPED = data_folder("materials") / "compounds"


def test_shipped() -> None:
    """The compounds of Chem. Rev. 2023, Fig. 1b, and those that shells and cubes are made of."""
    assert list_compounds() == ("CdS", "CdSe", "CdTe", "CsPbBr3", "InP", "PbS", "PbSe", "ZnS", "ZnSe")


@pytest.mark.parametrize("name", list_compounds())
def test_every_number_has_a_source(name: str) -> None:
    """Each number of a compound has a source; each assumed range holds its value; the optical constant is the smaller."""
    compound = load_compound(name)
    numbers = {key for key in compound.__dataclass_fields__ if isinstance(getattr(compound, key), float)}
    assert numbers == set(compound.sources)
    for key, (low, high) in compound.assumed.items():
        assert low <= getattr(compound, key) <= high
    assert compound.optical_dielectric < compound.static_dielectric
    assert compound.conduction_edge_eV - compound.valence_edge_eV == pytest.approx(compound.gap_eV)


def test_bulk_exciton_of_the_perovskite() -> None:
    """Rydberg mu/epsilon^2 of CsPbBr3: 33 meV measured (Yang et al. 2017) by the mass and constant that they give together; +-1 meV."""
    assert load_compound("CsPbBr3").binding_energy_eV() == pytest.approx(0.033, abs=0.001)


def test_offsets_make_the_known_types() -> None:
    """Signs of the offsets: CdSe in CdS a well for both, CdS/ZnSe staggered by 0.70 and 0.43 eV. Exact: differences of inputs."""
    sulfide, selenide, zinc = load_compound("CdS"), load_compound("CdSe"), load_compound("ZnSe")
    assert sulfide.conduction_edge_eV > selenide.conduction_edge_eV
    assert sulfide.valence_edge_eV < selenide.valence_edge_eV
    assert zinc.conduction_edge_eV - sulfide.conduction_edge_eV == pytest.approx(0.70)
    assert zinc.valence_edge_eV - sulfide.valence_edge_eV == pytest.approx(0.43)


def test_alloys() -> None:
    """E_g(x) = (1-x) E_1 + x E_2 - b x (1-x), in either order; the ends are the compounds; the bowed band alone bends."""
    first, second = load_compound("CdSe"), load_compound("ZnSe")
    mixed = alloy(first, second, 0.3)
    assert mixed.gap_eV == pytest.approx(0.7 * 1.74 + 0.3 * 2.69 - 0.387 * 0.21, rel=1e-14)
    assert mixed.valence_edge_eV == pytest.approx(0.7 * first.valence_edge_eV + 0.3 * second.valence_edge_eV, rel=1e-14)
    turned = alloy(second, first, 0.7)
    assert turned.gap_eV == pytest.approx(mixed.gap_eV, rel=1e-14)
    assert turned.electron_affinity_eV == pytest.approx(mixed.electron_affinity_eV, rel=1e-14)
    assert alloy(first, second, 0) is first
    assert alloy(first, second, 1) is second
    anion = alloy(load_compound("CdS"), first, 0.5)
    assert anion.conduction_edge_eV == pytest.approx((-4.79 - 4.95) / 2, rel=1e-14)
    with pytest.raises(ArgumentError, match=r"Argument `fraction` must lie within 0 and 1, but it is 1\.2"):
        alloy(first, second, 1.2)


def test_unknown_name_tells_the_nearest() -> None:
    """A near miss gets suggestions, anything else the list."""
    with pytest.raises(MaterialError) as caught:
        load_compound("CdSse")
    assert str(caught.value).startswith('unknown compound "CdSse"; did you mean "CdS')
    with pytest.raises(MaterialError) as caught:
        load_compound("graphene")
    assert "known compounds: CdS, CdSe" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value: 1.74,", "value: -1.74,", "gap_eV.value must be > 0, got -1.74"),
        ("value: 1.74,", "value: 2.74,", "gap_eV must lie within its assumed range [1.66, 1.75], got 2.74"),
        ("electron_mass:", "elektron_mass:", 'unknown key "elektron_mass"; did you mean "electron_mass"'),
        ("value: 9.6, assumed: [9.3, 10.2]", "value: 5", "optical_dielectric.value must be ≤ static_dielectric (5), got 6.2"),
        ("band: conduction", "band: middle", "must be 'conduction' or 'valence'"),
        ("name: CdSe", "name: CdS", 'name must be the name of its file, "CdSe", got "CdS"'),
    ],
)
def test_malformed(tmp_path: Path, old: str, new: str, told: str) -> None:
    """One message with file, line, field, rule and value."""
    text = (SHIPPED / "CdSe.yaml").read_text("utf-8")
    assert old in text
    file = tmp_path / "CdSe.yaml"
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(MaterialError) as caught:
        load_compound(file)
    assert str(caught.value).startswith(f"{file}:")
    assert told in str(caught.value)


def test_a_project_folder_goes_first(tmp_path: Path) -> None:
    """A compound of one's own takes the place of the shipped one."""
    text = (SHIPPED / "InP.yaml").read_text("utf-8").replace("value: 1.344,", "value: 1.4,")
    (tmp_path / "InP.yaml").write_text(text, "utf-8")
    assert load_compound("InP", [tmp_path]).gap_eV == 1.4
    assert load_compound("InP").gap_eV == 1.344


def test_a_compound_is_checked_in_python_too() -> None:
    """No mass of zero."""
    with pytest.raises(MaterialError, match='compound "x": electron_mass must be > 0 and finite, got 0'):
        Compound("x", 1.0, 0.0, 1.0, 9.0, 5.0, 4.0, 0.6)
