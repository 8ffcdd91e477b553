"""A named material: complex index n(lambda) within the range where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from qdphotonics.errors import MaterialError
from qdphotonics.materials.dispersion import ComplexArray, Dispersion, FloatArray, Range, Shifted

RANGE_TOLERANCE = 1e-9  # relative; a conversion from um or eV moves the end of a range by some 1e-16


@dataclass(frozen=True)
class ThermalProperties:
    """How a material conducts and stores heat, near 300 K.

    Parameters
    ----------
    conductivity_W_per_mK : float
        Through a layer of it.
    heat_capacity_J_per_cm3K : float
        Of its volume.
    in_plane_conductivity_W_per_mK : float, optional
        Along the layer, where it differs.
    source : str
    assumed : mapping of str to (lowest, highest)
        Plausible range of each value that no source gives for such a film.
    """

    conductivity_W_per_mK: float
    heat_capacity_J_per_cm3K: float
    in_plane_conductivity_W_per_mK: float | None = None
    source: str = ""
    assumed: Mapping[str, Range] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Material:
    """Complex refractive index as a function of wavelength, with its source.

    Time factor exp(-i omega t): Im n > 0 absorbs, Im n < 0 amplifies. A uniaxial material has its axis normal to the
    layers.

    Parameters
    ----------
    name : str
    ordinary : Dispersion
    extraordinary : Dispersion, optional
        None: isotropic.
    form : str
        What it was given as: "constant", "table", "database" …
    source : str
        Who measured it; empty for a value written into a stack.
    note : str
        What to know before using it.
    valid_nm : tuple of float, optional
        Wavelengths [nm] at which it may be used; None: all.
    assumed : mapping of str to (lowest, highest)
        Plausible range of each value that no source gives, e.g. ``{"n": (1.8, 1.9)}``.
    glass_transition_C : float, optional
        Of an organic layer [degrees Celsius].
    thermal : ThermalProperties, optional
        None: not given, so that no heating can be computed through a layer of it.
    file : Path, optional

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> silver = qdp.load_material("Ag")
    >>> complex(silver.index(632.8)).imag > 4
    True
    """

    name: str
    ordinary: Dispersion
    extraordinary: Dispersion | None = None
    form: str = "constant"
    source: str = ""
    note: str = ""
    valid_nm: Range | None = None
    assumed: Mapping[str, Range] = field(default_factory=dict, hash=False)
    glass_transition_C: float | None = None
    thermal: ThermalProperties | None = None
    file: Path | None = None

    @property
    def is_uniaxial(self) -> bool:
        """Whether the index along z differs from that in the plane."""
        return self.extraordinary is not None

    def shifted(self, by: complex) -> Material:
        """The same with a number added to its index at every wavelength, to both of a uniaxial one.

        Examples
        --------
        >>> import qdphotonics as qdp
        >>> glass = qdp.load_material("SiO2")
        >>> round(complex(glass.shifted(0.01).index(600) - glass.index(600)).real, 12)
        0.01
        """
        extraordinary = None if self.extraordinary is None else Shifted(self.extraordinary, by)
        return replace(self, ordinary=Shifted(self.ordinary, by), extraordinary=extraordinary)

    def index(self, wavelength_nm: ArrayLike) -> ComplexArray:
        """Complex refractive index, of the ordinary ray in a uniaxial material.

        Parameters
        ----------
        wavelength_nm : float or array [...]
            Vacuum wavelength [nm].

        Returns
        -------
        complex or complex array [...]

        Raises
        ------
        MaterialError
            A wavelength that is not finite, not > 0, or outside ``valid_nm``.
        """
        return self._evaluate(self.ordinary, wavelength_nm)[0]

    def index_extraordinary(self, wavelength_nm: ArrayLike) -> ComplexArray:
        """Complex index for E along z; equals :meth:`index` in an isotropic material. Shapes and errors as there."""
        return self._evaluate(self.extraordinary or self.ordinary, wavelength_nm)[0]

    def dindex_dwavelength(self, wavelength_nm: ArrayLike) -> ComplexArray:
        """Derivative of :meth:`index` [1/nm], exact for the form it has; shapes and errors as there."""
        return self._evaluate(self.ordinary, wavelength_nm)[1]

    def dindex_extraordinary_dwavelength(self, wavelength_nm: ArrayLike) -> ComplexArray:
        """Derivative of :meth:`index_extraordinary` [1/nm]; shapes and errors as for :meth:`index`."""
        return self._evaluate(self.extraordinary or self.ordinary, wavelength_nm)[1]

    def _evaluate(self, form: Dispersion, wavelength_nm: ArrayLike) -> tuple[ComplexArray, ComplexArray]:
        wavelength = self._checked(wavelength_nm)
        try:
            with np.errstate(all="ignore"):  # what is not finite is refused below
                index, slope = form.evaluate(wavelength)
        except MaterialError as problem:  # of a mixture, which does not know in which material it is
            raise self._error(problem.message) from None
        wrong = ~np.isfinite(index) | ~np.isfinite(slope) | (index.real < 0)
        if np.any(wrong):
            raise self._error(f"has no index > 0 at {wavelength[wrong].flat[0]:.6g} nm: check its formula")
        return index[()], slope[()]

    def _checked(self, wavelength_nm: ArrayLike) -> FloatArray:
        try:
            wavelength = np.asarray(wavelength_nm, dtype=float)
        except (TypeError, ValueError):
            raise self._error(f"needs wavelengths in nm, got {wavelength_nm!r}") from None
        wrong = ~(np.isfinite(wavelength) & (wavelength > 0))
        if np.any(wrong):
            raise self._error(f"needs finite wavelengths > 0 nm, got {wavelength[wrong].flat[0]:.6g}")
        if self.valid_nm is None:
            return wavelength
        low, high = self.valid_nm
        outside = (wavelength < low * (1 - RANGE_TOLERANCE)) | (wavelength > high * (1 + RANGE_TOLERANCE))
        if np.any(outside):
            raise self._error(f"is known for {low:.6g} to {high:.6g} nm, got {wavelength[outside].flat[0]:.6g} nm")
        return np.asarray(np.clip(wavelength, low, high))

    def _error(self, text: str) -> MaterialError:
        return MaterialError(f'material "{self.name}" {text}', file=self.file)
