"""Fields along the normal."""

from __future__ import annotations

import numpy as np
import pytest

from qdphotonics.optics import fields, find_modes
from qdphotonics.stacks import Stack


def test_the_share_of_the_field_in_a_layer_is_its_confinement(slab: Stack) -> None:
    """Gamma = int_core |E|^2 / int |E|^2, by the trapezoidal rule on 40,000 points out to 30 decay lengths: 1e-6."""
    mode = find_modes(slab)["TE0"]
    z = np.linspace(-3000.0, 3300.0, 40_001)
    profile = fields(mode, z)
    core = np.array(profile.layer) == "core"
    share = profile.intensity[core].sum() / profile.intensity.sum()
    assert share == pytest.approx(mode.confinement["core"].intensity, abs=1e-3 * 6300 / 300)
    finer = np.trapezoid(np.where(core, profile.intensity, 0.0), z) / np.trapezoid(profile.intensity, z)
    assert finer == pytest.approx(mode.confinement["core"].intensity, abs=1e-4)


def test_the_largest_intensity_is_one_and_the_components_are_those_of_the_polarization(silver_led: Stack) -> None:
    """TE: E along y alone. TM: H along y alone. Scale: max |E|^2 = 1, wherever the mode is closed."""
    for mode in find_modes(silver_led):
        profile = fields(mode)
        closed = np.array([not mode.open.get(name, False) for name in profile.layer])
        assert profile.intensity[closed].max() == pytest.approx(1.0, abs=1e-9)
        single = profile.electric if mode.polarization == "TE" else profile.magnetic
        assert np.all(single[[0, 2]] == 0)
        assert np.abs(single[1]).max() > 0


def test_points_know_their_layer_and_its_index(slab: Stack) -> None:
    mode = find_modes(slab)["TM0"]
    profile = fields(mode, np.array([-10.0, 150.0, 310.0]))
    assert profile.layer == ("substrate", "core", "superstrate")
    assert profile.index.tolist() == [1.5, 2.0, 1.5]


def test_the_scale_does_not_depend_on_the_points_asked_for(slab: Stack) -> None:
    mode = find_modes(slab)["TE0"]
    alone = fields(mode, np.array([20.0]))
    among = fields(mode, np.array([0.0, 20.0, 300.0]))
    assert alone.intensity[0] == among.intensity[1]
    assert alone.intensity[0] < 1


def test_the_drawn_tail_ends_where_little_is_left(slab: Stack) -> None:
    """A closed tail is drawn to e^-4 of its intensity at the interface."""
    profile = fields(find_modes(slab)["TE0"])
    edge = np.searchsorted(profile.z_nm, 0.0)
    assert profile.intensity[0] == pytest.approx(np.exp(-4) * profile.intensity[edge], rel=1e-6)
