"""Modes against closed forms, symmetries and the certificate's own logic."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from qdphotonics.errors import ArgumentError
from qdphotonics.planar import counting, find_modes
from qdphotonics.planar import search as search_module
from qdphotonics.planar.results import Polarization
from tests.planar.stacks_at_random import random_stack

BRAGG_INDEX = [1.52, *[2.30, 1.46] * 10, 1.85 + 0.0035j, 1.8, 1.85, 1.75, 1.75, 0.056 + 4.28j, 1.0]
BRAGG_THICKNESS = [*[70.0, 110.0] * 10, 50.0, 40.0, 50.0, 60.0, 10.0, 100.0]


def slab_modes(n_film: float, n_clad: float, thickness: float, wavelength: float, polarization: Polarization) -> list[float]:
    """n_eff of a symmetric slab: k d/2 - m pi/2 = atan(w gamma/k), w = 1 (TE) or (n_film/n_clad)^2 (TM), by bisection."""
    k0 = 2 * math.pi / wavelength
    weight = 1.0 if polarization == "TE" else (n_film / n_clad) ** 2
    found: list[float] = []
    for m in range(200):

        def mismatch(n: float, m: int = m) -> float:
            k, gamma = math.sqrt(n_film**2 - n**2), math.sqrt(n**2 - n_clad**2)
            return k0 * k * thickness / 2 - m * math.pi / 2 - math.atan(weight * gamma / k)

        low, high = n_clad * (1 + 1e-15), n_film * (1 - 1e-15)
        if mismatch(low) <= 0:
            return found
        found.append(brentq(mismatch, low, high, xtol=1e-15, rtol=1e-15))
    return found


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("thickness", [60.0, 400.0, 3000.0, 15000.0])
def test_symmetric_slab(thickness: float, polarization: Polarization) -> None:
    """Closed form of the symmetric slab, from 1 to some 30 modes: all, no others, each to 1e-13 (bisection's own 1e-15)."""
    search = find_modes([1.5, 1.75, 1.5], [thickness], 633.0, polarization, n_range=(1.5, 1.8))
    expected = slab_modes(1.75, 1.5, thickness, 633.0, polarization)
    assert search.certified
    assert [mode.n_eff.real for mode in search.modes] == pytest.approx(expected, abs=1e-13)
    assert all(abs(mode.n_eff.imag) < 1e-13 and mode.kind == "guided" for mode in search.modes)


def test_surface_plasmon_of_one_interface() -> None:
    """No layer at all: n_eff = sqrt(eps1 eps2/(eps1 + eps2)), to rounding."""
    eps_metal, eps_film = (0.056 + 4.28j) ** 2, 1.75**2
    search = find_modes([1.75, 0.056 + 4.28j], [], 640.0, "TM")
    assert search.certified
    (mode,) = search.modes
    assert mode.n_eff == pytest.approx(np.sqrt(eps_metal * eps_film / (eps_metal + eps_film)), abs=1e-14)
    assert mode.character == "plasmonic"
    assert find_modes([1.75, 0.056 + 4.28j], [], 640.0, "TE").modes == ()


@pytest.mark.parametrize(
    ("metal", "n", "thickness"),
    [(0.056 + 4.28j, 2.0643540247857453, 34639.644598917985), (1e-6 + 3.4771306465730314j, 2.496651922947053, 19994.86851269563),
     (1e-6 + 1.776430357132573j, 1.3176475659584432, 82114.59575535273), (0.056 + 4.28j, 2.2622566944619695, 703169.9770378612)],
)
def test_a_plasmon_that_decays_into_nothing(metal: complex, n: float, thickness: float) -> None:
    """A metal under a dielectric of 20 to 700 um: the plasmon of the one interface, sqrt(e1 e2/(e1 + e2)), to 1e-12.

    Across such a layer the field falls by more than a float holds, and in these stacks the growing part of the field is
    0 to the last bit: what is left of both must not be 0, or the next division is by it.
    """
    search = find_modes([metal, n, 1.0], [thickness], 640.0, "TM", n_range=(1.01 * n, 12.0))
    assert search.certified
    eps = metal**2, n**2
    assert [mode.n_eff for mode in search.modes] == pytest.approx([np.sqrt(eps[0] * eps[1] / (eps[0] + eps[1]))], abs=1e-12)


def test_bragg_stack_of_26_layers() -> None:
    """The stack of issue 3: TE 7 guided and 4 leaky, TM 6 guided, the plasmon among them, and 6 leaky with 1 < Re n_eff < 1.52."""
    te = find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, "TE", max_loss_per_cm=25000)
    tm = find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, "TM", max_loss_per_cm=25000)
    assert te.certified
    assert tm.certified
    assert [mode.kind for mode in te.modes if mode.n_eff.real > 1] == ["guided"] * 7 + ["leaky"] * 4
    assert [mode.kind for mode in tm.modes if mode.n_eff.real > 1] == ["guided"] * 6 + ["leaky"] * 6
    assert tm.modes[0].n_eff == pytest.approx(1.941436 + 5.40e-3j, abs=5e-6)  # digits as printed in the issue
    assert tm.modes[0].character == "plasmonic"


def test_near_cut_off_mode_of_silver_stack() -> None:
    """glass/L-ITO/QD/…/Ag: TE 1, TM 2 guided (one 1e-3 above the substrate's index) and one leaky; digits of issue 3."""
    index, thickness = [1.52, 1.6 + 0.001j, 1.9, 1.75, 1.75, 0.056 + 4.28j, 1.0], [250.0, 95.0, 50.0, 10.0, 100.0]
    te = find_modes(index, thickness, 640.0, "TE", max_loss_per_cm=25000)
    tm = find_modes(index, thickness, 640.0, "TM", max_loss_per_cm=25000)
    assert te.certified
    assert tm.certified
    assert [mode.kind for mode in te.modes] == ["guided"]
    assert [mode.kind for mode in tm.modes] == ["guided", "guided", "leaky"]
    assert tm.modes[1].n_eff == pytest.approx(1.520868 + 2.24e-4j, abs=6e-7)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("seed", range(12))
def test_upside_down_and_scaled(seed: int, polarization: Polarization) -> None:
    """A stack read from above, or with every length doubled, has the same n_eff: to 1e-10, conditioning included."""
    stack = random_stack(seed, most_layers=20)
    loss = 1e4
    search = find_modes(stack.index, stack.thickness_nm, stack.wavelength_nm, polarization, max_loss_per_cm=loss)
    turned = find_modes(stack.index[::-1], stack.thickness_nm[::-1], stack.wavelength_nm, polarization, max_loss_per_cm=loss)
    doubled = find_modes(stack.index, 2 * stack.thickness_nm, 2 * stack.wavelength_nm, polarization, max_loss_per_cm=loss / 2)
    assert search.certified
    assert len(search.modes) > 0
    for other in (turned, doubled):
        assert [mode.n_eff for mode in other.modes] == pytest.approx([mode.n_eff for mode in search.modes], abs=1e-10)


def test_two_guides_far_apart_make_twins() -> None:
    """Two equal films 2 … 4 µm apart: two modes 1e-7 … 1e-14 apart stand for themselves or as one of multiplicity two.

    The centre is the single film's mode (closed form) to 1e-12: the coupling's first order cancels in the mean, its
    second is 1e-14 at 2 µm.
    """
    single = slab_modes(1.75, 1.5, 400.0, 633.0, "TE")[0]
    for gap in (2000.0, 2500.0, 2800.0, 3200.0, 4000.0):
        search = find_modes([1.5, 1.75, 1.5, 1.75, 1.5], [400.0, gap, 400.0], 633.0, "TE", n_range=(1.6, 1.8))
        near = [mode for mode in search.modes if abs(mode.n_eff - single) < 1e-5]
        weight = [mode.multiplicity for mode in near]
        assert search.certified
        assert sum(weight) == 2
        assert np.average([mode.n_eff.real for mode in near], weights=weight) == pytest.approx(single, abs=1e-12)


def test_region_is_respected() -> None:
    """n_range and max_loss_per_cm cut the list and nothing else."""
    every = find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, "TM", max_loss_per_cm=25000).modes
    part = find_modes(BRAGG_INDEX, BRAGG_THICKNESS, 640.0, "TM", max_loss_per_cm=5000, n_range=(1.2, 1.66)).modes
    expected = [mode.n_eff for mode in every if 1.2 < mode.n_eff.real <= 1.66 and abs(mode.loss_per_cm) <= 5000]
    assert len(expected) == 4
    assert [mode.n_eff for mode in part] == pytest.approx(expected, abs=1e-13)


def test_a_lost_root_breaks_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drop one zero of one rectangle: the count no longer equals the zeros found, and the search says so."""
    honest = counting.zeros_inside

    def forgetful(*arguments: Any) -> tuple[int, bool, NDArray[np.complex128]]:
        count, found, zeros = honest(*arguments)
        return count, found and count <= 1, zeros[: max(count - 1, 0)] if count > 1 else zeros

    monkeypatch.setattr(search_module, "zeros_inside", forgetful)
    search = find_modes([1.5, 1.75, 1.5, 1.75, 1.5], [400.0, 4000.0, 400.0], 633.0, "TE", n_range=(1.6, 1.8))
    assert not search.certified
    assert "not certified" in search.note


def test_zero_thickness_contrast_and_amplified_modes() -> None:
    """A film of the cladding's own index guides nothing; gain in a guide gives net gain, below the cladding index too."""
    assert find_modes([1.5, 1.5, 1.5], [300.0], 633.0, "TE", n_range=(1.0, 2.0)).modes == ()
    amplified = find_modes([1.5, 1.45 - 0.02j, 1.5], [9000.0], 633.0, "TE", n_range=(1.3, 1.6)).modes
    assert any(mode.loss_per_cm < 0 and mode.n_eff.real < 1.5 for mode in amplified)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.5, 1.7, 1.0], [100.0, 50.0], 600.0, "TE"), "Argument `index` must have the shape (layer + 2,) = (4,), but"),
        (([1.5, 1.7, 1.0], [-1.0], 600.0, "TE"), "Argument `thickness_nm` must be > 0, but it is -1.0 at [0]"),
        (([1.5, 1.7, 1.0], [10.0], 0.0, "TE"), "Argument `wavelength_nm` must be > 0, but"),
        (([1.5, 1.7, 1.0], [10.0], 600.0, "te"), "Argument `polarization` must be one of 'TE', 'TM', but it is 'te'"),
        (([1.5, -1.7, 1.0], [10.0], 600.0, "TE"), "Argument `index` must have Re n > 0, but"),
        (([1.5, np.nan, 1.0], [10.0], 600.0, "TE"), "Argument `index` must be finite, but"),
        (([[1.5, 1.7, 1.0]], [10.0], 600.0, "TE"), "Argument `index` must have the shape"),
    ],
)
def test_bad_arguments(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        find_modes(*arguments)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(("name", "value"), [("n_range", (1.5, 1.2)), ("n_range", (-1.0, 1.2)), ("max_loss_per_cm", 0.0)])
def test_bad_region(name: str, value: Any) -> None:
    with pytest.raises(ArgumentError, match=f"Argument `{name}` must"):
        find_modes([1.5, 1.7, 1.0], [100.0], 600.0, "TE", **{name: value})


def test_hyperbolic_layer_has_modes_above_every_index() -> None:
    """n_o of silver, n_e 1.9: the layer carries waves at any n_eff, kappa^2 = eps_o (1 - n_eff^2/eps_e) > 0 up there.

    Ten TM modes below 10^4 cm^-1, eight of them above 1.9; two of them from a 60-digit root search, to its printed digits.
    """
    search = find_modes([1.5, 0.05 + 4j, 1.0], [300.0], 600.0, "TM", index_extraordinary=[1.5, 1.9, 1.0])
    assert search.certified
    assert len(search.modes) == 10
    assert search.modes[0].n_eff == pytest.approx(4.301681154831 + 0.043998400286j, abs=1e-12)
    assert search.modes[5].n_eff == pytest.approx(2.403813481293 + 0.011794319056j, abs=1e-12)
    assert "hyperbolic" in search.note


def test_pairs_around_an_exceptional_point() -> None:
    """Guides with loss k and gain k, 0.8 um apart: at some k the two modes become one. Both are counted however close.

    The split is real below and imaginary above that k; 60 bisections close in on it until the pair is 1e-8 apart and comes
    as one zero of multiplicity two. The sum of the pair is real all along, by symmetry, to 1e-9.
    """

    def pair(k: float) -> list[complex]:
        search = find_modes([1.5, 1.75 + 1j * k, 1.5, 1.75 - 1j * k, 1.5], [400.0, 800.0, 400.0], 633.0, "TE", n_range=(1.6, 1.8))
        assert search.certified
        found = [mode.n_eff for mode in search.modes for _ in range(mode.multiplicity)]
        assert len(found) == 2
        return found

    low, high = 0.0, 4e-3
    closest = 1.0
    for _ in range(60):
        k = (low + high) / 2
        one, other = pair(k)
        assert abs((one + other).imag) < 1e-9
        closest = min(closest, abs(one - other))
        low, high = (k, high) if abs((one - other).real) > abs((one - other).imag) else (low, k)
    assert closest < 1e-7
