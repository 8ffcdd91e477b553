"""What leaves the edge of a stack: Fresnel's formula for wide modes, total reflection, a full solution of the edge, the stripe's share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import qdphotonics as qdp
from qdphotonics.errors import ArgumentError
from qdphotonics.laser.facet import ANGLES_RAD, edge_transmission
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.lateral import joined_width_nm, lateral_modes
from qdphotonics.laser.stripe import amplify
from qdphotonics.optics import StackMode
from qdphotonics.stacks import Stack

WIDE = (1.699, 1.7)  # the lowest mode of a wide film


def slab(core: float, around: float, thickness_nm: float) -> Stack:
    return qdp.load_stack(
        {
            "name": "slab",
            "wavelength": 640,
            "substrate": {"n": around},
            "superstrate": {"n": around},
            "layers": [{"name": "core", "material": {"n": core}, "thickness": thickness_nm}],
        }
    )


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_a_wide_mode_is_a_plane_wave(polarization: Any) -> None:
    """A film of 20 wavelengths, n = 1.7: T = 4 n/(1 + n)^2 at right angles, to the squared angles in the mode, (1/40)^2."""
    mode = qdp.find_modes(slab(1.7, 1.69, 12800.0), polarization=polarization, n_range=WIDE)[f"{polarization}0"]
    assert edge_transmission(mode)[0] == pytest.approx(4 * 1.7 / 2.7**2, abs=2e-3)


def test_at_an_angle_it_is_fresnels_too() -> None:
    """The same film: with cosines c in it and c' in air, 4 n c c'/(n c + c')^2 (scalar), until sin > 1/n; then nothing."""
    transmission = edge_transmission(qdp.find_modes(slab(1.7, 1.69, 12800.0), polarization="TE", n_range=WIDE)["TE0"])
    along = 1.7 * np.sin(ANGLES_RAD)
    passing = along < 0.98
    inside, outside = np.sqrt(1.7**2 - along[passing] ** 2), np.sqrt(1 - along[passing] ** 2)
    assert transmission[passing] == pytest.approx(4 * inside * outside / (inside + outside) ** 2, abs=5e-3)
    assert transmission[along > 1.02].max() < 0.03  # what the film's width spreads across the critical angle


def test_narrow_modes_of_te_are_reflected_more_and_of_tm_less() -> None:
    """Ikegami, IEEE J. Quantum Electron. 8, 470 (1972): a guide of half a wavelength; Fresnel's R lies between TE and TM."""
    guide = slab(1.9, 1.5, 300.0)
    te, tm = (qdp.find_modes(guide, polarization=name)[f"{name}0"] for name in ("TE", "TM"))
    fresnel = [4 * mode.n_eff.real / (1 + mode.n_eff.real) ** 2 for mode in (te, tm)]
    assert edge_transmission(te)[0] < fresnel[0] - 0.02
    assert edge_transmission(tm)[0] > fresnel[1] + 0.01


def of_the_whole_edge(mode: StackMode) -> float:
    """Transmitted power of TE by all modes of guide and air, in a box of sines.

    E'' = -A E in the guide and -B E in air (k0 = 1), E and its slope along x continuous: (sqrt A + sqrt B) E = 2 n_eff phi.
    """
    nm, count = mode.wavelength_nm, 240
    thickness = float(mode.solution.thickness_nm.sum())
    length = (thickness + 16 * nm) * 2 * np.pi / nm
    points = 6000
    z = (np.arange(points) + 0.5) * length / points
    place = (z / (2 * np.pi) - 8) * nm
    index = mode.solution.index[np.searchsorted(np.concatenate([[0.0], np.cumsum(mode.solution.thickness_nm)]), place)]
    sines = np.sqrt(2 / length) * np.sin(np.arange(1, count + 1)[:, None] * np.pi * z / length)
    squares = (np.arange(1, count + 1) * np.pi / length) ** 2
    guide = (sines * index**2) @ sines.T * (length / points) - np.diag(squares)
    values, vectors = np.linalg.eig(guide)
    roots = np.sqrt(values + 0j)
    roots = np.where(roots.real + roots.imag < 0, -roots, roots)
    at = int(np.argmin(np.abs(roots - mode.n_eff)))
    phi, air = vectors[:, at], np.sqrt(1 - squares + 0j)
    edge = np.linalg.solve((vectors * roots) @ np.linalg.inv(vectors) + np.diag(air), 2 * roots[at] * phi)
    return float((np.abs(edge) ** 2 @ air.real) / (roots[at].real * np.vdot(phi, phi).real))


@pytest.mark.parametrize(
    ("stack", "label", "within"), [("jung2022-lito-ag", "TE0", 0.04), ("roh2020-lito", "TE0", 0.06), ("ahn2023-brw", "TE10", 0.12)]
)
def test_a_full_solution_of_the_edge(stack: str, label: str, within: float) -> None:
    """All modes of guide and air instead of one: they take 3 to 6 points of the power of common modes, 10 of a Bragg mode's."""
    mode = qdp.find_modes(stack, polarization="TE")[label]
    whole = of_the_whole_edge(mode)
    assert whole < edge_transmission(mode)[0] < whole + within


def joined_um(distance_um: float, width_um: float, power: int) -> float:
    """2 int_0^atan(W/l) (W - l tan phi) cos^power phi dphi."""

    def across(phi: float) -> float:
        return float((width_um - distance_um * np.tan(phi)) * np.cos(phi) ** power)

    return float(2 * quad(across, 0, np.arctan2(width_um, distance_um))[0])


def test_the_share_of_a_stripe_counts_angles_as_its_modes_do() -> None:
    """T = cos^2 phi: of M(l) lambda/n_eff, whose angles these are, its integral with T leaves. Quadrature in the middle of the cells, 5e-3:
    near the edge a cell sends to many angles, and T is a line over 3 degrees."""
    assert joined_um(5.0, 30.0, 0) == pytest.approx(1e-3 * float(joined_width_nm(5e3, 3e4)), rel=1e-9)
    guide = Guide([640.0], 0.2, 10.0, effective_index=1.7, edge_transmission=np.cos(ANGLES_RAD)[None, None] ** 2)
    cells, width, length = 60, 30.0, 300.0
    leaving = lateral_modes(Stripe(length, width), guide, cells).leaving[0, 0]
    distances = [(cells - source - 0.5) * length / cells for source in range(cells)]
    expected = np.array([joined_um(distance, width, 2) / joined_um(distance, width, 0) for distance in distances])
    assert leaving[:-1] == pytest.approx(expected[:-1], rel=5e-3)  # the last cell's mean is not its middle's value
    assert leaving[:-10] == pytest.approx(expected[:-10], rel=1e-3)


def test_what_does_not_leave_changes_nothing_else() -> None:
    """T = 0.5 of every angle: half the power at the edge, the same waves in the stripe."""
    found = qdp.ase("jung2022-lito-ag", current_density_A_per_cm2=[300.0], mode="TE0").light
    film = DotFilm.of_medium(qdp.load_medium("ccg-QD"), found.guide.wavelength_nm, 1.9, 3.0)
    guides = (replace(found.guide, edge_transmission=share) for share in (1.0, 0.5))
    whole, half = (amplify(film, guide, found.stripe, found.pair_rate_per_ns) for guide in guides)
    assert half.edge_power_W == pytest.approx(0.5 * whole.edge_power_W, rel=1e-12)
    assert half.balance.edges == pytest.approx(whole.balance.edges, rel=1e-12)
    assert whole.edge_spectra_W_per_eV == pytest.approx(whole.waves.forward[..., -1], rel=1e-9)


@pytest.mark.parametrize("share", [1.2, -0.1, [0.5, 0.5], float("nan")])
def test_no_other_shares(share: Any) -> None:
    with pytest.raises(ArgumentError, match="edge_transmission"):
        Guide([640.0], 0.2, 10.0, effective_index=1.7, edge_transmission=share)
