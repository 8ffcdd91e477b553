"""The second methods themselves, held against the tabulated modes before anything is held against them."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from tests.oracles import spectral
from tests.oracles.mp_transfer import DIGITS, PreciseStack
from tests.oracles.reference import ReferenceCase, reference_cases
from tests.oracles.spectral import modes

SPECTRAL = 2e-12  # rounding of the stiffness, degree²/h·1e-16, seen to grow to 1.2e-12 with the 61 thin layers of MQW30
PRECISE = mp.mpf(10) ** -20  # the table agrees to 20 digits or more, but for
ROUNDED = {"IMI-Ag-40nm-TM": mp.mpf(10) ** -15, "BRW-QtW-A-TE": mp.mpf(10) ** -15}  # roots as index or thickness, rounded
CASES = pytest.mark.parametrize("case", reference_cases(), ids=lambda case: case.name)


def test_the_table_is_whole() -> None:
    """23 guides with 89 modes: a lost line would make every test below easier."""
    assert [len(reference_cases()), sum(len(case.modes) for case in reference_cases())] == [23, 89]


@CASES
def test_spectral_elements_find_the_tabulated_modes(case: ReferenceCase) -> None:
    """Spectral elements find each tabulated mode without being told where it lies, to the rounding of their matrices.

    Only the range of Re n_eff is given, with more shifts for the slab of 39 modes: each serves some twenty.
    """
    values = np.array([mode.n_eff for mode in case.modes])
    near = np.linspace(values.real.min() - 0.02, values.real.max() + 0.02, 4 + len(values) // 2)
    found = np.array([mode.n_eff for mode in modes(case.index, case.thickness_nm, case.wavelength_nm, case.polarization,
                                                   near=near, max_loss_per_cm=25_000)])
    assert np.abs(found[:, None] - values).min(axis=0) == pytest.approx(0, abs=SPECTRAL)


@CASES
def test_forty_digits_give_the_tabulated_digits(case: ReferenceCase) -> None:
    """Newton from the value rounded to float64 returns the table's 20 digits, on the sheet Re k_z + Im k_z > 0."""
    stack = PreciseStack(case.index, case.thickness_nm, case.wavelength_nm, case.polarization)
    for mode in case.modes:
        with mp.workdps(DIGITS):
            polished = stack.polish(mode.n_eff)
            assert polished is not None
            assert abs(polished - mode.precise()) < ROUNDED.get(case.name, PRECISE), mode.label


def test_a_start_at_the_mode_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the matrix at the mode has no inverse at all (it happens), the iteration goes on beside it, to the same mode."""
    case = next(case for case in reference_cases() if case.name == "SOI220-TE")
    form = spectral.WeakForm(case.index, case.thickness_nm, case.wavelength_nm, case.polarization)
    calls = []

    def singular_once(matrix: csc_array) -> object:
        calls.append(matrix)
        if len(calls) == 1:
            raise RuntimeError("Factor is exactly singular")
        return splu(matrix)

    monkeypatch.setattr(spectral, "splu", singular_once)
    polished = form.polish(case.modes[0].n_eff)
    assert polished is not None
    assert polished[0] == pytest.approx(case.modes[0].n_eff, abs=SPECTRAL)
    assert len(calls) > 1


def test_no_mode_where_there_is_none() -> None:
    """A bare film below its cut-off (1.457 under, 1.0 over; cut-off at 105 nm for n 1.7) guides nothing; a thicker one does."""
    for thickness, count in ((20.0, 0), (200.0, 1)):
        found = [mode for mode in modes([1.457, 1.7, 1.0], [thickness], 640.0, "TE") if mode.n_eff.real > 1.457]
        assert len(found) == count
