"""Planar modes by Meep beside the mode solver: another method, another code, nothing in common but the stack."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdphotonics as qdp
from qdphotonics import fdtd
from qdphotonics.errors import ArgumentError

TIMEOUT_S = 170.0

GAIN = """
name: An amplifying film
wavelength: 620
substrate: {n: 1.52}
superstrate: air
layers:
  - {name: L-ITO, material: {n: 1.6, k: 1.0e-3}, thickness: 200}
  - {name: QD, material: {n: 1.9, k: -4.0e-3}, thickness: 100}
"""


def test_m2_with_silver() -> None:
    """M2's TE0: Re n_eff within 2e-3 and loss within 10 % (the issue). From 50 and 100 pixels per um: 5e-5 and 1 %.

    The coarse grid alone is 1e-2 and 7 % off: without the limit, or without the mean of two grids, the test fails.
    """
    exact = qdp.find_modes("jung2022-lito-ag")["TE0"]
    found = fdtd.planar_modes("jung2022-lito-ag", ("TE0",), resolutions_per_um=(50, 100), timeout_s=TIMEOUT_S)["TE0"]
    assert found.n_eff.real == pytest.approx(exact.n_eff.real, abs=5e-4)
    assert found.loss_per_cm == pytest.approx(exact.loss_per_cm, rel=0.04)
    assert abs(found.n_eff.real - exact.n_eff.real) < found.n_eff_uncertainty
    assert abs(found.n_eff_at[0] - exact.n_eff.real) > 5e-3


def test_m5_photonic_and_plasmonic() -> None:
    """M5: the plasmon TM0 within 1 % and 20 % (the issue), TE0 within 2e-3 and 10 %; alpha(TM0) >= 5 alpha(TE0) (PHYSICS M5).

    From 100 and 200 pixels per um the plasmon is 0.1 % and 0.3 % off; on one grid position alone 3 to 6 %. Its error
    falls with the square of the pixel (3 to 5 times at half of it), which only the two grids' mean does.
    """
    exact = qdp.find_modes("glass-dielectric-ag")
    te = fdtd.planar_modes("glass-dielectric-ag", ("TE0",), resolutions_per_um=(50, 100), timeout_s=TIMEOUT_S)["TE0"]
    tm = fdtd.planar_modes("glass-dielectric-ag", ("TM0",), resolutions_per_um=(100, 200), timeout_s=TIMEOUT_S)["TM0"]
    assert te.n_eff.real == pytest.approx(exact["TE0"].n_eff.real, abs=5e-4)
    assert te.loss_per_cm == pytest.approx(exact["TE0"].loss_per_cm, rel=0.03)
    assert tm.n_eff.real == pytest.approx(exact["TM0"].n_eff.real, rel=5e-3)
    assert tm.loss_per_cm == pytest.approx(exact["TM0"].loss_per_cm, rel=0.03)
    assert tm.loss_per_cm > 5 * te.loss_per_cm
    for mode, label in ((te, "TE0"), (tm, "TM0")):
        off = [abs(value - exact[label].n_eff.real) for value in mode.n_eff_at]
        assert 3 < off[0] / off[1] < 5
    # Dispersion of the metal included: without it the group index of the plasmon would be 2.0.
    assert tm.group_index == pytest.approx(exact["TM0"].group_index, rel=0.03)


def test_gain_and_loss(tmp_path: Path) -> None:
    """A QD film with k = -4e-3 on a lossy one. TE0: net gain within 3 % (on one grid position: 5 %, and 18 % before the limit).
    TM0: loss and gain nearly cancel, so the bound is 6 % of either, 6 cm^-1."""
    file = tmp_path / "gain.yaml"
    file.write_text(GAIN)
    exact = qdp.find_modes(file)
    found = fdtd.planar_modes(file, ("TE0", "TM0"), resolutions_per_um=(50, 100), timeout_s=TIMEOUT_S)
    assert exact["TE0"].loss_per_cm < -200
    assert found["TE0"].loss_per_cm == pytest.approx(exact["TE0"].loss_per_cm, rel=0.03)
    assert found["TM0"].loss_per_cm == pytest.approx(exact["TM0"].loss_per_cm, abs=6)
    for label in ("TE0", "TM0"):
        assert found[label].n_eff.real == pytest.approx(exact[label].n_eff.real, abs=3e-4)


def test_what_does_not_ring_is_refused() -> None:
    with pytest.raises(ArgumentError, match="TM2 is leaky"):
        fdtd.planar_modes("jung2022-lito-ag", ("TM2",))
    with pytest.raises(ArgumentError, match='no mode "TE7"'):
        fdtd.planar_modes("jung2022-lito-ag", ("TE7",))
    with pytest.raises(ArgumentError, match="at least one mode"):
        fdtd.planar_modes("jung2022-lito-ag", ())
