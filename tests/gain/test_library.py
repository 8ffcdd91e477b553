"""Media files: what is shipped (G10), where media are sought, and what a malformed file is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qdphotonics._data import data_folder
from qdphotonics.errors import MediumError
from qdphotonics.gain import list_media, load_medium
from tests.gain.malformed_media import GOOD, LONG, MALFORMED, MALFORMED_LONG

SHIPPED = data_folder("materials") / "gain"


MEDIA = (
    *("CdS-ZnSe", "CdSe", "CdSe-nanoplatelet", "CsPbBr3", "PbS", "PbS-doped"),
    *("ccg-QD", "cg-QD", "g-QD", "quantum-shell", "quantum-shell-large"),
)


def test_what_is_shipped() -> None:
    """The media of the issue; quantum shells in the two sizes of Nazar et al. (2025)."""
    assert list_media() == MEDIA


@pytest.mark.parametrize("name", MEDIA)
def test_every_value_has_a_source_and_assumptions_name_fields(name: str) -> None:
    """Each number of a medium has a source or is computed from numbers that have; each assumed range holds its value.

    The ends of the ranges are met to rounding, where a number is computed from the one of the file.
    """
    medium = load_medium(name)
    computed = {"geometric_cross_section_cm2", "biexciton_lifetime_ns", "auger_ps_per_nm3", "volume_nm3", "temperature_K"}
    numbers = {key for key in medium.__dataclass_fields__ if isinstance(getattr(medium, key), float)} - {"permanent_charge"}
    assert numbers - computed <= set(medium.sources)
    for line in medium.lines:
        for key in ("energy_eV", "gain_per_cm", "homogeneous_fwhm_meV", "inhomogeneous_fwhm_meV"):
            assert f"{line.name} {key}" in medium.sources or name == "CdSe"
    assert medium.assumed
    for key, (low, high) in medium.assumed.items():
        assert low * (1 - 1e-12) <= medium.quantity(key) <= high * (1 + 1e-12) or low <= 0, key
    for text in medium.sources.values():
        assert len(text) >= 5


@pytest.mark.parametrize("name", MEDIA)
def test_every_medium_tells_where_it_holds(name: str) -> None:
    """A range of photon energies around every line, of temperatures around 300 K, of fillings beyond transparency."""
    medium = load_medium(name)
    assert medium.valid is not None
    assert medium.valid_nm is not None
    low, high = medium.valid.energy_eV
    assert all(low < line.energy_eV < high for line in medium.lines)
    assert medium.valid_nm[0] < medium.gain_wavelength_nm < medium.valid_nm[1]
    assert medium.valid.excitons_per_dot > medium.transparency_excitons()
    assert medium.warnings(medium.gain_wavelength_nm, 300.0, medium.transparency_excitons()) == ()


def test_radius_and_cross_section_agree() -> None:
    """cg-QD: pi R^2 of the radius of Chem. Rev. Fig. 6, 2 + 7 + 0.4 nm, is the 3e-12 cm^2 of Jung et al. within 8 %."""
    assert load_medium("cg-QD").radius_nm == pytest.approx(9.4, rel=0.04)
    assert load_medium("ccg-QD").geometric_cross_section_cm2 == pytest.approx(1.131e-12, rel=1e-3)


def test_unknown_name_tells_the_nearest() -> None:
    """A near miss gets suggestions, anything else the list."""
    with pytest.raises(MediumError) as caught:
        load_medium("ccgQD")
    assert str(caught.value) == 'unknown gain medium "ccgQD"; did you mean "ccg-QD" or "cg-QD" or "g-QD"?'
    with pytest.raises(MediumError) as caught:
        load_medium("../CdSe")
    assert str(caught.value).startswith('unknown gain medium "../CdSe"')
    with pytest.raises(MediumError) as caught:
        load_medium("perovskite")
    assert str(caught.value) == f'unknown gain medium "perovskite"; known media: {", ".join(MEDIA)}'


def test_a_project_folder_goes_first(tmp_path: Path) -> None:
    """A medium beside the stack shadows the shipped one; a path is taken as it is."""
    text = (SHIPPED / "cg-QD.yaml").read_text(encoding="utf-8").replace("value: 200, source: \"[B]", "value: 300, source: \"[B]")
    (tmp_path / "cg-QD.yaml").write_text(text, encoding="utf-8")
    assert load_medium("cg-QD", [tmp_path]).material_gain_per_cm == 300
    assert load_medium("cg-QD", [tmp_path / "none"]).material_gain_per_cm == 200
    assert load_medium("CdSe", [tmp_path]).name == "CdSe"
    assert load_medium(tmp_path / "cg-QD.yaml").file == tmp_path / "cg-QD.yaml"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A path that leads nowhere: the file and the system's reason."""
    with pytest.raises(MediumError) as caught:
        load_medium(tmp_path / "no.yaml")
    assert str(caught.value) == f"{tmp_path / 'no.yaml'}: cannot be read: No such file or directory"


@pytest.mark.parametrize(("old", "new", "message"), MALFORMED_LONG, ids=[message for _, _, message in MALFORMED_LONG])
def test_a_malformed_long_file_gets_one_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    """As below, for the form with transitions, charges and a range of validity."""
    assert_one_message(tmp_path, LONG, old, new, message)


def test_the_long_form_is_read(tmp_path: Path) -> None:
    """Every field of the long form reaches the medium; tau_XX from tau_A and a fourth of tau_X: 1/(1/2 + 4/12) = 1.2 ns."""
    file = tmp_path / "dots.yaml"
    file.write_text(LONG, encoding="utf-8")
    medium = load_medium(file)
    edge, above = medium.lines
    assert (edge.name, edge.level, edge.energy_eV, edge.gain_per_cm, edge.share) == ("edge", 0, 1.98, 200.0, 0.5)
    assert (above.level, above.homogeneous_fwhm_meV, above.inhomogeneous_fwhm_meV) == (1, 40.0, 60.0)
    assert medium.biexciton_lifetime_ns == pytest.approx(1.2, rel=1e-14)
    assert medium.auger_lifetime_ns == pytest.approx(2.0, rel=1e-14)
    assert (medium.electron_levels, medium.hole_levels) == ((2, 6), (4, 6))
    assert (medium.exciton_exciton_meV, medium.gap_shift_meV_per_K, medium.permanent_charge) == (-10.0, -0.3, 0.5)
    assert (medium.charge_distribution, medium.injection, medium.charging_energy_meV) == ("fixed", "separate", 50.0)
    assert (medium.pump_statistics, medium.measured_lifetimes_ns) == ("band-edge", {(2, 1): 4.0})
    assert medium.recombination.rate_per_ns(2, 1) == 0.25
    assert medium.sub_gap_gain is not None
    assert medium.quantity("sub-gap gain_per_cm") == medium.sub_gap_gain.gain_per_cm == 30.0
    assert medium.quantity("above energy_eV") == 2.2
    assert medium.quantity("(2, 1) lifetime_ns") == 4.0
    assert set(medium.assumed) == {
        "edge share", "above energy_eV", "sub-gap gain_per_cm", "exciton_exciton_meV", "(2, 1) lifetime_ns",
    }
    assert medium.chain.charges == {0: 0.5, 1: 0.5}


def test_the_file_that_the_page_shows(tmp_path: Path) -> None:
    """The example of materials/gain/README.md is a medium as it stands; the page names every shipped one."""
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    file = tmp_path / "my-dots.yaml"
    file.write_text(example, encoding="utf-8")
    medium = load_medium(file)
    assert [line.name for line in medium.lines] == ["1S", "1P"]
    assert medium.recombination.rate_per_ns(2, 1) == pytest.approx(1 / 2.4)
    listed = page.split("Shipped: ")[1].replace(",", " ").replace(".", " ").split()
    assert set(MEDIA) <= set(listed)


def test_what_a_file_leaves_out_is_assumed_aloud(tmp_path: Path) -> None:
    """Widths, shift and interaction have values with ranges, told like any other assumption; levels are those of a sphere."""
    file = tmp_path / "dots.yaml"
    file.write_text(GOOD, encoding="utf-8")
    medium = load_medium(file)
    for key in ("homogeneous_fwhm_meV", "inhomogeneous_fwhm_meV", "exciton_exciton_meV", "gap_shift_meV_per_K"):
        low, high = medium.assumed[key]
        assert low <= medium.quantity(key) <= high
        assert "not given" in medium.sources[key]
    assert (medium.electron_levels, medium.valid, medium.valid_nm) == ((2, 6, 10), None, None)


def test_volume_scaling_by_family_and_shape(tmp_path: Path) -> None:
    """tau_XX = chi V: perovskites 0.06 ps/nm^3, platelets 2.7 up to 100 nm^3; V of the sphere or as given."""
    biexciton = 'biexciton_lifetime_ns: {value: 1.3, source: "a"}'
    cases = (
        ("auger_family: II-VI", 4 / 3 * np.pi * 6**3 * 1e-3),
        ('auger_family: perovskite\nvolume_nm3: {value: 1000, source: "a"}', 0.06),
        ('auger_family: nanoplatelet\nvolume_nm3: {value: 50, source: "a"}', 0.135),
        ('auger_family: nanoplatelet\nvolume_nm3: {value: 200, source: "a"}', 0.27),
        ('auger_ps_per_nm3: {value: 2, source: "a"}\nvolume_nm3: {value: 100, source: "a"}', 0.2),
    )
    file = tmp_path / "dots.yaml"
    for text, expected in cases:
        file.write_text(GOOD.replace(biexciton, text), encoding="utf-8")
        assert load_medium(file).biexciton_lifetime_ns == pytest.approx(expected, rel=1e-12)


def test_a_longer_biexciton_is_allowed_and_warned_of(tmp_path: Path) -> None:
    """tau_XX > tau_X: an error (see above) unless the file says that it is meant; then a warning for every report."""
    file = tmp_path / "dots.yaml"
    file.write_text(GOOD.replace("value: 1.3", "value: 13") + "allow_longer_biexciton: true\n", encoding="utf-8")
    (warning,) = load_medium(file).warnings()
    assert warning == "the biexciton of dots, 13 ns, outlives the exciton, 12 ns: unusual, and no unit is ps here"


def assert_one_message(folder: Path, good: str, old: str, new: str, message: str) -> None:
    """A good file loads; with ``old`` replaced it gets one message in one line, without a chained cause."""
    file = folder / "dots.yaml"
    file.write_text(good, encoding="utf-8")
    assert load_medium(file).name == "dots"
    assert old in good
    file.write_text(good.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MediumError) as caught:
        load_medium(file)
    assert str(caught.value).startswith(f"{file}:{message}")
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("old", "new", "message"), MALFORMED, ids=[message for _, _, message in MALFORMED])
def test_a_malformed_file_gets_one_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    """One line with file, line, field, rule and value, for each fault put into a good file."""
    assert_one_message(tmp_path, GOOD, old, new, message)


def test_the_room_loads_nothing_heavy() -> None:
    """Loading a medium and its steady gain needs neither scipy nor numba nor matplotlib: they cost more than all the rest."""
    code = (
        "import sys; from qdphotonics.gain import load_medium; load_medium('cg-QD').gain_per_cm(3.0);"
        "print([name for name in ('scipy', 'numba', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
