"""Random stacks for the property tests and the proofs: lossy, amplifying, metallic, uniaxial, or hard; reproducible from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qdphotonics.planar import find_modes


@dataclass(frozen=True)
class RandomStack:
    """Arrays for the solver; index [layer + 2], thickness_nm [layer]."""

    index: NDArray[np.complex128]
    index_extraordinary: NDArray[np.complex128]
    thickness_nm: NDArray[np.float64]
    wavelength_nm: float


def random_stack(seed: int, *, most_layers: int = 60, gain: bool = True, metal: bool = True, uniaxial: bool = False) -> RandomStack:
    """1 … most_layers layers, n 1–4, k to 0.1, gain to -0.02, 1–2000 nm, wavelength 400–1600 nm, lossless half-spaces."""
    rng = np.random.default_rng(seed)
    layers = int(rng.integers(1, most_layers + 1))
    index = rng.uniform(1.0, 4.0, layers + 2).astype(np.complex128)
    lossy = rng.random(layers + 2) < 0.4
    index += 1j * np.where(lossy, 10 ** rng.uniform(-6, -1, layers + 2), 0.0)
    if gain:
        amplifies = rng.random(layers + 2) < 0.15
        index = np.where(amplifies, index.real - 1j * rng.uniform(0, 0.02, layers + 2), index)
    if metal and rng.random() < 0.4:
        index[rng.integers(1, layers + 1)] = rng.uniform(0.04, 1.5) + 1j * rng.uniform(2, 8)
    index[[0, -1]] = rng.uniform(1.0, 2.0, 2)
    extraordinary = index.copy()
    if uniaxial:
        extraordinary = np.where(rng.random(layers + 2) < 0.5, index * rng.uniform(0.9, 1.1, layers + 2), index)
    return RandomStack(index, extraordinary, np.exp(rng.uniform(0.0, np.log(2000.0), layers)), float(rng.uniform(400, 1600)))


HARD = ("near-equal half-spaces", "gain in the substrate", "substrate of low index", "metal substrate", "20 to 80 um layer",
        "equal half-spaces", "substrate index on a mode")


def hard_stack(seed: int, polarization: Literal["TE", "TM"]) -> tuple[str, RandomStack]:
    """A stack of the kind HARD[seed % 7], which it names: what a count of zeros may stumble over. Up to 39 layers, n 1–3, k to 0.1."""
    rng = np.random.default_rng([seed, 3])
    kind = HARD[seed % len(HARD)]
    layers = int(rng.integers(1, 40))
    wavelength = float(rng.uniform(400, 1600))
    index = rng.uniform(1.0, 3.0, layers + 2) + 1j * 10 ** rng.uniform(-6, -1, layers + 2) * (rng.random(layers + 2) < 0.5)
    thickness = np.exp(rng.uniform(0.0, np.log(2000.0), layers))
    index[[0, -1]] = rng.uniform(1.0, 2.0, 2)
    if kind == HARD[0]:
        index[-1] = index[0] + 10 ** rng.uniform(-14, -2)
    elif kind == HARD[1]:
        index[0] = index[0].real - 1j * 10 ** rng.uniform(-6, -1)
    elif kind == HARD[2]:
        index[0] = rng.uniform(0.01, 0.3)
    elif kind == HARD[3]:
        index[0] = rng.uniform(0.05, 1.5) + 1j * rng.uniform(2, 8)
    elif kind == HARD[4]:
        thickness[rng.integers(0, layers)] = rng.uniform(2e4, 8e4)
    elif kind == HARD[5]:
        index[-1] = index[0]
    else:
        modes = [mode.n_eff.real for mode in find_modes(index, thickness, wavelength, polarization).modes if mode.n_eff.real > 1]
        index[0] = rng.choice(modes) if modes else index[0]
    return kind, RandomStack(index, index.copy(), thickness, wavelength)
