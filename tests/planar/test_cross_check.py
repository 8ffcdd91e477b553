"""The shipped stacks M1 to M5, TE and TM, by two solvers that share nothing: layer matrices and spectral finite elements."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from qdphotonics.planar import Mode, find_modes
from qdphotonics.planar.results import Polarization
from qdphotonics.stacks import load_stack
from tests.oracles.spectral import OracleMode, modes

# Spectral elements err by the rounding of their matrices, up to 1.2e-12 on the tabulated guides (tests/oracles); an
# integral over the field by as much times 1/(distance to the next mode), which is 1e-2 here.
N_EFF, SHARE = 2e-12, 1e-9
MAX_LOSS_PER_CM = 1e4  # the default search
STACKS = ("roh2020-ito", "roh2020-lito", "roh2020-dfb-typea", "jung2022-lito-ag", "ahn2023-brw", "roh2020-moox-al", "glass-dielectric-ag")
EVERY_STACK = pytest.mark.parametrize("name", STACKS)
BOTH = pytest.mark.parametrize("polarization", ["TE", "TM"])
Pairs = tuple[tuple[Mode, ...], list[OracleMode]]


@cache
def both_solvers(name: str, polarization: Polarization) -> Pairs:
    """Every mode of a shipped stack, material dispersion included, by both methods."""
    stack = load_stack(name)
    index, slope = stack.index(), stack.dindex_dwavelength()
    ours = find_modes(index, stack.thickness_nm, stack.wavelength_nm, polarization, dindex_dwavelength=slope,
                      dindex_extraordinary_dwavelength=slope).modes
    return ours, modes(index, stack.thickness_nm, stack.wavelength_nm, polarization, dindex_dwavelength=slope)


@EVERY_STACK
@BOTH
def test_same_modes(name: str, polarization: Polarization) -> None:
    """Both searches, each over all of Re n_eff > 0 and |loss| ≤ 10,000 cm^-1, return the same modes, and the same n_eff."""
    ours, theirs = both_solvers(name, polarization)
    assert [mode.n_eff for mode in ours] == pytest.approx([mode.n_eff for mode in theirs], abs=N_EFF)
    assert [mode.open for mode in ours] == [mode.open for mode in theirs]


@EVERY_STACK
@BOTH
def test_same_confinement(name: str, polarization: Polarization) -> None:
    """Gamma by intensity (the papers') and by energy, each layer and half-space: closed forms against Gauss's quadrature."""
    for ours, theirs in zip(*both_solvers(name, polarization), strict=True):
        assert ours.confinement.intensity == pytest.approx(theirs.intensity, abs=SHARE), ours.label
        assert ours.confinement.energy == pytest.approx(theirs.energy, abs=SHARE), ours.label


@BOTH
def test_same_group_index(polarization: Polarization) -> None:
    """M2: n_g = n_eff − λ·dn_eff/dλ from one field, against spectral solutions at λ ± 0.1 nm with the index there.

    The difference errs as step²: 3.4e-8 for the plasmon at 0.1 nm, four times that at 0.2 (seen); rounding adds 630·2e-12/0.2.
    """
    stack, step = load_stack("jung2022-lito-ag"), 0.1
    around = [modes(stack.index(630 + shift), stack.thickness_nm, 630 + shift, polarization) for shift in (-step, step)]
    for ours, theirs, below, above in zip(*both_solvers("jung2022-lito-ag", polarization), *around, strict=True):
        expected = (theirs.n_eff - 630 * (above.n_eff - below.n_eff) / (2 * step)).real
        assert ours.group_index == pytest.approx(expected, abs=1e-7)


@BOTH
def test_uniaxial_layers(polarization: Polarization) -> None:
    """M2 with an oriented organic layer, n_o 1.78 and n_e 1.66, and a uniaxial substrate: TE must not notice n_e, TM must."""
    stack = load_stack("jung2022-lito-ag")
    ordinary = stack.index()
    extraordinary = ordinary.copy()
    extraordinary[0], ordinary[3], extraordinary[3] = 1.53, 1.78, 1.66
    ours = find_modes(ordinary, stack.thickness_nm, 630.0, polarization, index_extraordinary=extraordinary).modes
    theirs = modes(ordinary, stack.thickness_nm, 630.0, polarization, index_extraordinary=extraordinary)
    assert [mode.n_eff for mode in ours] == pytest.approx([mode.n_eff for mode in theirs], abs=N_EFF)
    for one, other in zip(ours, theirs, strict=True):
        assert one.confinement.intensity == pytest.approx(other.intensity, abs=SHARE)
        assert one.confinement.energy == pytest.approx(other.energy, abs=SHARE)
    isotropic = find_modes(ordinary, stack.thickness_nm, 630.0, polarization).modes
    assert (abs(isotropic[0].n_eff - ours[0].n_eff) > 1e-3) is (polarization == "TM")


@BOTH
def test_graphene(polarization: Polarization) -> None:
    """An electrode of one atomic layer, 0.35 nm, on M1 with gain in the dots: the thinnest layer a stack holds (M6)."""
    stack = load_stack("roh2020-lito")
    index = np.insert(stack.index(), 5, 2.7 + 1.4j)
    index[3] -= 1e-3j
    thickness = np.append(stack.thickness_nm, 0.35)
    ours = find_modes(index, thickness, 630.0, polarization).modes
    theirs = modes(index, thickness, 630.0, polarization)
    assert [mode.n_eff for mode in ours] == pytest.approx([mode.n_eff for mode in theirs], abs=N_EFF)
    for one, other in zip(ours, theirs, strict=True):
        assert one.confinement.intensity == pytest.approx(other.intensity, abs=SHARE)
