"""Quantities of a design and their exact gradients: what an optimiser goes downhill by.

A path x changes thicknesses, indices, the wavelength and the gain of the medium (:class:`~qdphotonics.sweeps.space.Directions`);
a mode answers by its derivatives (:class:`~qdphotonics.planar.Sensitivity`, :func:`~qdphotonics.planar.confinement_slopes`).
The wavelength counts twice: in the materials, and as the unit of every length, for n_eff and the shares of a mode depend on d/lambda,

    dn_eff/dx = sum n' dn_eff/dn + sum (d' - d lambda'/lambda) dn_eff/dd,    ' = d/dx.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ArgumentError
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from qdphotonics.laser.following import FollowedPoint
    from qdphotonics.planar import ConfinementSlopes, Slopes
    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack
    from qdphotonics.sweeps.follower import FollowedDesign
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.space import Directions

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Dual = tuple[float, Reals]  # a value and its gradient [path]


class Varied(Protocol):
    """A stack and what is varied of it: a :class:`~qdphotonics.sweeps.space.DesignSpace`, or the errors of its making."""

    @property
    def stack(self) -> Stack: ...
    @property
    def paths(self) -> tuple[str, ...]: ...
    def directions(self, values: Reals) -> Directions: ...


def quantity_gradients(quantities: Sequence[Quantity], space: Varied, design: FollowedDesign) -> tuple[Reals, Reals]:
    """Values of quantities of a followed mode at one design, and their derivatives along every path.

    Parameters
    ----------
    quantities : sequence of Quantity
        Of the families ``mode``, ``pumped`` and ``geometry`` those of :data:`DIFFERENTIABLE`. A selector is not looked at:
        ``design`` is of the mode that it stands for.
    space : DesignSpace, or as one
        Whose paths the gradients are along.
    design : FollowedDesign
        The mode at the point.

    Returns
    -------
    values : float array [quantity]
        In the quantities' units.
    gradients : float array [quantity, path]
        Per unit of each path's value; the mode's own motion, material dispersion and the medium's gain are in it.

    Raises
    ------
    ArgumentError
        A quantity that has no analytic gradient, or one of a pumped mode where the stack has no medium.
    InputError
        The stack has no neighbours at this point.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> from qdphotonics.sweeps import parse_quantity
    >>> from qdphotonics.sweeps.follower import Follower
    >>> from qdphotonics.sweeps.space import DesignSpace
    >>> space = DesignSpace.of(qdp.load_stack("jung2022-lito-ag"), ["layers.QD.thickness", "wavelength"])
    >>> follower = Follower.of(space, [95, 630], "TE0")
    >>> wanted = [parse_quantity(name) for name in ("confinement.QD", "net_gain_per_cm")]
    >>> values, gradients = quantity_gradients(wanted, space, follower.here)
    >>> values.round(3).tolist(), gradients.round(4).tolist()
    ([0.41, 251.265], [[0.0064, -0.0012], [6.5572, -0.7238]])
    """
    at = _Point(space, design)
    found = []
    for quantity in quantities:
        answer = _ANSWERS.get(quantity.kind.name)
        if answer is None:
            told = ", ".join(f"{name}.LAYER" if name in _OF_LAYER else name for name in DIFFERENTIABLE)
            raise ArgumentError(f"Argument `quantities` must have analytic gradients, but {quantity.name} has none; these have: {told}")
        found.append(answer(at, quantity))
    width = len(space.paths)
    return np.array([value for value, _ in found]), np.array([slope for _, slope in found]).reshape(-1, width)


@dataclass(frozen=True)
class _Place:
    """A followed point with its stack, as confinement_slopes takes it."""

    n_eff: complex
    polarization: Polarization
    wavelength_nm: float
    index: Complexes
    index_extraordinary: Complexes
    thickness_nm: Reals


def thickness_along(along: Directions, design: FollowedDesign) -> Reals:
    """d' - d lambda'/lambda [path, layer]: what counts is a thickness in wavelengths."""
    arrays = design.arrays
    return along.thickness_nm - np.outer(along.wavelength_nm / arrays.wavelength_nm[0], arrays.thickness_nm[0])


def slopes_of(design: FollowedDesign, mode: FollowedPoint, gain: Complexes | float = 0.0) -> ConfinementSlopes:
    """Of a design's mode; ``gain`` [layer + 2]: what the medium adds to the indices where ``mode`` is the pumped one."""
    from qdphotonics.planar import confinement_slopes

    arrays = design.arrays
    stack = (arrays.index[0] + gain, arrays.index_extraordinary[0] + gain, arrays.thickness_nm[0])
    return confinement_slopes(_Place(mode.n_eff, design.polarization, float(arrays.wavelength_nm[0]), *stack))


@dataclass(frozen=True, eq=False)
class _Point:
    """One design, and what is computed of it once for all quantities."""

    space: Varied
    design: FollowedDesign

    @cached_property
    def along(self) -> Directions:
        return self.space.directions(self.design.values)

    @cached_property
    def wavelength_nm(self) -> float:
        return float(self.design.arrays.wavelength_nm[0])

    @cached_property
    def thickness(self) -> Reals:
        """[path, layer]"""
        return thickness_along(self.along, self.design)

    @cached_property
    def slopes(self) -> ConfinementSlopes:
        """Of the mode without gain."""
        return slopes_of(self.design, self.design.passive)

    @cached_property
    def passive_loss(self) -> Dual:
        return self.loss(self.design.passive, np.zeros_like(self.along.index))

    @cached_property
    def pumped_loss(self) -> Dual:
        """With the gain of the drive, whose change along a path is in the indices'."""
        pumped, arrays = self.design.pumped, self.design.arrays
        if pumped is None:
            raise ArgumentError(f'Argument `quantities` must not ask for gain, but "{self.space.stack.name}" has no medium')
        gain = self.along.unit_change * arrays.material_gain_per_cm[0] + np.outer(self.along.material_gain_per_cm, arrays.unit_change[0])
        return self.loss(pumped, gain)

    def n_eff(self, mode: FollowedPoint, gain: Complexes) -> Complexes:
        """Derivatives of n_eff [path]; ``gain`` [path, layer + 2]: what the medium adds to the indices'."""
        rates, along = mode.sensitivity, self.along
        ordinary = (along.index + gain) @ (rates.index - rates.index_extraordinary)
        return self.thickness @ rates.thickness_per_nm + ordinary + (along.index_extraordinary + gain) @ rates.index_extraordinary

    def loss(self, mode: FollowedPoint, gain: Complexes) -> Dual:
        """alpha = 4 pi Im n_eff/lambda."""
        slope = loss_per_cm(self.n_eff(mode, gain).imag, self.wavelength_nm)
        return mode.loss_per_cm, slope - mode.loss_per_cm * self.along.wavelength_nm / self.wavelength_nm

    def share(self, layer: str | None, values: Reals, slopes: Slopes) -> Dual:
        """A confinement of a layer, repeats together."""
        names = self.space.stack.all_names
        return _of_layer(names, layer, values, slopes.along(self.thickness, self.along.index, self.along.index_extraordinary))


def _of_layer(names: Sequence[str], layer: str | None, values: Reals, slopes: Reals) -> Dual:
    """Values [layer] and slopes [layer, path] of one name, repeats summed."""
    from qdphotonics.optics import ByLayer

    assert layer is not None  # a quantity of a layer is not parsed without one
    return float(ByLayer(names, values.tolist())[layer]), ByLayer(names, list(slopes))[layer]


def _n_eff(at: _Point, quantity: Quantity) -> Dual:
    passive = at.design.passive
    return passive.n_eff.real, at.n_eff(passive, np.zeros_like(at.along.index)).real


def _loss(at: _Point, quantity: Quantity) -> Dual:
    return at.passive_loss


def _intensity(at: _Point, quantity: Quantity) -> Dual:
    return at.share(quantity.layer, at.design.passive.confinement_intensity, at.slopes.intensity)


def _gain_share(at: _Point, quantity: Quantity) -> Dual:
    return at.share(quantity.layer, at.design.passive.sensitivity.index.real, at.slopes.gain)


def _material_gain(at: _Point, quantity: Quantity) -> Dual:
    return float(at.design.arrays.material_gain_per_cm[0]), at.along.material_gain_per_cm


def _net_gain(at: _Point, quantity: Quantity) -> Dual:
    value, slope = at.pumped_loss
    return -value, -slope


def _modal_gain(at: _Point, quantity: Quantity) -> Dual:
    passive, pumped = at.passive_loss, at.pumped_loss
    return passive[0] - pumped[0], passive[1] - pumped[1]


def _thickness(at: _Point, quantity: Quantity) -> Dual:
    return _of_layer(at.space.stack.layer_names, quantity.layer, at.design.arrays.thickness_nm[0], at.along.thickness_nm.T)


def _total_thickness(at: _Point, quantity: Quantity) -> Dual:
    return float(at.design.arrays.thickness_nm[0].sum()), at.along.thickness_nm.sum(axis=1)


_ANSWERS: dict[str, Callable[[_Point, Quantity], Dual]] = {
    "n_eff": _n_eff,
    "loss_per_cm": _loss,
    "confinement": _intensity,
    "confinement_gain": _gain_share,
    "material_gain_per_cm": _material_gain,
    "modal_gain_per_cm": _modal_gain,
    "net_gain_per_cm": _net_gain,
    "thickness_nm": _thickness,
    "total_thickness_nm": _total_thickness,
}
_OF_LAYER = ("confinement", "confinement_gain", "thickness_nm")
DIFFERENTIABLE = tuple(_ANSWERS)  # kinds of quantity that have an analytic gradient
