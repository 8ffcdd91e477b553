"""Figures of sweeps: the kind that number and kind of directions ask for, with the values in it, and what is lost told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure

from qdphotonics import plots
from qdphotonics.plots.style import line_look
from qdphotonics.plots.swept import swept
from qdphotonics.sweeps.dataset import save_netcdf
from tests.plots.made_up import DRIVE, ITO, THICKNESS, dataset, peak
from tests.plots.reading import axes_with_too_few_numbers, check_page, drawn, empty_axes, overlapping, texts

NM = np.linspace(50.0, 150.0, 41)
WIDE = np.linspace(150.0, 350.0, 31)
GAIN = "net_gain_per_cm"


def check(figure: Figure) -> None:
    """Nothing beyond the page, numbers on every axis, something in every panel, no name on another."""
    check_page(figure)
    shown = [axes for axes in figure.axes if axes.get_visible() and axes.axison]
    assert [name for name in axes_with_too_few_numbers(figure) if "material" not in name and "lasing" not in name] == []
    assert empty_axes(figure) == []
    renderer = drawn(figure)
    names = [text for axes in shown for text in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    names += [text for legend in figure.legends for text in legend.get_texts()]
    names += [figure._suptitle] if figure._suptitle is not None else []  # type: ignore[attr-defined]
    assert overlapping([text for text in names if text.get_text() and text.get_visible()], renderer) == []


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def test_one_direction_is_a_line_with_a_gap_where_points_are_lost() -> None:
    """Values of the formula; seven points within 9 nm of 80 nm are lost: blank, and told."""
    figure = plots.sweep(dataset({GAIN: peak}, {THICKNESS: NM}, lambda nm: abs(nm - 80) < 9), GAIN)
    check(figure)
    (axes,) = figure.axes
    line = axes.get_lines()[0]
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata(), dtype=float)
    assert x == pytest.approx(NM)
    assert np.isnan(y).sum() == 7
    assert y[np.isfinite(y)] == pytest.approx(peak(NM)[np.isfinite(y)])
    assert legend(figure) == ["lost: 7 of 41 points"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("QD thickness (nm)", "net gain (cm⁻¹)")
    assert "A sweep, TE0" in texts(figure)


def test_few_values_of_a_second_direction_are_a_family_that_grey_tells_apart() -> None:
    figure = plots.sweep(dataset({GAIN: lambda w, nm: peak(nm, wavelength=w)}, {"wavelength": [620, 630, 640], THICKNESS: NM}), GAIN)
    check(figure)
    lines = [line for line in figure.axes[0].get_lines() if len(np.asarray(line.get_xdata())) == len(NM)]
    for order, (line, nm) in enumerate(zip(lines, (620, 630, 640), strict=True)):
        assert line.get_ydata() == pytest.approx(peak(NM, wavelength=nm))
        assert line.get_color() == line_look(order)["color"]
    assert len({str(look) for look in dashes(figure)}) == 3
    assert legend(figure) == ["620", "630", "640"]
    assert figure.legends[0].get_title().get_text() == "wavelength (nm)"


def dashes(figure: Figure) -> list[Any]:
    return [line._dash_pattern for line in figure.axes[0].get_lines()[:3]]  # type: ignore[attr-defined]


def parts(figure: Figure, kind: type[Any], panel: int = 0) -> list[Any]:
    return [each for each in figure.axes[panel].collections if isinstance(each, kind)]


def of_map(figure: Figure, panel: int = 0) -> np.ndarray[Any, Any]:
    """Values of a map [x, y]."""
    (mesh,) = parts(figure, QuadMesh, panel)
    return np.asarray(np.ma.filled(mesh.get_array(), np.nan)).T


def test_two_directions_are_a_map_with_contours_of_which_zero_is_thick() -> None:
    """Values of the formula, turned neither way; the contour 0 lies where the formula vanishes (half a step of 2.5 nm)."""
    lost: Any = lambda nm, ito: (nm < 60) & (ito > 330)  # noqa: E731
    figure = plots.sweep(dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE}, lost), GAIN)
    check(figure)
    axes = figure.axes[0]
    expected = np.where(lost(NM[:, None], WIDE[None]), np.nan, peak(NM[:, None], WIDE[None]))
    assert of_map(figure) == pytest.approx(expected, nan_ok=True)
    (contours,) = parts(figure, QuadContourSet)
    zero = list(contours.levels).index(0.0)
    assert list(contours.get_linewidths()).index(max(contours.get_linewidths())) == zero
    for x, y in contours.get_paths()[zero].vertices:
        assert abs(peak(x, y)) < abs(peak(x + 1.25, y) - peak(x - 1.25, y)) + abs(peak(x, y + 3.5) - peak(x, y - 3.5))
    assert len(contours.labelTexts) >= 3
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("QD thickness (nm)", "L-ITO thickness (nm)")
    assert figure.axes[1].get_ylabel() == "net gain (cm⁻¹)"
    assert legend(figure) == ["largest 150", "smallest −88.3", "lost: 12 of 1271 points"]


def test_lost_cells_are_hatched_and_only_they() -> None:
    """The hatched boxes cover the cells of lost points: area of the cells, and none of the others' centres."""
    lost: Any = lambda nm, ito: ((nm < 60) & (ito > 330)) | ((nm == 100) & (ito < 200))  # noqa: E731
    figure = plots.sweep(dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE}, lost), GAIN)
    (boxes,) = parts(figure, PolyCollection)
    assert boxes.get_hatch()
    corners = [(path.vertices.min(axis=0), path.vertices.max(axis=0)) for path in boxes.get_paths()]
    covered = np.array([[any((low < (x, y)).all() and ((x, y) < high).all() for low, high in corners) for y in WIDE] for x in NM])
    assert np.array_equal(covered, lost(NM[:, None], WIDE[None]))


def test_three_directions_are_a_row_of_maps_on_one_scale() -> None:
    data = dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE, "wavelength": np.arange(600.0, 661.0, 10.0)})
    figure = plots.sweep(data, GAIN)
    check(figure)
    panels = figure.axes[:4]
    assert [axes.get_title() for axes in panels] == ["wavelength 600 nm", "wavelength 620 nm", "wavelength 640 nm", "wavelength 660 nm"]
    for panel, nm in enumerate((600, 620, 640, 660)):
        assert of_map(figure, panel) == pytest.approx(peak(NM[:, None], WIDE[None], nm))
    assert len({axes.collections[0].get_clim() for axes in panels}) == 1
    assert any("4 of 7 values of wavelength" in text for text in texts(figure))


def test_of_further_directions_the_first_value_is_drawn_and_told() -> None:
    axes = {DRIVE: [10.0, 30.0], THICKNESS: NM, ITO: WIDE, "wavelength": [620.0, 630.0, 640.0]}
    figure = plots.sweep(dataset({GAIN: lambda j, nm, ito, w: j * peak(nm, ito, w)}, axes), GAIN)
    check(figure)
    assert of_map(figure, 1) == pytest.approx(10 * peak(NM[:, None], WIDE[None], 630))
    assert any("current density 10 A/cm² (first of 2)" in text for text in texts(figure))


def test_a_direction_with_one_value_is_in_the_title() -> None:
    figure = plots.sweep(dataset({GAIN: lambda nm, w: peak(nm, wavelength=w)}, {THICKNESS: NM, "wavelength": [620.0]}), GAIN)
    check(figure)
    assert any("A sweep, TE0, wavelength 620 nm" in text for text in texts(figure))


def test_numbers_run_upwards_however_they_were_written() -> None:
    data = dataset({GAIN: peak}, {THICKNESS: NM[::-1], ITO: WIDE})
    assert of_map(plots.sweep(data, GAIN)) == pytest.approx(peak(NM[:, None], WIDE[None]))


def test_axes_that_step_together_are_one_direction() -> None:
    pairs = {"layers.DBR-H.thickness": np.linspace(80, 90, 11), "layers.DBR-L.thickness": np.linspace(110, 120, 11)}
    figure = plots.sweep(dataset({"n_eff": lambda high, low: 1.5 + high * low / 1e5}, {"zip": pairs}), "n_eff")
    check(figure)
    assert figure.axes[0].get_xlabel() == "DBR-H thickness (nm), with DBR-L thickness 110 … 120 nm"
    assert figure.axes[0].get_ylabel() == r"$n_\mathrm{eff}$"


def test_names_are_points_alone_and_lines_beside_numbers() -> None:
    metals = np.array(["Ag", "Al", "Au $"])
    loss = {"Ag": 0.0, "Al": 100.0, "Au $": 50.0}
    of_metal = np.vectorize(loss.get, otypes=[float])
    alone = plots.sweep(dataset({GAIN: of_metal}, {"layers.Ag.material": metals}), GAIN)
    check(alone)
    assert [text.get_text() for text in alone.axes[0].get_xticklabels()] == ["Ag", "Al", r"Au \$"]
    assert alone.axes[0].get_lines()[0].get_ydata() == pytest.approx([0, 100, 50])
    beside = dataset({GAIN: lambda metal, nm: peak(nm) - of_metal(metal)}, {"layers.Ag.material": metals, THICKNESS: NM})
    figure = plots.sweep(beside, GAIN)
    check(figure)
    assert figure.legends[0].get_title().get_text() == "Ag material"
    assert figure.axes[0].get_lines()[1].get_ydata() == pytest.approx(peak(NM) - 100)


def sampled(count: int, *paths: str) -> dict[str, Any]:
    random = np.random.default_rng(1)
    return {"sample": {path: random.uniform(50, 150, count) for path in paths}}


@pytest.mark.parametrize(("variables", "panels"), [(1, 1), (2, 4), (3, 3), (8, 6)])
def test_samples_are_points_over_each_variable(variables: int, panels: int) -> None:
    """Of two variables a map of points (with its colour bar); of more than six the first six, which is told."""
    axes = sampled(60, *(f"layers.L{number}.thickness" for number in range(variables)))
    figure = plots.sweep(dataset({GAIN: lambda first, *_: peak(first)}, axes, lambda first, *_: first > 145), GAIN)
    check(figure)
    assert len([each for each in figure.axes if each.get_visible()]) == panels
    points: Any = np.ma.asarray(figure.axes[0].collections[0].get_offsets())
    seen = np.isfinite(np.ma.filled(points, np.nan)).all(axis=1)
    assert np.asarray(points[seen, 1]) == pytest.approx(peak(np.asarray(points[seen, 0])))
    assert any("60 samples, lost:" in text for text in texts(figure))
    assert any("the first 6 of 8 variables" in text for text in texts(figure)) == (variables == 8)


def test_samples_over_wavelength_are_a_median_and_a_range() -> None:
    axes = sampled(101, THICKNESS, ITO) | {"wavelength": np.arange(600.0, 661.0, 5.0)}
    figure = plots.sweep(dataset({GAIN: lambda nm, _, w: nm - w}, axes), GAIN)
    check(figure)
    nm = np.asarray(axes["sample"][THICKNESS])
    assert figure.axes[0].get_lines()[0].get_ydata() == pytest.approx(np.median(nm) - axes["wavelength"])
    assert legend(figure) == ["all samples", "8 of 10 samples", "median"]


@pytest.mark.parametrize("flat", [1.5, 0.0, -3e-9])
def test_a_quantity_that_does_not_change_can_be_drawn(flat: float) -> None:
    check(plots.sweep(dataset({GAIN: lambda nm: flat + 0 * nm}, {THICKNESS: NM}), GAIN))
    figure = plots.sweep(dataset({GAIN: lambda nm, ito: flat + 0 * nm * ito}, {THICKNESS: NM, ITO: WIDE}), GAIN)
    check_page(figure)
    assert len(figure.axes[1].get_yticks()) == 1  # of one value the bar has one number
    assert legend(figure) == [f"{'1.5' if flat > 1 else '0'} everywhere"]


def test_labels_of_contours_do_not_stand_on_one_another_where_a_quantity_is_steep() -> None:
    """From 0 to 700 within two columns: seven contours within 5 nm, whose labels would all stand at one place."""
    axes = {THICKNESS: NM, ITO: WIDE, "layers.Ag.material": np.array(["Ag", "Al", "Au"])}
    figure = plots.sweep(dataset({GAIN: lambda nm, ito, _: 350.0 * ((nm > 97) * 1.0 + (nm > 99)) + 0.1 * ito}, axes), GAIN)
    check(figure)
    renderer = drawn(figure)
    for panel in range(3):
        (contours,) = parts(figure, QuadContourSet, panel)
        labels = [text for text in contours.labelTexts if text.figure is not None]
        assert labels
        assert overlapping(labels, renderer) == []


def test_no_contour_is_drawn_across_a_jump() -> None:
    """Beyond the line ITO = 3.3 QD − 50 another mode is 150 per cm worse: contours end at it, on either side they are as ever.

    No vertex of a contour lies within a cell that the line goes through; 5 nm away from it some do, of both sides.
    """
    beyond: Any = lambda nm, ito: ito < 3.3 * nm - 50.0  # noqa: E731
    figure = plots.sweep(dataset({GAIN: lambda nm, ito: peak(nm, ito) - 350.0 * beyond(nm, ito)}, {THICKNESS: NM, ITO: WIDE}), GAIN)
    check(figure)
    (contours,) = parts(figure, QuadContourSet)
    vertices = np.concatenate([path.vertices for path in contours.get_paths() if len(path.vertices)])
    cells = np.searchsorted(NM, vertices[:, 0]) - 1, np.searchsorted(WIDE, vertices[:, 1]) - 1
    within = np.all([np.abs(vertices[:, [at]] - along).min(axis=1) > 1e-6 for at, along in enumerate((NM, WIDE))], axis=0)
    corners = [beyond(NM[cells[0][within] + x], WIDE[cells[1][within] + y]) for x in (0, 1) for y in (0, 1)]
    assert within.sum() > 100
    assert (np.all(corners, axis=0) | ~np.any(corners, axis=0)).all()
    for side in (beyond(*vertices.T), ~beyond(*vertices.T)):
        assert side.sum() > 50


def test_a_logarithmic_scale_is_for_what_is_read_in_decades() -> None:
    """Reflectances from 1e-3 to 1 are linear, and so is a net gain from 1 to 300; a threshold from 20 to 190 is not."""
    wide: Any = lambda nm: 1e-3 ** ((150.0 - nm) / 100.0)  # noqa: E731
    for name, scale in (("reflectance.TE", "linear"), ("confinement.QD", "linear"), (GAIN, "linear"), ("loss_per_cm", "log")):
        figure = plots.sweep(dataset({name: wide}, {THICKNESS: NM}), name)
        assert (name, figure.axes[0].get_yscale()) == (name, scale)
        figure = plots.sweep(dataset({name: lambda nm, ito: wide(nm) + 0 * ito}, {THICKNESS: NM, ITO: WIDE}), name)
        assert type(figure.axes[0].collections[0].norm).__name__ == ("LogNorm" if scale == "log" else "Normalize")
    threshold = "thresholds.net_gain.current_density_A_per_cm2"
    figure = plots.sweep(dataset({threshold: lambda nm, ito: 20 * wide(nm) ** -0.325 + 0 * ito}, {THICKNESS: NM, ITO: WIDE}), threshold)
    check_page(figure)
    drawn(figure)
    assert figure.axes[1].get_yscale() == "log"
    ticks = [text.get_text() for text in figure.axes[1].get_yticklabels(which="both") if text.get_text()]
    assert [text for text in ticks if not text.isdigit()] == []
    assert len(ticks) >= 3


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000], "log"),
        ([1, 2, 5, 10, 20, 50], "log"),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], "linear"),
        ([0, 1, 10, 100], "linear"),
        ([5, 10, 15], "linear"),
    ],
)
def test_a_ladder_of_drives_has_a_logarithmic_axis(values: list[float], scale: str) -> None:
    """1, 3, 10 and 1, 2, 5, 10 are ladders though their ratios differ; even steps, a zero and less than a decade are none."""
    figure = plots.sweep(dataset({GAIN: lambda j: np.sqrt(j)}, {DRIVE: values}), GAIN)
    check_page(figure)
    assert figure.axes[0].get_xscale() == scale


def test_what_is_counted_as_lost_is_drawn() -> None:
    """Five values of a third direction, four panels: the lost points of the fifth are not told, and the direction has its name."""
    data = dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE, "layers.Ag.thickness": [40.0, 80, 120, 160, 200]}, lambda nm, ito, ag: ag < 130)
    figure = plots.sweep(data, GAIN)
    assert legend(figure)[-1] == f"lost: {2 * 41 * 31} of {4 * 41 * 31} points"
    assert any("4 of 5 values of Ag thickness (nm)" in text for text in texts(figure))


def test_a_quality_factor_without_end_is_told() -> None:
    """A dark edge does not radiate: its Q is infinite, which is not "no value", and the page says where the other one is."""
    figure = plots.sweep(dataset({"dfb.q": lambda nm: np.inf + 0 * nm}, {THICKNESS: NM}), "dfb.q")
    check_page(figure)
    (told,) = [text for text in texts(figure) if "infinite" in text]
    assert "infinite: 41 of 41 points" in told
    assert "dfb.bright.q" in told
    some = plots.sweep(dataset({"dfb.q": lambda nm: np.where(nm < 100, np.inf, nm)}, {THICKNESS: NM}), "dfb.q")
    assert legend(some) == ["infinite: 20 of 41 points"]


@pytest.mark.parametrize("axes", [{THICKNESS: NM}, {THICKNESS: NM, ITO: WIDE}, {THICKNESS: [95.0]}, sampled(20, THICKNESS)], ids=str)
def test_nothing_but_lost_points_is_said(axes: dict[str, Any]) -> None:
    figure = plots.sweep(dataset({GAIN: lambda *all_of_them: 0.0 * sum(all_of_them)}, axes, lambda *_: True), GAIN)
    check_page(figure)
    assert any(f"lost: {swept_points(axes)} of {swept_points(axes)} points" in text for text in texts(figure))


def swept_points(axes: dict[str, Any]) -> int:
    return int(np.prod([len(next(iter(each.values()))) if isinstance(each, dict) else len(each) for each in axes.values()]))


def test_one_point_is_its_value() -> None:
    figure = plots.sweep(dataset({GAIN: peak}, {THICKNESS: [110.0]}), GAIN)
    check_page(figure)
    assert "net gain (cm⁻¹): 150" in texts(figure)


def test_verdicts_are_yes_and_no() -> None:
    name = "verdict.optical.lasing"
    check(plots.sweep(dataset({name: lambda nm: (nm > 100) * 1.0}, {THICKNESS: NM}), name))
    figure = plots.sweep(dataset({name: lambda nm, ito: (nm > ito - 200) * 1.0}, {THICKNESS: NM, ITO: WIDE}), name)
    check_page(figure)
    assert [text.get_text() for text in figure.axes[1].get_yticklabels()] == ["no", "yes"]


def test_what_has_no_value_is_told_apart_from_what_was_lost() -> None:
    """A threshold that is never reached is nan or infinite at a point that was computed."""
    name = "thresholds.net_gain.current_density_A_per_cm2"
    data = dataset({name: lambda nm, ito: np.where(nm < 100, np.inf, nm + ito)}, {THICKNESS: NM, ITO: WIDE}, lambda nm, ito: ito > 340)
    figure = plots.sweep(data, name)
    check(figure)
    assert legend(figure)[2:] == ["lost: 82 of 1271 points", "no value: 580 of 1271 points"]


def test_equal_ratios_have_a_logarithmic_axis_and_their_cells_tile_it() -> None:
    ladder = np.geomspace(1.0, 1000.0, 31)
    figure = plots.sweep(dataset({GAIN: lambda j: np.log(j)}, {DRIVE: ladder}), GAIN)
    check(figure)
    assert figure.axes[0].get_xscale() == "log"
    data = dataset({GAIN: lambda j, nm: np.log(j) * nm}, {DRIVE: ladder, THICKNESS: NM})
    figure = plots.sweep(data, GAIN)
    check(figure)
    edges = swept(data, GAIN).directions[0].edges
    assert edges[1:] / edges[:-1] == pytest.approx(np.full(31, 10**0.1))
    assert figure.axes[0].get_xlim() == pytest.approx((edges[0], edges[-1]))


def test_a_few_extreme_points_do_not_take_all_the_shades() -> None:
    """One point in a thousand at −1e5 per cm: the shades end at the 2 % quantile, and the colour bar points beyond."""
    one: Any = lambda nm, ito: peak(nm, ito) - 1e5 * ((nm == 50) & (ito == 150))  # noqa: E731
    figure = plots.sweep(dataset({GAIN: one}, {THICKNESS: NM, ITO: WIDE}), GAIN)
    check(figure)
    low, high = figure.axes[0].collections[0].get_clim()
    assert -89 < low < -70
    assert high == pytest.approx(150)


def test_a_million_points_are_a_small_figure(tmp_path: Path) -> None:
    """1000 × 1000 points and 2e5 along a line: PDF below 3 MB each (maps are pixels, lines are thinned)."""
    many = np.linspace(50, 150, 1000)
    plots.save_sweep(dataset({GAIN: peak}, {THICKNESS: many, ITO: many + 100}), tmp_path / "map")
    plots.save_sweep(dataset({GAIN: peak}, {THICKNESS: np.linspace(50, 150, 200_000)}), tmp_path / "line")
    assert all(file.stat().st_size < 3e6 for file in tmp_path.rglob("*.pdf"))


def test_figures_are_saved_for_each_quantity(tmp_path: Path) -> None:
    """PNG and PDF of each, under names that any system takes."""
    quantities = {GAIN: peak, 'confinement."my / layer"': lambda nm: nm / 200}
    files = plots.save_sweep(dataset(quantities, {THICKNESS: NM}), tmp_path / "new")
    assert [file.name for file in files] == [
        "net_gain_per_cm.png",
        "net_gain_per_cm.pdf",
        "confinement.-my-layer.png",
        "confinement.-my-layer.pdf",
    ]
    assert all(file.stat().st_size > 5000 for file in files)


def test_a_result_that_was_written_and_read_is_drawn_alike(tmp_path: Path) -> None:
    """NetCDF keeps names, units and flags: the same map from result.nc."""
    data = dataset({GAIN: peak}, {THICKNESS: NM, ITO: WIDE}, lambda nm, ito: nm + ito < 210)
    save_netcdf(data, tmp_path / "result.nc")
    with xarray.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as read:
        assert of_map(plots.sweep(read, GAIN)) == pytest.approx(of_map(plots.sweep(data, GAIN)), nan_ok=True)
