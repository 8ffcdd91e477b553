"""Modes followed through batches: against searches at every point, through cut-off, crossings and an exceptional point."""

from __future__ import annotations

import numpy as np
import pytest

from qdphotonics.errors import ArgumentError
from qdphotonics.planar import TrackedModes, find_modes, track_modes
from qdphotonics.planar.results import Polarization
from tests.planar.stacks_at_random import random_stack

SILVER = [1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0]
THICKNESS = np.array([250.0, 95.0, 50.0, 10.0, 100.0])


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("seed", range(6))
def test_every_point_is_a_mode_of_its_stack(seed: int, polarization: Polarization) -> None:
    """Index, thickness and wavelength all change; each followed mode that is on the sheet is in the search there.

    n_eff, confinement and derivatives to 1e-9: both come from the same zero of D, found from elsewhere.
    """
    stack = random_stack(seed, most_layers=15, uniaxial=True)
    rng = np.random.default_rng(seed)
    way = np.linspace(0.0, 1.0, 41)[:, None]
    thickness = stack.thickness_nm * (1 + 0.05 * way * rng.uniform(-1, 1, stack.thickness_nm.size))
    index = stack.index + 0.02 * way * rng.uniform(-1, 1, stack.index.size)
    extraordinary = stack.index_extraordinary + 0.02 * way * rng.uniform(-1, 1, stack.index.size)
    wavelength = stack.wavelength_nm * (1 + 0.02 * way[:, 0])
    first = find_modes(index[0], thickness[0], wavelength[0], polarization, index_extraordinary=extraordinary[0])
    tracks = track_modes(index, thickness, wavelength, polarization, first, index_extraordinary=extraordinary)
    assert tracks.n_eff.shape == (len(first.modes), 41)
    assert (tracks.status == "lost").sum() == 0
    for point in (0, 13, 40):
        listed = find_modes(
            index[point], thickness[point], wavelength[point], polarization, index_extraordinary=extraordinary[point], max_loss_per_cm=2e4
        ).modes
        for mode in np.flatnonzero(tracks.on_sheet[:, point] & (np.abs(tracks.loss_per_cm[:, point]) < 1.9e4)):
            near = min(listed, key=lambda each: abs(each.n_eff - tracks.n_eff[mode, point]))
            if near.multiplicity > 1:
                continue
            assert abs(near.n_eff - tracks.n_eff[mode, point]) < 1e-9
            apart = min((abs(near.n_eff - other.n_eff) for other in listed if other is not near), default=1.0)
            assert np.abs(near.confinement.intensity - tracks.confinement_intensity[mode, point]).max() < 1e-12 / apart + 1e-9
            assert near.open == tuple(tracks.open[mode, point])


def test_no_two_tracks_end_in_one_mode() -> None:
    """Eleven modes of the Bragg stack over a wide sweep: distinct to the end, and none lost."""
    index = [1.52, *[2.30, 1.46] * 10, 1.85 + 0.0035j, 1.8, 1.85, 1.75, 1.75, 0.056 + 4.28j, 1.0]
    thickness = np.array([*[70.0, 110.0] * 10, 50.0, 40.0, 50.0, 60.0, 10.0, 100.0])
    sweep = np.tile(thickness, (60, 1))
    sweep[:, 22] += np.linspace(0.0, 120.0, 60)
    tracks = track_modes(index, sweep, 640.0, "TE", find_modes(index, thickness, 640.0, "TE", max_loss_per_cm=25000))
    assert (tracks.status == "tracked").all()
    apart = np.abs(tracks.n_eff[:, None] - tracks.n_eff[None, :]) + np.eye(11)[..., None]
    assert apart.min() > 1e-3


def there_and_back(thickness: np.ndarray, index: list[complex], polarization: Polarization) -> TrackedModes:
    rows = np.concatenate([thickness, thickness[::-1]])[:, None]
    return track_modes(index, rows, 633.0, polarization, find_modes(index, rows[0], 633.0, polarization, n_range=(1.45, 2.1)))


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_through_cut_off_and_back(polarization: Polarization) -> None:
    """A film thinned through its fundamental mode's cut-off: the mode goes on beyond the branch cut, says so, and comes back.

    tan(k d) = k (gamma_s + gamma_c)/(k^2 - gamma_s gamma_c), gamma weighted by 1 (TE) or (n_f/n)^2 (TM), with gamma_s < 0 on
    the improper sheet. Out and back must agree to 1e-12 at every thickness.
    """
    thickness = np.linspace(120.0, 20.0, 101)
    tracks = there_and_back(thickness, [1.45, 2.0, 1.0], polarization)
    assert (tracks.status == "tracked").all()
    assert tracks.on_sheet[0, 0]
    assert not tracks.on_sheet[0, 100]
    assert tracks.kind[0, 0] == "guided"
    assert tracks.n_eff[0, :101] == pytest.approx(tracks.n_eff[0, 101:][::-1], abs=1e-12)
    guided = tracks.on_sheet[0, :101]
    assert guided[: guided.argmin()].all()
    assert not guided[guided.argmin() :].any()  # one change, at cut-off
    k0, (n_s, n_f, n_c) = 2 * np.pi / 633.0, (1.45, 2.0, 1.0)
    bound = (np.abs(tracks.n_eff[0, :101].imag) < 1e-12) & (tracks.n_eff[0, :101].real < n_f)  # TM: kappa_s = -i gamma may outgrow k
    n, thickness, guided = tracks.n_eff[0, :101].real[bound], thickness[bound], guided[bound]
    assert n.size > 40
    assert not guided[-1]
    weight_s, weight_c = (1.0, 1.0) if polarization == "TE" else ((n_f / n_s) ** 2, (n_f / n_c) ** 2)
    k, gamma_c = np.sqrt(n_f**2 - n**2), weight_c * np.sqrt(n**2 - n_c**2)
    gamma_s = weight_s * np.sqrt(n**2 - n_s**2) * np.where(guided, 1.0, -1.0)
    mismatch = np.sin(k0 * k * thickness) * (k**2 - gamma_s * gamma_c) - np.cos(k0 * k * thickness) * k * (gamma_s + gamma_c)
    assert np.abs(mismatch).max() < 1e-9  # closed form of the asymmetric slab, on both sheets


def test_crossing_of_guides_that_do_not_meet() -> None:
    """Two guides 9 µm apart, one thickened past the other: neither knows of the other, so each keeps its own n_eff.

    The fixed guide's n_eff stays to 1e-9; or the crossing is reported as re-solved. Never swapped in silence.
    """
    index = [1.5, 1.75, 1.5, 1.75, 1.5]
    sweep = np.array([[300.0 + d, 9000.0, 400.0] for d in np.linspace(0.0, 203.0, 30)])
    first = find_modes(index, sweep[0], 633.0, "TE", n_range=(1.6, 1.8))
    tracks = track_modes(index, sweep, 633.0, "TE", first)
    fixed, moving = sorted(range(2), key=lambda mode: -first.modes[mode].n_eff.real)
    if (tracks.status[fixed] == "tracked").all():
        assert np.abs(tracks.n_eff[fixed] - tracks.n_eff[fixed, 0]).max() < 1e-9
        assert (np.diff(tracks.n_eff[moving].real) > 0).all()
    assert tracks.n_eff[moving, -1].real > tracks.n_eff[fixed, -1].real
    assert (tracks.status != "lost").all()


def test_avoided_crossing_does_not_depend_on_the_step() -> None:
    """Coupled guides (gap 1.1 µm): the two n_eff repel. Eight coarse steps must end where 4,000 fine ones end."""
    index = [1.5, 1.75, 1.5, 1.75, 1.5]

    def swept(points: int) -> TrackedModes:
        sweep = np.array([[350.0 + d, 1100.0, 400.0] for d in np.linspace(0.0, 100.0, points)])
        return track_modes(index, sweep, 633.0, "TE", find_modes(index, sweep[0], 633.0, "TE", n_range=(1.6, 1.8)))

    coarse, fine = swept(9), swept(4001)
    assert (fine.status == "tracked").all()
    assert coarse.n_eff[:, -1] == pytest.approx(fine.n_eff[:, -1], abs=1e-12)
    assert (fine.n_eff[0].real > fine.n_eff[1].real).all()  # they repel: the upper stays the upper


def test_through_an_exceptional_point() -> None:
    """Two coupled guides, loss in one and gain in the other growing together: the two modes meet, then split into a pair.

    By symmetry the pair is conjugate beyond: sum real, difference imaginary. Which of the two is which is a matter of
    choice there: the product must say re-solved, or have passed beside the point and be the same for finer steps.
    """

    def stacks(points: int) -> np.ndarray:
        k = np.linspace(0.0, 4e-3, points)
        return np.stack([np.array([1.5, 1.75 + 1j * each, 1.5, 1.75 - 1j * each, 1.5]) for each in k])

    index = stacks(201)
    thickness = [400.0, 800.0, 400.0]
    tracks = track_modes(index, thickness, 633.0, "TE", find_modes(index[0], thickness, 633.0, "TE", n_range=(1.6, 1.8)))
    split = np.abs(tracks.n_eff[0].imag - tracks.n_eff[1].imag) > 1e-7
    assert not split[0]
    assert split[-1]
    assert (tracks.status != "lost").all()
    meeting = int(split.argmax())
    assert (tracks.status[:, meeting - 1 : meeting + 1] == "re-solved").any()
    assert tracks.n_eff.sum(axis=0).imag == pytest.approx(0.0, abs=1e-9)
    for point in (meeting + 3, 200):
        pair = sorted((mode.n_eff for mode in find_modes(index[point], thickness, 633.0, "TE", n_range=(1.6, 1.8)).modes), key=np.imag)
        assert sorted(tracks.n_eff[:, point], key=np.imag) == pytest.approx(pair, abs=1e-9)


def test_a_mode_that_ends_is_lost_not_replaced() -> None:
    """A mode that no search finds again is lost from there on: all its numbers are nan, the others go on.

    A film's index jumps from 2.0 to 1.5 in one step: of its four modes only what the new film guides can remain.
    """
    index = np.array([[1.45, 2.0, 1.45]] * 3 + [[1.45, 1.5, 1.45]] * 3)
    first = find_modes(index[0], [900.0], 633.0, "TE", n_range=(1.45, 2.1))
    assert len(first.modes) >= 3
    tracks = track_modes(index, [900.0], 633.0, "TE", first)
    assert (tracks.status[:, :3] == "tracked").all()
    kept = tracks.status[:, -1] != "lost"
    assert np.isfinite(tracks.n_eff[kept, -1]).all()
    assert np.isnan(tracks.n_eff[~kept, -1]).all()
    ends = tracks.n_eff[kept & tracks.on_sheet[:, -1], -1]
    listed = [mode.n_eff for mode in find_modes(index[-1], [900.0], 633.0, "TE", max_loss_per_cm=1e5).modes]
    assert all(min(abs(end - each) for each in listed) < 1e-9 for end in ends)


@pytest.mark.parametrize("ahead", [3, 30])
def test_a_mode_that_ends_does_not_take_the_place_of_one_that_nobody_follows(ahead: int) -> None:
    """The highest mode of a film, followed alone while the film fades to an index at which only lower modes are left.

    Its last n_eff is within reach of TE0's. Followed back from there, TE0 comes to where TE0 was, without a doubt: the mode is
    lost, and not found again in TE0's place.
    """
    index = np.array([[1.45, n, 1.45] for n in np.linspace(1.9, 1.5, ahead)])
    search = find_modes(index[0], [900.0], 633.0, "TE", n_range=(1.45, 2.1))
    tracks = track_modes(index, [900.0], 633.0, "TE", [search.modes[-1]])
    lowest = find_modes(index[-1], [900.0], 633.0, "TE", n_range=(1.45, 2.1)).modes
    there = tracks.n_eff[0, -1]
    assert np.isnan(there) or not tracks.on_sheet[0, -1] or min(abs(there - mode.n_eff) for mode in lowest) > 1e-6
    assert tracks.status[0, -1] != "re-solved"


def test_batch_of_two_axes_and_threads() -> None:
    """Rows are followed from the first column; threads change nothing, to the bit. Shapes are [mode, …batch, layer]."""
    qd, spacer = np.linspace(80.0, 120.0, 12), np.linspace(30.0, 70.0, 7)
    thickness = np.tile(THICKNESS, (7, 12, 1))
    thickness[..., 1], thickness[..., 2] = qd, spacer[:, None]
    first = find_modes(SILVER, thickness[0, 0], 640.0, "TM")
    one, two = (track_modes(SILVER, thickness, 640.0, "TM", first, threads=threads) for threads in (1, 2))
    modes = len(first.modes)
    assert one.n_eff.shape == (modes, 7, 12)
    assert one.sensitivity.thickness_per_nm.shape == (modes, 7, 12, 5)
    assert one.confinement_intensity.shape == (modes, 7, 12, 7)
    assert np.array_equal(one.n_eff, two.n_eff)
    assert np.array_equal(one.sensitivity.index, two.sensitivity.index)
    last = find_modes(SILVER, thickness[-1, -1], 640.0, "TM", max_loss_per_cm=2e4).modes
    for mode in range(modes):
        assert min(abs(each.n_eff - one.n_eff[mode, -1, -1]) for each in last) < 1e-11


def test_one_point_and_no_modes() -> None:
    """A batch of one stack returns its own modes; nothing to follow gives empty arrays."""
    first = find_modes(SILVER, THICKNESS, 640.0, "TM")
    tracks = track_modes(SILVER, THICKNESS, 640.0, "TM", first)
    assert tracks.n_eff.shape == (3,)
    assert tracks.n_eff == pytest.approx([mode.n_eff for mode in first.modes], abs=0)
    assert track_modes(SILVER, [THICKNESS] * 4, 640.0, "TM", ()).n_eff.shape == (0, 4)


@pytest.mark.parametrize("points", [2, 41])
def test_a_row_in_which_modes_meet_is_followed_as_if_it_were_alone(points: int) -> None:
    """Rows go to the kernel together; those in which a mode is given up are followed by themselves, the others after them too.

    Five rows of coupled guides whose loss and gain grow to five ends, two of them through an exceptional point; each row must be
    what a batch of that row alone gives, status and all. All rows begin at one stack, so not a bit may differ before a meeting.
    """
    ends = np.array([5e-5, 4e-3, 2e-5, 5e-3, 0.0])
    k = ends[:, None] * np.linspace(0.0, 1.0, points)
    zero = np.zeros_like(k)
    index = np.stack([zero + 1.5, 1.75 + 1j * k, zero + 1.5, 1.75 - 1j * k, zero + 1.5], axis=-1)
    thickness = [400.0, 800.0, 400.0]
    first = find_modes(index[0, 0], thickness, 633.0, "TE", n_range=(1.6, 1.8))
    together = track_modes(index, thickness, 633.0, "TE", first)
    for row in range(5):
        alone = track_modes(index[row], thickness, 633.0, "TE", first)
        assert np.array_equal(together.status[:, row], alone.status)
        for symmetric in (np.sum, np.prod):  # which of the two is which is a matter of choice beyond the meeting
            assert symmetric(together.n_eff[:, row], axis=0) == pytest.approx(symmetric(alone.n_eff, axis=0), abs=1e-12)
        if row in (0, 2, 4):
            assert np.array_equal(together.n_eff[:, row], alone.n_eff)
            assert np.array_equal(together.confinement_intensity[:, row], alone.confinement_intensity)
    assert {str(each) for each in together.status[0, 1]} == {"tracked", "re-solved"}
    assert (together.status[:, [0, 2, 4]] == "tracked").all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"thickness_nm": [THICKNESS[:4]]}, "Argument `index` must have layer + 2 = 6 entries on its last axis, but it has 7"),
        ({"wavelength_nm": [640.0, 641.0, 642.0], "thickness_nm": [THICKNESS] * 2}, "Argument `index` must broadcast with"),
        ({"wavelength_nm": -1.0}, "Argument `wavelength_nm` must be > 0"),
        ({"polarization": "TM"}, "Argument `start` must hold TM modes of the batch's first stack, but TE0 belongs to another"),
        ({"wavelength_nm": 641.0}, "Argument `start` must hold TE modes of the batch's first stack, but TE0 belongs to another"),
        ({"threads": 0}, "Argument `threads` must be at least 1, but it is 0"),
    ],
)
def test_bad_arguments(changes: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"index": SILVER, "thickness_nm": THICKNESS, "wavelength_nm": 640.0, "polarization": "TE"}
    start = find_modes(SILVER, THICKNESS, 640.0, "TE")
    with pytest.raises(ArgumentError) as raised:
        track_modes(**{**arguments, "start": start, **changes})  # type: ignore[arg-type]
    assert str(raised.value).startswith(message)


TWO_GUIDES = [1.45, 2.1, 1.45, 2.1, 1.45]


def exchanged(gap: float, points: int, alone: bool) -> TrackedModes:
    """Two guides, 180 and 220 nm, that become 220 and 180 nm: equal half-way, so that their modes repel there."""
    first, last = np.array([180.0, gap, 220.0]), np.array([220.0, gap, 180.0])
    search = find_modes(TWO_GUIDES, first, 600.0, "TE", n_range=(1.45, 2.1))
    way = np.linspace(0.0, 1.0, points)[:, None]
    return track_modes(TWO_GUIDES, first + (last - first) * way, 600.0, "TE", search.modes[:1] if alone else search)


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("points", [2, 11, 12, 101])
@pytest.mark.parametrize("gap", [300.0, 600.0, 1300.0, 2000.0])
def test_neighbours_that_repel_are_never_swapped_in_silence(gap: float, points: int, alone: bool) -> None:
    """Gaps in n_eff from 5e-3 to below 1e-8, in one step or many, a point on the twins or not, the neighbour asked for or not.

    The symmetric end is the start: the upper mode ends where it began, or says re-solved; no two end in one mode.
    """
    tracks = exchanged(gap, points, alone)
    upper = tracks.n_eff[0]
    assert abs(upper[-1] - upper[0]) < 1e-9 or "re-solved" in tracks.status[0]
    if gap <= 600.0:
        assert (tracks.status == "tracked").all()
    if not alone:
        assert np.abs(tracks.n_eff[0, -1] - tracks.n_eff[1, -1]) > 0.04
        if "re-solved" in tracks.status[0] and gap > 1000.0:
            assert "re-solved" in tracks.status[1]


def test_rows_of_a_batch_need_no_further_compilation() -> None:
    """A row of a larger batch reaches the kernel as arrays of its own: every other layout would compile it again."""
    from qdphotonics.planar.tracking_rows import track_row, track_rows

    first = find_modes(SILVER, THICKNESS, 640.0, "TE")
    track_modes(SILVER, np.tile(THICKNESS, (2, 2, 1)), 640.0, "TE", first)
    before = [len(getattr(kernel, "signatures", ())) for kernel in (track_row, track_rows)]
    track_modes(SILVER, np.tile(THICKNESS, (2, 3, 2, 1)), 640.0, "TE", first, threads=2)
    assert [len(getattr(kernel, "signatures", ())) for kernel in (track_row, track_rows)] == before
