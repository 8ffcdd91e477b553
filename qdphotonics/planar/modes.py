"""Every guided and leaky mode of a planar stack: the solver's front door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._checks import complex_array, every, one_of, real_array, refuse, refuse_since
from qdphotonics.planar.results import Mode, ModeSearch, Polarization
from qdphotonics.units import extinction

if TYPE_CHECKING:
    from qdphotonics.planar.dispersion import Guide
    from qdphotonics.planar.measures import Planar
    from qdphotonics.planar.search import Findings, Zero

MAX_LOSS_PER_CM = 1e4


def find_modes(
    index: ArrayLike,
    thickness_nm: ArrayLike,
    wavelength_nm: float,
    polarization: Polarization,
    *,
    n_range: tuple[float, float] | None = None,
    max_loss_per_cm: float = MAX_LOSS_PER_CM,
    index_extraordinary: ArrayLike | None = None,
    dindex_dwavelength: ArrayLike | None = None,
    dindex_extraordinary_dwavelength: ArrayLike | None = None,
) -> ModeSearch:
    """Find all modes of one polarization, guided and leaky, and certify that none is missing.

    Parameters
    ----------
    index : array_like of complex, shape (layer + 2,)
        Refractive index n' + i n'' from substrate to superstrate; n'' > 0 absorbs, n'' < 0 amplifies.
    thickness_nm : array_like of float, shape (layer,)
        Thicknesses of the layers between [nm], > 0.
    wavelength_nm : float
        Vacuum wavelength [nm].
    polarization : {"TE", "TM"}
        TE: E along y; TM: H along y.
    n_range : (float, float), optional
        Range of Re n_eff. By default from 0 to where no mode can be, plasmons included.
    max_loss_per_cm : float
        Modes with |2 k0 Im n_eff| up to this are sought [1/cm], loss as well as gain.
    index_extraordinary : array_like of complex, shape (layer + 2,), optional
        Index along the layers' normal of uniaxial layers; by default ``index``.
    dindex_dwavelength, dindex_extraordinary_dwavelength : array_like of complex, shape (layer + 2,), optional
        dn/dlambda [1/nm], for the group index and the energy confinement; by default 0.

    Returns
    -------
    ModeSearch
        The modes by falling Re n_eff, whether the search is certified, and its region in words.

    Raises
    ------
    ArgumentError
        An argument has the wrong shape or a value out of its range.

    Notes
    -----
    A mode is a zero of the dispersion function with, in both half-spaces, the root of k_z that has Re k_z + Im k_z > 0.
    The zeros are counted by the argument principle on surfaces without branch cuts (PHYSICS section 1).

    Examples
    --------
    >>> search = find_modes([1.45, 3.48, 1.0], [220.0], 1550.0, "TE")
    >>> [(mode.label, round(mode.n_eff.real, 4)) for mode in search.modes], search.certified
    ([('TE0', 2.8352)], True)
    """
    one_of("polarization", polarization, ("TE", "TM"))
    planar = _planar(index, thickness_nm, wavelength_nm, index_extraordinary, dindex_dwavelength, dindex_extraordinary_dwavelength)
    if not (np.isfinite(max_loss_per_cm) and max_loss_per_cm > 0):
        refuse("max_loss_per_cm", "be > 0 and finite", max_loss_per_cm)
    if n_range is not None and not 0.0 <= n_range[0] < n_range[1] < np.inf:
        refuse("n_range", "be (low, high) with 0 <= low < high", n_range)
    from qdphotonics.planar.dispersion import pack
    from qdphotonics.planar.search import find_zeros

    guide = pack(planar.index, planar.index_extraordinary, planar.thickness_nm, planar.wavelength_nm, polarization)
    findings = find_zeros(guide, float(extinction(max_loss_per_cm, planar.wavelength_nm)), n_range)
    physical = [zero for zero in findings.zeros if zero.physical]
    modes = _modes(guide, planar, physical, polarization)
    return ModeSearch(modes, not findings.complaints, _note(findings, max_loss_per_cm), findings.n_range, max_loss_per_cm)


def _modes(guide: Guide, planar: Planar, zeros: list[Zero], polarization: Polarization) -> tuple[Mode, ...]:
    """The modes of these zeros, with all that their fields tell."""
    from qdphotonics.planar.character import character_of, metallic, periodic_runs
    from qdphotonics.planar.measures import measure

    runs, metal, te = periodic_runs(guide.row), metallic(guide), polarization == "TE"
    n_eff = np.array([zero.n_eff for zero in zeros], np.complex128)
    measured = measure(guide, planar, n_eff, polarization, look=bool(runs) or bool(metal.any()))
    return tuple(
        Mode(
            n_eff=zero.n_eff,
            polarization=polarization,
            wavelength_nm=planar.wavelength_nm,
            label=f"{polarization}{order}",
            kind="leaky" if measured.open[order].any() else "guided",
            open=(bool(measured.open[order, 0]), bool(measured.open[order, 1])),
            character=character_of(guide, te, zero.n_eff, metal, runs, measured.looks, order),
            multiplicity=zero.multiplicity,
            group_index=float(measured.group_index[order]),
            confinement=measured.confinement(order),
            absorbed_per_cm=measured.absorbed_per_cm[order],
            radiated_per_cm=measured.radiated_per_cm[order],
            sensitivity=measured.sensitivity(order),
            index=planar.index,
            index_extraordinary=planar.index_extraordinary,
            thickness_nm=planar.thickness_nm,
        )
        for order, zero in enumerate(zeros)
    )


def _note(findings: Findings, max_loss_per_cm: float) -> str:
    """The region in words, how its upper end was found, and what stands against the certificate."""
    low, high = findings.n_range
    physical = sum(zero.multiplicity for zero in findings.zeros if zero.physical)
    beyond = sum(zero.multiplicity for zero in findings.zeros) - physical
    note = f"{physical} in {low:.4g} < Re n_eff <= {high:.6g} (upper end: {findings.upper_bound}), |loss| <= {max_loss_per_cm:g} per cm"
    if beyond:
        note += f"; {beyond} more left out, beyond a half-space's branch cut, where no outgoing wave belongs to them"
    twins = [zero for zero in findings.zeros if zero.physical and zero.multiplicity > 1]
    for twin in twins:
        note += f"; near {twin.n_eff:.6f} {twin.multiplicity} modes closer than double precision resolves (`twin_offsets` tells how close)"
    return "; ".join(["not certified: " + complaint for complaint in findings.complaints] + [note])


def _planar(
    index: ArrayLike,
    thickness_nm: ArrayLike,
    wavelength_nm: float,
    index_extraordinary: ArrayLike | None,
    dindex_dwavelength: ArrayLike | None,
    dindex_extraordinary_dwavelength: ArrayLike | None,
) -> Planar:
    """The arguments as checked arrays."""
    from qdphotonics.planar.measures import Planar

    thickness = real_array("thickness_nm", thickness_nm)
    if thickness.ndim != 1:
        refuse_since("thickness_nm", "have one axis (layer)", f"its shape is {thickness.shape}")
    every("thickness_nm", "be > 0", thickness, thickness > 0.0)
    wavelength = float(real_array("wavelength_nm", wavelength_nm))
    if not wavelength > 0.0:
        refuse("wavelength_nm", "be > 0", wavelength)
    shape = (thickness.size + 2,)

    def per_region(name: str, value: ArrayLike) -> NDArray[np.complex128]:
        array = complex_array(name, value)
        if array.shape != shape:
            refuse_since(name, f"have the shape (layer + 2,) = {shape}", f"its shape is {array.shape}")
        return array

    ordinary = per_region("index", index)
    extraordinary = ordinary if index_extraordinary is None else per_region("index_extraordinary", index_extraordinary)
    every("index", "have Re n > 0", ordinary, ordinary.real > 0.0)
    every("index_extraordinary", "have Re n > 0", extraordinary, extraordinary.real > 0.0)
    slope = np.zeros(shape, np.complex128) if dindex_dwavelength is None else per_region("dindex_dwavelength", dindex_dwavelength)
    slope_e = slope
    if dindex_extraordinary_dwavelength is not None:
        slope_e = per_region("dindex_extraordinary_dwavelength", dindex_extraordinary_dwavelength)
    return Planar(ordinary, extraordinary, thickness, wavelength, slope, slope_e)
