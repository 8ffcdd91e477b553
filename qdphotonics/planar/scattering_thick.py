"""Layers too thick for interference: intensities inside them, the coherent kernel for all that lies between.

       medium M + 1      exit half-space
    ---- joint M ----                                  Medium s below joint s holds F, the intensity that falls on the
       ...                                             joint, and medium s + 1 above it B, that falls on it from above.
       medium 1          thick layer   | W,B  ^ V,F    V is the one that starts upwards at the foot of a thick layer,
    ---- joint 0 ----                  v      |        W the one that starts downwards at its top.
       medium 0          entrance half-space           A joint: coherent layers, or none (a bare interface).

Intensities are |U|^2 of one wave (TE: U = E_y, TM: U = Z0 H_y; scattering_layer_kernel.py); a wave of admittance
eta = V/U carries the flux Re eta. A pass through a thick layer multiplies by P = exp(-2 k0 d Im kappa); nothing grows.

In an absorbing medium fluxes do not add: a wave of |U|^2 = 1 and its reflection r carry Re eta (1 - |r|^2) + 2 Im eta Im r,
the last term by their interference close to the joint (S. J. Byrnes, arXiv:1603.02720). It belongs to the balance
of joint and layer, so `kept` = (absorbed - 2 Im eta Im r) / Re eta completes 1 = |r|^2 + (flux out) / Re eta + kept. With
it, sums of positive terms replace differences from 1: light caught between two total reflections keeps its digits.

Two choices. Waves that passed each thick layer equally often, but in another order, do not interfere here, as in every
method of intensities (with one thick layer there are none: R and T are the exact mean over its phase). And a wave that is
evanescent in a thick layer has no phase to lose: where Re kappa^2 <= 0 (beyond the critical angle, or a metal), the layer
is treated as coherent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qdphotonics._checks import refuse_since
from qdphotonics.planar.results import Complexes, Reals
from qdphotonics.planar.scattering_grid import Inputs, scatter_grid

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Light:
    """The wave that comes in; [...]."""

    index: Reals  # m of the wave: n_eff = m sin(angle)
    index_cos: Reals
    admittance: Reals


@dataclass(frozen=True, eq=False)
class Thick:
    """The wave in one thick layer; [...]."""

    layer: int
    kappa_squared: Complexes  # k_z = k0 kappa
    admittance: Complexes
    growth: Reals  # ln P; negative where the layer absorbs

    @property
    def travels(self) -> Flags:
        return (self.kappa_squared.real > 0) & (self.admittance.real > 0)


@dataclass(frozen=True, eq=False)
class Lit:
    """A joint lit from one side by a wave of intensity 1; [...]."""

    reflected: Reals  # |r|^2
    swing: Reals  # Im r
    flux_out: Reals
    absorbed: Reals  # [..., layer of the joint], in the order in which the light meets them; fluxes
    kept: Reals


@dataclass(frozen=True, eq=False)
class Filled:
    """A thick layer with all that lies above it, above a joint on which the intensity 1 falls from below; [...]."""

    fed: Reals  # V
    echo: Reals  # B / V
    reflected: Reals  # W / (P V): by all that lies above the layer


def scatter_thick(
    inputs: Inputs, coherent: Flags, with_te: bool, with_tm: bool, with_absorptance: bool, threads: int
) -> tuple[Reals, Reals, Reals]:
    """R, T and A, [(2,) ...batch(, layer)]; layers without a flag in ``coherent`` [layer] are thick."""
    found = [scatter_polarized(inputs, coherent, tm, threads) for tm in (False, True) if (with_tm if tm else with_te)]
    reflectance, transmittance, absorptance = (np.stack(each) if len(each) == 2 else each[0] for each in zip(*found, strict=True))
    return reflectance, transmittance, absorptance if with_absorptance else absorptance[..., :0]


def scatter_polarized(inputs: Inputs, coherent: Flags, tm: bool, threads: int) -> tuple[Reals, Reals, Reals]:
    """R, T [...batch] and A [...batch, layer] of one polarization: points where the same thick layers guide a wave go together."""
    light = incident(inputs, tm)
    thick = np.flatnonzero(~coherent)
    travels = np.empty((*inputs.batch, thick.size), np.bool_)
    for k, layer in enumerate(thick):
        travels[..., k] = wave_in(inputs, light, int(layer), tm).travels
    results = np.empty(inputs.batch), np.empty(inputs.batch), np.empty((*inputs.batch, coherent.size))
    for pattern in np.unique(travels.reshape(-1, thick.size), axis=0):
        where = (travels == pattern).all(axis=-1)
        part = inputs if where.all() else chosen(inputs, where)
        found = add_intensities(part, [int(layer) for layer in thick[pattern]], tm, threads)
        for result, values in zip(results, found, strict=True):
            result[where] = values.reshape(result[where].shape)
    return results


def chosen(inputs: Inputs, where: Flags) -> Inputs:
    """Some points of a batch, as a batch of one axis."""
    layers = inputs.index.shape[-1:]
    index = np.broadcast_to(inputs.index, inputs.batch + layers)[where]
    uniaxial = inputs.extraordinary is not inputs.index
    extraordinary = np.broadcast_to(inputs.extraordinary, inputs.batch + layers)[where] if uniaxial else index
    thickness = np.broadcast_to(inputs.thickness, inputs.batch + inputs.thickness.shape[-1:])[where]
    wavenumber, angle = (np.broadcast_to(values, inputs.batch)[where] for values in (inputs.wavenumber, inputs.angle_deg))
    return Inputs(index, extraordinary, thickness, wavenumber, angle, angle.shape)


def incident(inputs: Inputs, tm: bool) -> Light:
    """As `shine` in scattering_layer_kernel.py; TM in a uniaxial entrance: 1/m^2 = cos^2/eps_o + sin^2/eps_e."""
    n_o, n_e = inputs.index[..., 0].real, inputs.extraordinary[..., 0].real
    cos, sin = np.sin(np.deg2rad(90.0 - inputs.angle_deg)), np.sin(np.deg2rad(inputs.angle_deg))
    index = np.where(n_e != n_o, 1 / np.sqrt((cos / n_o) ** 2 + (sin / n_e) ** 2), n_o) if tm else n_o
    return Light(index, index * cos, index * cos / n_o**2 if tm else index * cos)


def wave_in(inputs: Inputs, light: Light, layer: int, tm: bool) -> Thick:
    """kappa^2 = (eps_o/eps) (eps - n_eff^2), eps that along the wave's field; written so that grazing light keeps its digits."""
    n_o = inputs.index[..., layer + 1]
    n = inputs.extraordinary[..., layer + 1] if tm else n_o
    kappa_squared = (n_o / n) ** 2 * ((n - light.index) * (n + light.index) + light.index_cos**2)
    kappa = np.sqrt(kappa_squared)  # the principal root: Re kappa > 0 where the wave travels
    growth = -2 * inputs.wavenumber * kappa.imag * inputs.thickness[..., layer]
    return Thick(layer, kappa_squared, kappa / n_o**2 if tm else kappa, growth)


def add_intensities(inputs: Inputs, thick: Sequence[int], tm: bool, threads: int) -> tuple[Reals, Reals, Reals]:
    """R, T and A at points where the wave travels in all of the layers ``thick``."""
    light = incident(inputs, tm)
    slabs = [wave_in(inputs, light, layer, tm) for layer in thick]
    etas = [light.admittance.astype(np.complex128), *(slab.admittance for slab in slabs)]
    media = [-1, *thick, inputs.thickness.shape[-1]]  # as layers; first and last: the half-spaces
    up, down = [], []
    for s, (low, high) in enumerate(pairwise(media)):
        up.append(light_up(inputs, range(low + 1, high + 1), light, etas[s], tm, threads))
        if s < len(slabs):
            down.append(light_up(inputs, range(high - 1, low - 1, -1), light, etas[s + 1], tm, threads))
    reflected, filled = fill(slabs, up, down, etas)
    absorbed = np.empty((*inputs.batch, media[-1]))
    falling = np.ones(inputs.batch)  # F
    for s, (low, high) in enumerate(pairwise(media)):
        absorbed[..., low + 1 : high] = falling[..., np.newaxis] * up[s].absorbed
        if s < len(slabs):
            start = falling * filled[s].fed  # V
            back = filled[s].echo * start  # B
            absorbed[..., low + 1 : high] += back[..., np.newaxis] * down[s].absorbed[..., ::-1]
            falling = np.exp(slabs[s].growth) * start
            in_passes = -np.expm1(slabs[s].growth) * (start + filled[s].reflected * falling)
            at_joints = back * down[s].swing + falling * up[s + 1].swing
            absorbed[..., high] = etas[s + 1].real * in_passes - 2 * etas[s + 1].imag * at_joints
    transmitted = falling * up[-1].flux_out
    return reflected, transmitted / light.admittance, absorbed / light.admittance[..., np.newaxis]


def light_up(inputs: Inputs, path: Sequence[int], light: Light, eta: Complexes, tm: bool, threads: int) -> Lit:
    """A joint lit from a medium of admittance ``eta``; ``path``: its layers as the light meets them, then the medium beyond.

    The kernel lights it from the entrance half-space, at the same n_eff. What it finds for the field at the near side of the
    joint holds whatever the medium in front: there, (eta U + V) / (2 eta) would be the incident amplitude.
    """
    items, layers = [0, *(layer + 1 for layer in path)], list(path[:-1])
    index = inputs.index[..., items]
    extraordinary = index if inputs.extraordinary is inputs.index else inputs.extraordinary[..., items]
    part = Inputs(index, extraordinary, inputs.thickness[..., layers], inputs.wavenumber, inputs.angle_deg, inputs.batch)
    found = scatter_grid(part, not tm, tm, True, threads, with_front=True)
    u, v = found.front[..., 0] + 1j * found.front[..., 1], found.front[..., 2] + 1j * found.front[..., 3]
    flux = light.admittance * np.abs(2 * eta / (eta * u + v)) ** 2  # per share of the kernel's
    r = (eta * u - v) / (eta * u + v)
    absorbed = flux[..., np.newaxis] * found.absorptance
    kept = (absorbed.sum(axis=-1) - 2 * eta.imag * r.imag) / eta.real
    return Lit(np.abs(r) ** 2, r.imag, flux * found.transmittance, absorbed, kept)


def fill(slabs: Sequence[Thick], up: Sequence[Lit], down: Sequence[Lit], etas: Sequence[Complexes]) -> tuple[Reals, list[Filled]]:
    """Reflectance of everything, and the filling of each thick layer; from the exit to the entrance.

    With rho that of all above a thick layer, x = P^2 rho at its foot and a joint below that reflects b downwards: the rays
    that go round and round sum up to V = t F / (1 - b x). 1 - x and 1 - b x come from 1 - rho without a subtraction.
    """
    reflected = up[-1].reflected
    complement = up[-1].kept + up[-1].flux_out / etas[-1].real  # 1 - reflected
    filled = []
    for s in range(len(slabs) - 1, -1, -1):
        with np.errstate(over="ignore", invalid="ignore"):  # of gain that is refused below
            twice = np.exp(2 * slabs[s].growth)
            echo, no_echo = twice * reflected, -np.expm1(2 * slabs[s].growth) + twice * complement
            lost = no_echo + echo * (down[s].kept + down[s].flux_out / etas[s + 1].real)
        inverse = 1 / round_trip_loss(lost, slabs[s].layer)
        fed = up[s].flux_out / etas[s + 1].real * inverse
        filled.append(Filled(fed, echo, reflected))
        reflected = up[s].reflected + down[s].flux_out / etas[s].real * echo * fed
        through = up[s].flux_out / etas[s].real
        complement = up[s].kept + through * ((no_echo + echo * down[s].kept) * inverse)  # a ratio: no underflow
    return reflected, filled[::-1]


def round_trip_loss(loss: Reals, layer: int) -> Reals:
    """1 - b x as a divisor: infinite where it is 0, as next to nothing enters a layer that lets nothing out."""
    if not (loss >= 0).all():
        refuse_since("index", f"amplify less in thick layer {layer} than a round trip of light loses", "such light would grow without end")
    return np.where(loss > 0, loss, np.inf)
