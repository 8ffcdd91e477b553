"""First-order propagation of errors: how far a quantity moves with each of them, and how straight the way is.

Of n_eff, loss, confinement and gain the slopes are exact (:mod:`qdphotonics.sweeps.gradients`). The wavelength at which a
grating feeds back follows from its condition Re n_eff(lambda) = order lambda/(2 period):

    d lambda_B/dp = lambda (dn_eff/dp + n_eff/period d period/dp) / n_g.

Any other quantity is differenced over one standard deviation to either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qdphotonics.errors import ModeSearchError
from qdphotonics.sweeps.gradients import DIFFERENTIABLE, quantity_gradients
from qdphotonics.sweeps.quantities import BEST
from qdphotonics.sweeps.tolerance.result import Contribution

if TYPE_CHECKING:
    from qdphotonics.sweeps.follower import FollowedDesign
    from qdphotonics.sweeps.quantities import Quantity
    from qdphotonics.sweeps.tolerance.samples import Devices

Reals = NDArray[np.float64]

SQUARES = {"normal": sqrt(0.5), "uniform": sqrt(0.2)}  # standard deviation of x²/2 over σ²
GEOMETRY_STEP = 1e-3  # of a standard deviation: a grating's slices are linear in thicknesses, smooth in indices
WAVELENGTHS = ("dfb.wavelength_nm", "dfb.bright.wavelength_nm", "dfb.dark.wavelength_nm")
ROUNDING = 1e-12  # of a quantity, between two devices that are the same


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """The slopes of every quantity by every variate, and each quantity with one error alone.

    Parameters
    ----------
    devices : Devices
    nominal : dict of name to float
    beside : dict of name to float array [2, variate]
        With one variate at −1 and at +1 standard deviation.
    """

    devices: Devices
    nominal: dict[str, float]
    beside: dict[str, Reals]

    @classmethod
    def of(cls, devices: Devices) -> FirstOrder:
        """Solve the stack as designed, and two devices for each variate."""
        steps = np.diag(devices.errors.standard_deviations)
        values, _ = devices.evaluate(np.concatenate([np.zeros((1, len(steps))), -steps, steps]))
        beside = {name: column[1:].reshape(2, -1) for name, column in values.items()}
        return cls(devices, {name: float(column[0]) for name, column in values.items()}, beside)

    def contributions(self, quantity: Quantity) -> tuple[Contribution, ...]:
        """What each error does to a quantity, the largest first."""
        errors = self.devices.errors
        sigma = errors.standard_deviations
        slopes, beside, nominal = self.slopes(quantity), self.beside[quantity.name], self.nominal[quantity.name]
        total = float(np.sum((slopes * sigma) ** 2))
        found = []
        for position, source in enumerate(errors.sources):
            mine = [at for at, variate in enumerate(errors.variates) if variate.source == position]
            linear = float(np.sqrt(np.sum((slopes[mine] * sigma[mine]) ** 2)))
            curved = np.abs(beside[:, mine].sum(axis=0) - 2 * nominal)
            curved = np.where(curved > ROUNDING * abs(nominal), curved, 0.0)
            square = SQUARES[source.distribution] * float(np.sqrt(np.sum(curved**2)))
            moved = beside[:, mine] - nominal
            rising = 1.0 if slopes[mine].sum() >= 0 else -1.0
            away = moved[:, 0] if len(mine) == 1 else rising * np.array([-1.0, 1.0]) * np.sqrt(np.sum(moved**2, axis=1))
            found.append(
                Contribution(
                    path=source.path,
                    slope=float(slopes[mine].sum()),
                    standard_deviation=linear,
                    share=linear**2 / total if total > 0 else 0.0 if total == 0 else np.nan,
                    below=nominal + float(away[0]),
                    above=nominal + float(away[1]),
                    bend=square / linear if linear > 0 else np.inf if square > 0 else 0.0,
                )
            )
        return tuple(sorted(found, key=lambda each: -np.nan_to_num(each.standard_deviation)))

    def predicted(self, quantity: Quantity, deviations: Reals) -> Reals:
        """A quantity of some devices [device] to first order in their errors ``deviations`` [device, variate]."""
        return np.asarray(self.nominal[quantity.name] + deviations @ self.slopes(quantity))

    def slopes(self, quantity: Quantity) -> Reals:
        """Derivatives of a quantity by each variate [variate]."""
        label = self.devices.label(quantity)
        if quantity.family in ("mode", "pumped") and quantity.kind.name in DIFFERENTIABLE and label in self._designs:
            gradients: Reals = quantity_gradients([quantity], self.devices.errors, self._designs[label])[1][0]
            return gradients
        if quantity.kind.name in WAVELENGTHS:
            return self.bragg
        low, high = self.beside[quantity.name]
        return np.asarray((high - low) / (2 * self.devices.errors.standard_deviations))

    @cached_property
    def _designs(self) -> dict[str, FollowedDesign]:
        """Modes on the stack as designed, without and with gain; those that cannot be followed to the gain are left out."""
        from qdphotonics.sweeps.follower import Follower
        from qdphotonics.sweeps.space import DesignSpace

        space, values = DesignSpace.of(self.devices.spec.stack, []), np.zeros(0)
        arrays, found = space.arrays(values[None, :]), {}
        for label, mode in self.devices.starts.items():
            try:
                found[label] = Follower(space, mode, label, values, arrays).here
            except ModeSearchError:
                continue
        return found

    @cached_property
    def bragg(self) -> Reals:
        """d lambda_B/dp [variate], of the planar mode on the means of the grating's slices."""
        from qdphotonics.gratings import unit_cell
        from qdphotonics.gratings.coupled_waves_partial import Baseline
        from qdphotonics.laser.dfb import asked, coupling_of
        from qdphotonics.optics import index_response

        errors, mode = self.devices.errors, self.devices.spec.mode
        named = None if mode is None or mode in BEST else mode
        guide = coupling_of(asked(errors.stack, None, "TM" if mode == "TM" else None, named, None, None))
        rates, slopes = guide.mode.sensitivity, np.zeros(len(errors.variates))
        for at, sigma in enumerate(errors.standard_deviations.tolist()):
            step = np.zeros(len(errors.variates))
            step[at] = GEOMETRY_STEP * sigma
            cells = [unit_cell(errors.changed(sign * step), guide.wavelength_nm) for sign in (1, -1)]
            above, below = (Baseline(cell, guide.polarization) for cell in cells)
            by = 2 * GEOMETRY_STEP * sigma
            index, normal = above.index - below.index, above.index_extraordinary - below.index_extraordinary
            change = index_response(rates, index, normal) + complex(rates.thickness_per_nm @ (above.thickness_nm - below.thickness_nm))
            longer = (cells[0].period_nm - cells[1].period_nm) / guide.cell.period_nm
            slopes[at] = guide.wavelength_nm * (change.real + guide.n_eff.real * longer) / guide.mode.group_index / by
        return slopes
