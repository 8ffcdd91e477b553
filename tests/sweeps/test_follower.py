"""One mode followed from point to point, against searches on the stack of each."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.errors import ArgumentError, ModeSearchError, StackError
from qdphotonics.laser import PumpedMode, pumped_stack
from qdphotonics.laser.analysis import medium_of
from qdphotonics.sweeps.follower import Follower
from qdphotonics.sweeps.space import DesignSpace

M2 = qdp.load_stack("jung2022-lito-ag")
PATHS = ["layers.QD.thickness", "layers.L-ITO.thickness", "wavelength", "drive.current_density_A_per_cm2"]


def test_every_point_is_the_mode_of_its_stack() -> None:
    """A walk of ten random points of four numbers: n_eff, confinement and derivatives as of ``modes``, net gain as of ``analyze``.

    M2 has one TE mode on the way, so TE0 of each stack is the one. 1e-12 in n_eff and relatively, 1e-9 cm⁻¹ in net gain.
    """
    space = DesignSpace.of(M2, PATHS)
    follower = Follower.of(space, [95, 250, 630, 30], "TE0")
    low, high = np.array([60, 200, 600, 1]), np.array([140, 330, 660, 100])
    for values in low + (high - low) * np.random.default_rng(4).random((10, 4)):
        reached = follower.to(values)
        stack = space.changed(values)
        mode = qdp.find_modes(stack, polarization="TE")["TE0"]
        gain = float(medium_of(stack, None).gain_per_cm(values[3]))
        assert reached is follower.here
        assert reached.passive.n_eff == pytest.approx(mode.n_eff, abs=1e-12)
        assert reached.passive.wavelength_nm == values[2]
        assert reached.passive.confinement_intensity == pytest.approx(mode.solution.confinement.intensity, abs=1e-12)
        assert reached.passive.sensitivity.index == pytest.approx(mode.solution.sensitivity.index, abs=1e-11)
        assert reached.pumped is not None
        net_gain = PumpedMode(pumped_stack(stack), mode).net_gain_per_cm(gain)
        assert -reached.pumped.loss_per_cm == pytest.approx(net_gain, abs=1e-6)
        assert np.array_equal(reached.arrays.thickness_nm[0], stack.thickness_nm)
    assert follower.calls == 11


def test_a_mode_that_ends_is_not_replaced() -> None:
    """A film thinned through TE1's cut-off: an error that says where, the last point kept, and on from there as if nothing was."""
    film = qdp.load_stack(
        {
            "name": "film",
            "wavelength": 633,
            "substrate": {"n": 1.45},
            "superstrate": "air",
            "layers": [{"name": "F", "material": {"n": 2.0}, "thickness": 450}],
        }
    )
    follower = Follower.of(DesignSpace.of(film, ["layers.F.thickness"]), [450], "TE1")
    assert follower.here.pumped is None
    before = follower.here
    with pytest.raises(ModeSearchError, match=r"mode TE1 ends, .* on the way to layers.F.thickness = 150"):
        follower.to([150])
    assert follower.here is before
    assert follower.to([440]).passive.n_eff.real < before.passive.n_eff.real
    assert follower.calls == 3


def test_the_mode_keeps_its_identity_where_its_label_changes() -> None:
    """A film thickened until it has more modes than at first, within a range of n_eff: TE1 stays TE1 to the last."""
    space = DesignSpace.of(M2, ["layers.L-ITO.thickness"])
    follower = Follower.of(space, [250], "TM0", n_range=(1.3, 1.6))  # the third of all TM modes, the first of this range
    first = follower.here.passive.n_eff
    assert qdp.find_modes(M2, polarization="TM")["TM1"].n_eff == pytest.approx(first, abs=1e-12)
    for nm in (400, 600, 250):
        reached = follower.to([nm]).passive.n_eff
    assert reached == pytest.approx(first, abs=1e-12)


def test_what_cannot_be_followed_is_told() -> None:
    """No such mode, no such label, no such stack: each its own error, before anything is followed."""
    space = DesignSpace.of(M2, ["layers.QD.thickness"])
    with pytest.raises(ModeSearchError, match="no mode TE3 at 630 nm; the modes found are: TE0"):
        Follower.of(space, [95], "TE3")
    with pytest.raises(ArgumentError, match='must be a label such as "TE0" or "TM1", but is "best"'):
        Follower.of(space, [95], "best")
    with pytest.raises(StackError, match="thickness must be > 0"):
        Follower.of(space, [95], "TE0").to([-3])
