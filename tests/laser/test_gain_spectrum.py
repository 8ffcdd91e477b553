"""Net gain over wavelength: one family followed, against the modes of each stack searched for anew."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.laser import gain_spectrum, pumped_modes, pumped_stack
from qdphotonics.units import photon_energy_eV

WAVELENGTHS = np.linspace(570.0, 690.0, 25)
LINE = np.exp(-(((photon_energy_eV(WAVELENGTHS) - 1.95) / 0.04) ** 2))
GAINS = 780.0 * np.array([-1.0, 0.5, 1.0])[:, None] * LINE


@pytest.mark.parametrize(("name", "label"), [("jung2022-lito-ag", "TE0"), ("jung2022-lito-ag", "TM0"), ("ahn2023-brw", "TE6")])
def test_every_point_is_a_mode_of_its_own_stack(name: str, label: str) -> None:
    """Net gain and passive loss at 25 wavelengths and 3 drives: each is that of a mode found there by the certified search, to 1e-8."""
    stack = qdp.load_stack(name)
    modes = qdp.find_modes(stack)
    (mode,) = [each for each in pumped_modes(stack, modes, 780.0)[0] if each.passive.label == label]
    found = gain_spectrum(stack, mode, WAVELENGTHS, GAINS)
    assert np.isfinite(found.net_gain_per_cm).sum() > 0.7 * GAINS.size  # a leaky mode may end on the way to the red
    for place in range(0, WAVELENGTHS.size, 6):
        here = pumped_stack(stack, float(WAVELENGTHS[place]))
        for gain, net in [(0.0, -found.loss_per_cm[place]), *zip(GAINS[:, place], found.net_gain_per_cm[:, place], strict=True)]:
            if np.isfinite(net):
                losses = [each.loss_per_cm for each in here.at(gain).search(mode.passive.polarization, None, 1e5).modes]
                assert min(abs(net + loss) for loss in losses) < 1e-8


def test_at_the_wavelength_of_the_report() -> None:
    """There the spectrum is the report's own loss, confinement and net gain, to 1e-9."""
    stack = qdp.load_stack("jung2022-lito-ag")
    mode = pumped_modes(stack, qdp.find_modes(stack), 780.0)[0][0]
    found = gain_spectrum(stack, mode, np.array([620.0, 630.0, 640.0]), np.full((1, 3), 400.0))
    assert found.loss_per_cm[1] == pytest.approx(mode.passive.loss_per_cm, abs=1e-9)
    assert found.net_gain_per_cm[0, 1] == pytest.approx(mode.net_gain_per_cm(400.0), abs=1e-9)
    assert found.confinement[1] == pytest.approx(mode.passive.confinement["QD"].intensity, abs=1e-9)
    assert found.modal_gain_per_cm[0, 1] == pytest.approx(mode.modal_gain_per_cm(400.0), abs=1e-9)
