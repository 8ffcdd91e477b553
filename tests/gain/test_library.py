"""Media files: what is shipped (G10), where media are sought, and what a malformed file is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qdphotonics._data import data_folder
from qdphotonics.errors import MediumError
from qdphotonics.gain import list_media, load_medium

SHIPPED = data_folder("materials") / "gain"


def test_g10_saturated_gains() -> None:
    """G10: measured material gains, cg-QD 200, ccg-QD 780 cm^-1 (1S; 1P: 890, in the note). Exact: they are inputs."""
    assert list_media() == ("CdSe", "ccg-QD", "cg-QD")
    assert load_medium("cg-QD").material_gain_per_cm == 200
    compact = load_medium("ccg-QD")
    assert compact.material_gain_per_cm == 780
    assert "890" in compact.note


@pytest.mark.parametrize("name", list_media())
def test_every_value_has_a_source_and_assumptions_name_fields(name: str) -> None:
    """Each number of a medium has a source or is computed from numbers that have; each assumed range holds its value."""
    medium = load_medium(name)
    numbers = {key for key in medium.__dataclass_fields__ if isinstance(getattr(medium, key), float)}
    computed = {"geometric_cross_section_cm2"} if "radius_nm" in medium.sources else set()
    computed |= {"biexciton_lifetime_ns"} if medium.auger_ps_per_nm3 else set()
    assert numbers - computed <= set(medium.sources)
    assert medium.assumed
    for key, (low, high) in medium.assumed.items():
        assert low <= getattr(medium, key) <= high
    for text in medium.sources.values():
        assert len(text) > 10


def test_radius_and_cross_section_agree() -> None:
    """cg-QD: pi R^2 of the radius of Chem. Rev. Fig. 6, 2 + 7 + 0.4 nm, is the 3e-12 cm^2 of Jung et al. within 8 %."""
    assert load_medium("cg-QD").radius_nm == pytest.approx(9.4, rel=0.04)
    assert load_medium("ccg-QD").geometric_cross_section_cm2 == pytest.approx(1.131e-12, rel=1e-3)


def test_unknown_name_tells_the_nearest() -> None:
    """A near miss gets suggestions, anything else the list."""
    with pytest.raises(MediumError) as caught:
        load_medium("ccgQD")
    assert str(caught.value) == 'unknown gain medium "ccgQD"; did you mean "ccg-QD" or "cg-QD"?'
    with pytest.raises(MediumError) as caught:
        load_medium("../CdSe")
    assert str(caught.value).startswith('unknown gain medium "../CdSe"')
    with pytest.raises(MediumError) as caught:
        load_medium("perovskite")
    assert str(caught.value) == 'unknown gain medium "perovskite"; known media: CdSe, ccg-QD, cg-QD'


def test_a_project_folder_goes_first(tmp_path: Path) -> None:
    """A medium beside the stack shadows the shipped one; a path is taken as it is."""
    text = (SHIPPED / "cg-QD.yaml").read_text(encoding="utf-8").replace("value: 200,", "value: 300,")
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


GOOD = """\
name: dots
source: "nobody"
material_gain_per_cm: {value: 200, source: "a"}
gain_energy_eV: {value: 1.98, assumed: [1.9, 2.1], source: "a"}
exciton_lifetime_ns: {value: 12, source: "a"}
biexciton_lifetime_ns: {value: 1.3, source: "a"}
radius_nm: {value: 6, source: "a"}
areal_fill: {value: 0.5, source: "a"}
monolayer_thickness_nm: {value: 10, source: "a"}
pump_energy_eV: {value: 3.1, source: "a"}
absorption_cross_section_cm2: {value: 4e-14, source: "a"}
"""

MALFORMED = [
    ("value: 1.3", "value: -1.3", "6: biexciton_lifetime_ns.value must be > 0, got -1.3"),
    ("value: 1.3", "value: 1300", "6: biexciton_lifetime_ns.value must be ≤ exciton_lifetime_ns (12 ns; in ns, not ps), got 1300"),
    ("value: 200", 'value: "200"', '3: material_gain_per_cm.value must be a finite number > 0, got "200"'),
    ("value: 200", "value: .inf", "3: material_gain_per_cm.value must be a finite number > 0, got .inf"),
    ("{value: 200,", "{valu: 200,", '3: material_gain_per_cm: unknown key "valu"; did you mean "value"?'),
    ("{value: 12, ", "{value: 12} #", "5: exciton_lifetime_ns.source must be given"),
    ('{value: 12, source: "a"}', '{value: 12, source: ""}', '5: exciton_lifetime_ns.source must not be empty, got ""'),
    ('{value: 12, source: "a"}', "12", "5: exciton_lifetime_ns must be a mapping with the keys value, source, assumed, got 12"),
    ("\nexciton_lifetime_ns:", "\nexciton_lifetime:", '5: unknown key "exciton_lifetime"; did you mean "exciton_lifetime_ns"'),
    ("[1.9, 2.1]", "[2.0, 2.1]", "4: gain_energy_eV must lie within its assumed range [2, 2.1], got 1.98"),
    ("[1.9, 2.1]", "[2.1, 1.9]", "4: gain_energy_eV must have an assumed range [low, high] with low < high, got [2.1, 1.9]"),
    ("[1.9, 2.1]", "[1.9, 2.0, 2.1]", "4: gain_energy_eV.assumed must have at most 2 entries, got 3"),
    ("value: 0.5", "value: 1.5", "8: areal_fill.value must be > 0 and ≤ 1, got 1.5"),
    ("value: 3.1", "value: 1.1", "10: pump_energy_eV.value must be ≥ gain_energy_eV (1.98 eV), got 1.1"),
    ("radius_nm", "# ", "1: geometric_cross_section_cm2 or radius_nm must be given, got neither"),
    (
        "radius_nm:",
        'geometric_cross_section_cm2: {value: 3e-12, source: "a"}\nradius_nm:',
        "8: radius_nm must not be given beside geometric_cross_section_cm2: one follows from the other",
    ),
    (
        'biexciton_lifetime_ns: {value: 1.3, source: "a"}\nradius_nm: {value: 6,',
        'auger_ps_per_nm3: {value: 1, source: "a"}\ngeometric_cross_section_cm2: {value: 1e-12,',
        "6: auger_ps_per_nm3 needs radius_nm (tau_XX = chi V), got geometric_cross_section_cm2",
    ),
    ("name: dots", "name: spots", '1: name must be the name of its file, "dots", got "spots"'),
    ("name: dots\n", "", "1: name must be given"),
    ("name: dots", "name: 7", "1: name must be text, got 7"),
    ('source: "nobody"', 'name: "dots"', '2: the key "name" is repeated (first on line 1)'),
    ('"nobody"', "!!python/object:os.system x", "2: tags are not allowed, got tag:yaml.org,2002:python/object:os.system"),
    (GOOD, "[1, 2]", "1: the file must be a mapping with the keys name, source,"),
]


@pytest.mark.parametrize(("old", "new", "message"), MALFORMED, ids=[message for _, _, message in MALFORMED])
def test_a_malformed_file_gets_one_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    """One line with file, line, field, rule and value, for each fault put into a good file."""
    file = tmp_path / "dots.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_medium(file).name == "dots"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MediumError) as caught:
        load_medium(file)
    assert str(caught.value).startswith(f"{file}:{message}")
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_room_loads_nothing_heavy() -> None:
    """Loading a medium and its steady gain needs neither scipy nor numba nor matplotlib: they cost more than all the rest."""
    code = (
        "import sys; from qdphotonics.gain import load_medium; load_medium('cg-QD').gain_per_cm(3.0);"
        "print([name for name in ('scipy', 'numba', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
