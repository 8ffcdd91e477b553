"""Malformed material files: one message each, with file, line, field, rule and value, and nothing in them runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qdphotonics.errors import MaterialError
from qdphotonics.materials import load_material, material_from_spec

HEAD = "name: film\nsource: here\nvalid_nm: [400, 800]\n"  # three lines: what follows starts on line 4
ONE_OF = "the file must have one of constant, table, cauchy, sellmeier, drude_lorentz, database, mix, uniaxial, got "
MIX = "name: film\nsource: here\nmix:\n"  # the constituents start on line 4
HALF_SILICA = "- {material: SiO2, fraction: 0.5}\n"
TABLE = "table:\n  wavelength_nm: [500, 600]\n"

# what is wrong: (file, line of the fault, what the message says after "FILE:LINE: ")
MALFORMED: dict[str, tuple[str, int, str]] = {
    "index not positive": (HEAD + "constant: {n: -1.6}\n", 4, "constant.n must be > 0, got -1.6"),
    "index is text": (HEAD + "constant:\n  n: high\n", 5, 'constant.n must be a finite number > 0, got "high"'),
    "index is a boolean": (HEAD + "constant: {n: true}\n", 4, "constant.n must be a finite number > 0, got true"),
    "index not finite": (HEAD + "constant: {n: .inf}\n", 4, "constant.n must be a finite number > 0, got .inf"),
    "index empty": (HEAD + "constant: {n: }\n", 4, "constant.n must be a finite number > 0, got nothing"),
    "index missing": (HEAD + "constant: {k: 0.1}\n", 4, "constant.n must be given"),
    "loss given twice": (
        HEAD + "constant: {n: 1.6, k: 0.1, alpha_per_cm: 3}\n",
        4,
        "constant must have one of k, alpha_per_cm and gain_per_cm, not k and alpha_per_cm",
    ),
    "unknown key": (HEAD + "constant: {n: 1.6, kk: 0.1}\n", 4, 'constant: unknown key "kk"; did you mean "k"?'),
    "unknown key at the top": (HEAD + "constant: {n: 1.6}\nasumed: {n: [1, 2]}\n", 5, 'unknown key "asumed"; did you mean "assumed"'),
    "key repeated": (HEAD + "constant: {n: 1.6}\nconstant: {n: 1.7}\n", 5, 'the key "constant" is repeated (first on line 4)'),
    "no form": (HEAD, 1, ONE_OF + "none of them"),
    "two forms": (HEAD + "constant: {n: 1.6}\ncauchy: {A: 1.5}\n", 1, ONE_OF + "constant and cauchy"),
    "no name": ("source: here\nvalid_nm: [400, 800]\nconstant: {n: 1.6}\n", 1, "name must be given"),
    "no source": ("name: film\nvalid_nm: [400, 800]\nconstant: {n: 1.6}\n", 1, "source must be given"),
    "source empty": ("name: film\nsource: ''\nvalid_nm: [400, 800]\nconstant: {n: 1.6}\n", 2, 'source must not be empty, got ""'),
    "no range": (
        "name: film\nsource: here\nconstant: {n: 1.6}\n",
        1,
        "the file must have valid_nm: [low, high], the wavelengths at which its constant holds",
    ),
    "range reversed": (
        "name: film\nsource: here\nvalid_nm: [800, 400]\nconstant: {n: 1.6}\n",
        3,
        "valid_nm must be [low, high] with low < high, each > 0 nm, got [800, 400]",
    ),
    "range of three": (
        "name: film\nsource: here\nvalid_nm: [400, 500, 800]\nconstant: {n: 1.6}\n",
        3,
        "valid_nm must be [low, high] with low < high, each > 0 nm, got [400, 500, 800]",
    ),
    "range from zero": (
        "name: film\nsource: here\nvalid_nm: [0, 800]\nconstant: {n: 1.6}\n",
        3,
        "valid_nm must be [low, high] with low < high, each > 0 nm, got [0, 800]",
    ),
    "range beyond the table": (
        HEAD + TABLE + "  n: [1.9, 1.8]\n  k: 0\n",
        3,
        "valid_nm must lie within 500 to 600 nm, the range of its table, got [400, 800]",
    ),
    "range beyond the page": (
        "name: film\nsource: here\nvalid_nm: [100, 800]\ndatabase: main/Ag/Johnson\n",
        3,
        "valid_nm must lie within 187.9 to 1937 nm, the range of its database, got [100, 800]",
    ),
    "value outside what is assumed": (
        HEAD + "constant: {n: 1.6}\nassumed: {n: [1.7, 1.8]}\n",
        1,
        "the file must have its n within the assumed range [1.7, 1.8], got 1.6",
    ),
    "assumed something else": (
        HEAD + "constant: {n: 1.6}\nassumed: {thickness: [1.7, 1.8]}\n",
        5,
        "assumed.thickness must be 'n', 'k', 'alpha_per_cm', 'n_o', 'n_e', 'k_o', 'k_e' or 'glass_transition_C', got \"thickness\"",
    ),
    "negative conductivity": (
        HEAD + "constant: {n: 1.6}\nthermal: {conductivity_W_per_mK: -1, heat_capacity_J_per_cm3K: 2, source: here}\n",
        5,
        "thermal.conductivity_W_per_mK must be > 0 W/mK, got -1",
    ),
    "heat without source": (
        HEAD + "constant: {n: 1.6}\nthermal:\n  conductivity_W_per_mK: 1\n  heat_capacity_J_per_cm3K: 2\n",
        5,
        "thermal.source must be given",
    ),
    "heat with a slip": (
        HEAD + "constant: {n: 1.6}\nthermal:\n  conductivity: 1\n  heat_capacity_J_per_cm3K: 2\n  source: here\n",
        6,
        'thermal: unknown key "conductivity"; did you mean "conductivity_W_per_mK"',
    ),
    "heat outside what is assumed": (
        HEAD
        + "constant: {n: 1.6}\nthermal:\n  conductivity_W_per_mK: 1\n  heat_capacity_J_per_cm3K: 2\n  source: here\n"
        + "  assumed: {conductivity_W_per_mK: [2, 3]}\n",
        6,
        "thermal must have its conductivity_W_per_mK within the assumed range [2, 3], got 1",
    ),
    "table decreasing": (
        HEAD + "table:\n  wavelength_nm: [600, 500]\n  n: [1.8, 1.9]\n  k: 0\n",
        5,
        "table must have increasing wavelengths, got 600 before 500 nm",
    ),
    "table without k": (
        HEAD + TABLE + "  n: [1.8, 1.9]\n",
        4,
        "table must have k or alpha_per_cm (k: 0 for a transparent material), one of the two",
    ),
    "table columns differ": (
        HEAD + TABLE + "  n: [1.8, 1.9, 2.0]\n  k: 0\n",
        6,
        "table must have as many values of n as wavelengths, 2, got 3",
    ),
    "table entry not a number": (HEAD + TABLE + "  n:\n  - 1.8\n  - 1,9\n  k: 0\n", 8, 'table.n[1] must be a finite number > 0, got "1,9"'),
    "table interpolation unknown": (
        HEAD + TABLE + "  n: [1.8, 1.9]\n  k: 0\n  interpolation: cubic\n",
        8,
        "table.interpolation must be 'linear' or 'pchip', got \"cubic\"",
    ),
    "sellmeier without terms": (HEAD + "sellmeier: {terms: []}\n", 4, "sellmeier.terms must have at least 1 entries, got 0"),
    "drude without damping": (
        HEAD + "drude_lorentz:\n  epsilon_infinity: 4\n  drude:\n  - {plasma_eV: 9}\n",
        7,
        "drude_lorentz.drude[0]: damping_eV must be given",
    ),
    "drude negative damping": (
        HEAD + "drude_lorentz:\n  epsilon_infinity: 4\n  drude:\n  - plasma_eV: 9\n    damping_eV: -0.1\n",
        8,
        "drude_lorentz.drude[0]: damping_eV must be ≥ 0 eV, got -0.1",
    ),
    "page unknown": (
        HEAD + "database: main/Ag/Jonson\n",
        4,
        'database must be a page of refractiveindex.info, got "main/Ag/Jonson"; did you mean "main/Ag/Johnson"',
    ),
    "page not a path": (
        HEAD + "database: Ag\n",
        4,
        'database must be shelf/book/page of refractiveindex.info, such as main/Ag/Johnson, got "Ag"',
    ),
    "page without k": (
        HEAD + "database: main/SiO2/Malitson\n",
        4,
        "database must be a page with k, or k be given beside it (k: 0 for a transparent material)",
    ),
    "k beside a form that has its own": (
        HEAD + "cauchy: {A: 1.5}\nk: 0\n",
        1,
        "the file must not have k beside cauchy: it belongs to database",
    ),
    "mix without rule": (MIX + "- {material: ITO, fraction: 0.5}\n" + HALF_SILICA, 1, "the file must have rule beside mix"),
    "mix rule unknown": (
        MIX + "- {material: ITO, fraction: 0.5}\n" + HALF_SILICA + "rule: brugeman\n",
        6,
        "rule must be 'linear', 'maxwell_garnett' or 'bruggeman', got \"brugeman\"",
    ),
    "mix fractions": (
        MIX + "- {material: ITO, fraction: 0.5}\n- {material: SiO2, fraction: 0.6}\nrule: linear\n",
        3,
        "mix must have fractions that sum to 1, got 1.1",
    ),
    "mix fraction above one": (
        MIX + "- {material: ITO, fraction: 1.5}\n- {material: SiO2, fraction: -0.5}\nrule: linear\n",
        4,
        "mix[0]: fraction must be ≥ 0 and ≤ 1, got 1.5",
    ),
    "mix of one": (
        "name: film\nsource: here\nmix: [{material: ITO, fraction: 1}]\nrule: linear\n",
        3,
        "mix must have two or more constituents",
    ),
    "mix of nobody": (
        MIX + "- {material: ITO, fraction: 0.5}\n- {material: SiO3, fraction: 0.5}\nrule: linear\n",
        5,
        'mix[1]: material must be a known material, got "SiO3"; did you mean "SiO2"',
    ),
    "mix of a number": (
        MIX + "- {material: 5, fraction: 0.5}\n" + HALF_SILICA + "rule: linear\n",
        4,
        "mix[0]: material must be a material's name or a mapping such as {n: 1.6, k: 0.001}, got 5",
    ),
    "mix with itself": (
        MIX + "- {material: film, fraction: 0.5}\n" + HALF_SILICA + "rule: linear\n",
        4,
        'mix[0]: material must not lead back to the material itself: "film" → "film"',
    ),
    "mix without common wavelengths": (
        MIX + "- {material: PbS, fraction: 0.5}\n- {material: ITO, fraction: 0.5}\nrule: linear\n",
        3,
        "mix must combine materials that are known at common wavelengths; these have none",
    ),
    "constant in a list": (
        HEAD + "constant: [1.6, 0.1]\n",
        4,
        "constant must be a mapping with the keys k, alpha_per_cm, gain_per_cm, n, got [1.6, 0.1]",
    ),
    "file is a list": ("- name: film\n", 1, "the file must be a mapping with the keys"),
    "file is empty": ("# nothing\n", 1, "is empty"),
    "not YAML": (HEAD + "constant: {n: 1.6\n", 5, "is not valid YAML"),
    "tab": (HEAD + "constant:\n\tn: 1.6\n", 5, "is not valid YAML"),
    "a tag that would run": (HEAD + "constant: !!python/object/apply:os.system ['touch pwned']\n", 4, "tags are not allowed"),
    "not UTF-8": (HEAD + "note: caf\udce9\nconstant: {n: 1.6}\n", 4, "must be UTF-8 text, got the byte 0xe9"),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_one_message_with_file_line_field_rule_and_value(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, line, told = MALFORMED[fault]
    file = tmp_path / "film.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(MaterialError) as problem:
        load_material("film", [tmp_path]) if "name: film\n" in text else load_material(str(file))
    message = str(problem.value)
    assert message.startswith(f"{file}:{line}: {told}")
    assert "\n" not in message
    assert problem.value.__cause__ is None, "a second traceback would be shown"
    assert not (tmp_path / "pwned").exists()


def test_entity_expansion_is_refused_at_once(tmp_path: Path) -> None:
    """Nine levels of nine aliases would be 9^9 values."""
    levels = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    (tmp_path / "film.yaml").write_text("name: film\nsource: here\n" + "\n".join(levels) + "\n")
    start = time.perf_counter()
    with pytest.raises(MaterialError, match=r"film\.yaml:"):
        load_material("film", [tmp_path])
    assert time.perf_counter() - start < 1


def test_a_name_that_is_not_the_files(tmp_path: Path) -> None:
    """A name in a form that the look-up cannot see at a glance is taken from the file's own name, and the mismatch is told."""
    (tmp_path / "film.yaml").write_text("{name: other, source: here, valid_nm: [400, 800], constant: {n: 1.6}}\n")
    with pytest.raises(MaterialError, match=r'film\.yaml:1: name must be written .* was taken for "film"'):
        load_material("film", [tmp_path])


def test_two_files_of_one_name(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(HEAD + "constant: {n: 1.6}\n")
    with pytest.raises(MaterialError, match=r'names "film", which two files have: .*a\.yaml and .*b\.yaml'):
        load_material("film", [tmp_path])


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match="cannot be read: No such file"):
        load_material(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({}, "material must have one of n, n_o, table"),
        ({"n": 1.6, "database": "main/Ag/Johnson"}, "got n and database"),
        ({"n_o": 1.6}, "material must have n_e beside n_o"),
        ({"n": 1.6, "n_e": 1.7}, "must not have n_e beside n: it belongs to n_o"),
        ({"constant": {"n": 1.6}}, 'unknown key "constant"'),
        (5, "material must be a mapping with the keys"),
        ("", 'material must be a known material, got ""'),
        ({"n": 1.6, "gain_per_cm": float("nan")}, "gain_per_cm must be a finite number, got .nan"),
    ],
)
def test_specs_in_place(spec: object, told: str) -> None:
    with pytest.raises(MaterialError) as problem:
        material_from_spec(spec)  # type: ignore[arg-type]
    assert told in str(problem.value)
    assert "\n" not in str(problem.value)
