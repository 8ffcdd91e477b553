"""Random stacks for the property tests: lossy, amplifying, metallic, uniaxial; reproducible from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
