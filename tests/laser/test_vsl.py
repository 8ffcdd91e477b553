"""Gain from variable stripe lengths: the fit on known curves, its honesty, saturation, and files as users have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from qdphotonics.errors import ArgumentError, DataError
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.vsl import GainFit, fit_gain, variable_stripe
from qdphotonics.laser.vsl_file import read_stripe_table
from qdphotonics.laser.vsl_models import Model, Noise
from tests.laser.amplifiers import RigidFilm, TwoLevelFilm

LENGTH_UM = np.linspace(20.0, 400.0, 20)
MODELS: tuple[Model, ...] = ("amplified", "linear-plus-exponential")


def curve(model: str, gain_per_cm: float, length_um: Any = LENGTH_UM) -> Any:
    """A curve of a model, A 0.05 per um and B 0.3."""
    exponent = gain_per_cm * np.asarray(length_um) * 1e-4
    if model == "amplified":
        return 0.05 * length_um * (np.expm1(exponent) / exponent if gain_per_cm else 1.0)
    return 0.05 * length_um + 0.3 * np.exp(exponent)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("noise", ["relative", "absolute"])
@pytest.mark.parametrize("gain", [-150.0, 40.0, 164.0, 780.0])
def test_a_curve_without_noise_gives_its_gain_back(model: Model, noise: Noise, gain: float) -> None:
    """G to 1e-6 from loss to e^31 (the linear term to 1e-5 where rounding leaves one beside the exponential), in any order."""
    order = np.random.default_rng(5).permutation(LENGTH_UM.size)
    fit = fit_gain(LENGTH_UM[order], 7.0 * curve(model, gain)[order], model=model, noise=noise)
    assert fit.gain_per_cm == pytest.approx(gain, rel=1e-6)
    assert fit.interval_per_cm[0] <= fit.gain_per_cm <= fit.interval_per_cm[1]
    assert not fit.saturated
    assert fit.curve(LENGTH_UM) == pytest.approx(7.0 * curve(model, gain), rel=1e-5)
    if gain < 200:
        assert fit.linear == pytest.approx(7.0 * 0.05, rel=1e-5)


def noisy_fits(model: Model, noise: Noise, count: int, longest_um: float | None = None) -> list[GainFit]:
    """Fits of curves that differ in their noise, with a fixed seed."""
    rng, light = np.random.default_rng(2023), curve(model, 164.0)
    scatter = 0.05 * light if noise == "relative" else np.full(light.size, 0.03 * np.median(light))
    curves = (light + scatter * rng.standard_normal(light.size) for _ in range(count))
    return [fit_gain(LENGTH_UM, each, model=model, noise=noise, confidence=0.9, longest_um=longest_um) for each in curves]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("noise", ["relative", "absolute"])
def test_intervals_hold_the_gain_as_often_as_they_say(model: Model, noise: Noise) -> None:
    """300 noisy curves of 164 per cm (5 % of each point; 3 % of the median point), intervals of 90 %: 90 % hold it, within three
    standard deviations of that count (5.2 %); the mean is right within a quarter of the scatter, four errors of the mean."""
    fits = noisy_fits(model, noise, 300, longest_um=400.0)
    held = np.mean([fit.interval_per_cm[0] < 164.0 < fit.interval_per_cm[1] for fit in fits])
    assert 0.848 < held < 0.952
    found = np.array([fit.gain_per_cm for fit in fits])
    assert abs(found.mean() - 164.0) < 0.25 * found.std()


@pytest.mark.parametrize("model", MODELS)
def test_chance_seldom_looks_like_saturation(model: Model) -> None:
    """The same curves, lengths left out where they seem to bend: 1 % by the test's certainty, more since it is repeated; < 8 %."""
    assert np.mean([fit.saturated for fit in noisy_fits(model, "relative", 150)]) < 0.08


def test_known_errors_count_instead_of_the_scatter() -> None:
    """Errors ten times the scatter make the interval ten times as wide as the scatter would: weights alone do not decide."""
    rng, light = np.random.default_rng(3), curve("amplified", 164.0)
    noisy = light * (1 + 0.01 * rng.standard_normal(light.size))
    told, found = (fit_gain(LENGTH_UM, noisy, model="amplified", error=error) for error in (0.1 * light, None))
    ratio = np.diff(told.interval_per_cm)[0] / np.diff(found.interval_per_cm)[0]
    assert 6 < ratio < 16


@pytest.mark.parametrize("saturation", [100.0, 1000.0])
def test_saturated_ends_are_left_out(saturation: float) -> None:
    """dI/dl = A + G I/(1 + I/I_s), 2 % noise: the whole curve gives far too little gain; the part that is kept lies closer, and the fit
    says that it left lengths out."""
    light = solve_ivp(lambda _, i: 0.05 + 0.0164 * i / (1 + i / saturation), (0, 400), [0.0], t_eval=LENGTH_UM, rtol=1e-9, atol=1e-12).y[0]
    noisy = light * (1 + 0.02 * np.random.default_rng(7).standard_normal(light.size))
    sought, whole = fit_gain(LENGTH_UM, noisy, model="amplified"), fit_gain(LENGTH_UM, noisy, model="amplified", longest_um=400.0)
    assert sought.saturated
    assert not whole.saturated
    assert sought.used_range_um[1] < 300.0
    assert whole.used.all()
    assert abs(sought.gain_per_cm - 164.0) < 0.6 * abs(whole.gain_per_cm - 164.0)


def test_a_stripe_of_the_model_shows_its_own_gain() -> None:
    """Dots that light leaves alone, one lateral mode: I(l) is (A/G)(e^{Gl} - 1), so that the fit finds Gamma G - alpha, to 1e-6."""
    guide = Guide([640.0], 0.23, 16.0, 1.66)
    film = RigidFilm(np.array([640.0]), 900.0, 120.0)
    light = variable_stripe(film, guide, Stripe(1.0, 30.0, lateral_modes=1.0), LENGTH_UM, 1.0)[:, 0]
    assert fit_gain(LENGTH_UM, light, model="amplified").gain_per_cm == pytest.approx(0.23 * 780.0 - 16.0, rel=1e-6)


def test_a_saturating_stripe_of_the_model_is_seen_through() -> None:
    """Two-level dots that light empties, ten lateral modes: the whole curve tells less than 3/4 of the gain without light, what the fit
    keeps of it more than 9/10."""
    guide = Guide([640.0], 0.23, 16.0, 1.66)
    film = TwoLevelFilm(np.array([640.0]), 900.0)
    light = variable_stripe(film, guide, Stripe(1.0, 30.0, lateral_modes=10.0), LENGTH_UM, 10.0)[:, 0]
    net = 0.23 * 900.0 * (2 * 10 / 10.5 - 1) - 16.0
    whole, sought = fit_gain(LENGTH_UM, light, model="amplified", longest_um=400.0), fit_gain(LENGTH_UM, light, model="amplified")
    assert whole.gain_per_cm < 0.75 * net
    assert sought.saturated
    assert 0.9 * net < sought.gain_per_cm < net


def test_slips_are_told() -> None:
    """One message each, naming the argument and the rule."""
    with pytest.raises(ArgumentError, match="needs 5 different lengths or more, but there are 4"):
        fit_gain([1, 2, 3, 4], [1, 2, 3, 4])
    with pytest.raises(ArgumentError, match="model"):
        fit_gain(LENGTH_UM, LENGTH_UM, model="exponential")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="length_um"):
        fit_gain(-LENGTH_UM, LENGTH_UM)
    with pytest.raises(ArgumentError, match="intensity"):
        fit_gain(LENGTH_UM, LENGTH_UM[:-1])
    with pytest.raises(ArgumentError, match="intensity"):
        fit_gain(LENGTH_UM, 0 * LENGTH_UM)
    with pytest.raises(ArgumentError, match="error"):
        fit_gain(LENGTH_UM, LENGTH_UM, error=0 * LENGTH_UM)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file of that text."""
    file = folder / "vsl.csv"
    file.write_bytes(text.encode(encoding))
    return file


BODY = [(0.05, 1.0), (0.1, 2.5), (0.15, 4.0), (0.2, 7.0), (0.25, 12.0)]


@pytest.mark.parametrize(
    ("header", "separator", "unit"),
    [
        ("length_mm,intensity", ",", ""),
        ("length (mm),intensity (counts)", ",", "counts"),
        ("Length [mm];Intensity [a.u.]", ";", "a.u."),
        ("Stripe length/mm\tPower/uW", "\t", "uw"),
        ('"length (mm)","intensity"', ",", ""),
    ],
)
def test_headers_as_people_write_them(tmp_path: Path, header: str, separator: str, unit: str) -> None:
    """Units after _, in brackets or after a slash, commas, semicolons or tabs, a byte-order mark, comments, empty lines, CRLF."""
    rows = [f"{length}{separator}{light}" for length, light in BODY]
    text = "\r\n".join(["# a comment", header, "", *rows, ""])
    table = read_stripe_table(written(tmp_path, text, "utf-8-sig"))
    assert table.length_um == pytest.approx([50.0, 100.0, 150.0, 200.0, 250.0], rel=1e-12)
    assert table.intensity.tolist() == [light for _, light in BODY]
    assert table.intensity_unit == unit
    assert table.error is None


def test_micrometres_errors_and_other_columns(tmp_path: Path) -> None:
    """µ (both characters), a column of errors, and one that only numbers the rows."""
    for micro in ("µm", "μm", "um"):
        rows = "".join(f"{place},{length * 1e3},{light},0.1\n" for place, (length, light) in enumerate(BODY))
        table = read_stripe_table(written(tmp_path, f"number,length ({micro}),intensity,error\n{rows}"))
        assert table.length_um[-1] == pytest.approx(250.0)
        assert table.error is not None
        assert table.error.tolist() == [0.1] * 5


@pytest.mark.parametrize(
    "title",
    ["Err", "std", "intensity_err", "I_err", "dI", "sd", "sigma", "sigma_I", "standard deviation", "uncertainty", "error (counts)", "ΔI"],
)
def test_usual_names_of_errors_are_known(tmp_path: Path, title: str) -> None:
    """What people call a standard error; it is used, not passed over."""
    rows = "".join(f"{length},{light},0.1\n" for length, light in BODY)
    error = read_stripe_table(written(tmp_path, f"length_mm,intensity (counts),{title}\n{rows}")).error
    assert error is not None
    assert error.tolist() == [0.1] * 5


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "is empty"),
        ("length,intensity\n1,2\n", 1, "the unit of length is missing"),
        ("length (furlong),intensity\n1,2\n", 1, '"furlong" is no unit of length'),
        ("x,y\n1,2\n", 1, "no column of length"),
        ("length_um,length_mm,intensity\n1,2,3\n", 1, "2 columns of length"),
        ("length_um,intensity\n1,2\n2,three\n", 3, '"three" is not a number'),
        ("length_um;intensity\n1;2,5\n", 2, "write a decimal point"),
        ("length_um,intensity\n1,2\n\n2\n", 4, "2 columns, but this line 1"),
        ("length_um,intensity\n1,nan\n", 2, "must be finite"),
        ("length_um,intensity\n-1,2\n", 2, "must be >= 0"),
        ("length_um,intensity,error\n1,2,0\n", 2, "standard error must be > 0"),
        ("length_um,intensity,err\n1,2,-0.1\n", 2, "standard error must be > 0, got -0.1"),
        ("length_um,intensity,width\n1,2,3\n", 1, 'column "width" is not known'),
        ("length_um,intensity,length_err\n1,2,3\n", 1, 'column "length_err" is not known'),
        ("length_um,intensity,err,std\n1,2,3,4\n", 1, "2 columns of error"),
        ("length_um,intensity (counts),err (%)\n1,2,3\n", 1, "must have the unit of the intensity"),
        ("length_um,intensity,err (%)\n1,2,3\n", 1, "must have the unit of the intensity"),
        ("length_um,intensity\n1,2\n2,3\n", None, "2 rows below its header"),
    ],
)
def test_faults_are_told_with_file_and_line(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    """file:line: rule, as the command line prints it."""
    file = written(tmp_path, text)
    with pytest.raises(DataError) as fault:
        read_stripe_table(file)
    assert str(fault.value).startswith(f"{file}:{line}: " if line else f"{file}: ")
    assert message in str(fault.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    """A missing file, a folder, UTF-16."""
    with pytest.raises(DataError, match="cannot be read"):
        read_stripe_table(tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_stripe_table(tmp_path)
    with pytest.raises(DataError, match="UTF-8"):
        read_stripe_table(written(tmp_path, "length_um,intensity\n", "utf-16"))
