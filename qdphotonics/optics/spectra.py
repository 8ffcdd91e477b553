"""Reflectance, transmittance and absorptance of a stack, by layer name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from qdphotonics._plain import plain
from qdphotonics._tables import html_table, text_table
from qdphotonics.errors import ArgumentError, StackError
from qdphotonics.optics.by_layer import ByLayer
from qdphotonics.optics.problem import Polarizations, checked_wavelengths, polarizations
from qdphotonics.stacks import as_stack

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from qdphotonics.planar.results import Polarization
    from qdphotonics.stacks import Stack

FAINT_EXTINCTION = 1e-5  # 2 cm^-1 in the visible; dropping it moves R, T and A by as much as its own value

Side = Literal["substrate", "superstrate"]


@dataclass(frozen=True, eq=False)
class PolarizedSpectrum:
    """What becomes of light of one polarization; each array is [angle, wavelength]."""

    reflectance: NDArray[np.float64]
    transmittance: NDArray[np.float64]
    absorptance: ByLayer[NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Spectrum of a stack.

    Parameters
    ----------
    stack : Stack
    wavelength_nm : float array [wavelength]
    angle_deg : float array [angle]
        In the half-space that the light comes from.
    from_ : {"substrate", "superstrate"}
    polarized : mapping
        :class:`PolarizedSpectrum` under ``"TE"`` and ``"TM"``, those that were asked for; also as ``.TE`` and ``.TM``.
    """

    stack: Stack
    wavelength_nm: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    from_: Side
    polarized: dict[Polarization, PolarizedSpectrum]

    @property
    def TE(self) -> PolarizedSpectrum:
        return self._of("TE")

    @property
    def TM(self) -> PolarizedSpectrum:
        return self._of("TM")

    def _of(self, polarization: Polarization) -> PolarizedSpectrum:
        if polarization not in self.polarized:
            raise ArgumentError(f"this spectrum was computed for {', '.join(self.polarized)} only, not for {polarization}")
        return self.polarized[polarization]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics spectrum`` (DESIGN.md section 6); a polarization that was not asked for is missing."""
        head = {"wavelength_nm": plain(self.wavelength_nm), "angle_deg": plain(self.angle_deg)}
        return head | {str(which): plain(values) for which, values in self.polarized.items()}

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows (one an angle and wavelength) and notes."""
        columns = ["angle °", "nm"]
        columns += [f"{head} {which}" for which in self.polarized for head in ("R", "T", "A")]
        rows = []
        for i, angle in enumerate(self.angle_deg):
            for j, wavelength in enumerate(self.wavelength_nm):
                row = [f"{angle:g}", f"{wavelength:g}"]
                for each in self.polarized.values():
                    reflected, transmitted = each.reflectance[i, j], each.transmittance[i, j]
                    absorbed = sum(values[i, j] for values in each.absorptance.values())
                    row += [f"{value:.4f}" for value in (reflected, transmitted, absorbed)]
                rows.append(tuple(row))
        return f"{self.stack.name}: spectrum, light from the {self.from_}", tuple(columns), rows, []

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())


def spectrum(
    stack: Stack | str | Path,
    wavelengths_nm: Sequence[float] | NDArray[np.float64],
    angles_deg: float | Sequence[float] | NDArray[np.float64] = 0.0,
    from_: Side = "substrate",
    polarization: Polarizations = "both",
) -> Spectrum:
    """Reflectance, transmittance and the absorptance of each layer.

    In a layer with ``coherent: false``, thick glass for one, intensities add instead of waves (:func:`qdphotonics.planar.scatter`).

    Parameters
    ----------
    stack : Stack, or the name or file of one
    wavelengths_nm : sequence of float [wavelength]
    angles_deg : float or sequence of float [angle]
        From the normal, in the half-space that the light comes from; 0 <= angle < 90.
    from_ : {"substrate", "superstrate"}
        The half-space that the light comes from.
    polarization : {"TE", "TM", "both"}

    Returns
    -------
    Spectrum

    Raises
    ------
    ArgumentError
        An angle or a name is out of its range.
    StackError
        The half-space that the light comes from absorbs or amplifies (k beyond 1e-5; the faint absorption of a glass is
        left out).
    MaterialError
        A wavelength lies outside a material's range.
    """
    stack = as_stack(stack)
    wavelengths, angles = checked_wavelengths(wavelengths_nm), _checked_angles(angles_deg)
    if from_ not in ("substrate", "superstrate"):
        raise ArgumentError(f'Argument `from_` must be "substrate" or "superstrate", but is "{from_}"')
    from qdphotonics import planar

    order = slice(None) if from_ == "substrate" else slice(None, None, -1)
    index = _lossless_entrance(stack, stack.index(wavelengths)[:, order], from_)
    normal = _lossless_entrance(stack, stack.index_extraordinary(wavelengths)[:, order], from_)
    coherent = np.array([layer.coherent for layer in stack.layers], dtype=bool)[order]
    polarized = {}
    for which in polarizations(polarization):
        result = planar.scatter(
            index,
            stack.thickness_nm[order],
            wavelengths,
            angles[:, np.newaxis],
            which,
            index_extraordinary=normal,
            coherent=coherent,
        )
        shares = np.moveaxis(result.absorptance[..., order], -1, 0)
        absorptance = ByLayer(stack.layer_names, list(shares))
        polarized[which] = PolarizedSpectrum(result.reflectance, result.transmittance, absorptance)
    return Spectrum(stack, wavelengths, angles, from_, polarized)


def _checked_angles(angles_deg: float | Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    angles = np.atleast_1d(np.asarray(angles_deg, dtype=float))
    bad = [angle for angle in angles.ravel() if not 0 <= angle < 90]
    if angles.ndim != 1 or angles.size == 0 or bad:
        shown = f"holds {bad[0]:g}" if bad else f"has shape {angles.shape}"
        raise ArgumentError(f"Argument `angles_deg` must be a list of angles with 0 <= angle < 90 degrees, but {shown}")
    return angles


def _lossless_entrance(stack: Stack, index: NDArray[np.complex128], from_: Side) -> NDArray[np.complex128]:
    """``index`` [wavelength, layer + 2] with a real entrance half-space: a reflectance has no meaning where the light decays.

    The faint absorption of a glass is left out; an entrance that absorbs more is a StackError.
    """
    largest = float(np.abs(index[:, 0].imag).max())
    if largest > FAINT_EXTINCTION:
        raise StackError(
            f"the {from_} must be transparent for light to come from it, but its k is up to {largest:.3g}; "
            f"take the other side with `--from`, or another {from_}",
            file=stack.file,
        )
    changed = index.copy()
    changed[:, 0] = index[:, 0].real
    return changed
