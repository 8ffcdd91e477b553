"""The planar stack that a grated one is in the mean: where coupled waves begin, and whose modes fold into Bloch modes."""

from __future__ import annotations

from typing import Literal

import numpy as np

from qdphotonics.gratings.cell import UnitCell


def averaged(cell: UnitCell, polarization: Literal["TE", "TM"], max_height_nm: float | None = None) -> UnitCell:
    """A cell without grating whose layers are the slices of another one, averaged over a period.

    Parameters
    ----------
    cell : UnitCell
    polarization : {"TE", "TM"}
        TE: ⟨ε⟩. TM: 1/⟨1/ε⟩ along x, where D is continuous, and ⟨ε⟩ along z.
    max_height_nm : float, optional
        As for :meth:`UnitCell.slices`.

    Returns
    -------
    UnitCell
        Its layers have the names of the cell's, the grating's slices "grating[0]", "grating[1]" …

    Examples
    --------
    >>> from qdphotonics.gratings import GratingProfile
    >>> cell = UnitCell(("substrate", "a", "b", "superstrate"), [1.5, 1.6, 1.9, 1.0], [250.0, 50.0], 400.0, 620.0,
    ...                 grated=1, profile=GratingProfile(400.0, 30.0))
    >>> mean = averaged(cell, "TE")
    >>> mean.names, round(float(mean.index[2].real) ** 2, 4)
    (('substrate', 'a', 'grating[0]', 'b', 'superstrate'), 3.085)
    """
    slices = cell.slices(max_height_nm)
    one = np.eye(len(cell.names), dtype=complex)
    shares = [one[0], *(each.fourier(one, [0], cell.period_nm)[:, 0].real for each in slices), one[-1]]
    mean = np.array(shares).real  # [slice + 2, layer + 2]
    power = 2 if polarization == "TE" else -2
    index = (mean @ cell.index**power) ** (1 / power)
    slope = index ** (1 - power) * (mean @ (cell.index ** (power - 1) * cell.dindex_dwavelength))
    normal = np.sqrt(mean @ cell.index_extraordinary**2)
    slope_normal = mean @ (cell.index_extraordinary * cell.dindex_extraordinary_dwavelength) / normal
    names, rough = [], 0
    for each in slices:
        names.append(cell.names[each.layer[0]] if each.is_uniform else f"grating[{rough}]")
        rough += not each.is_uniform
    gain = [cell.names[layer] for layer in cell.gain_layers]
    return UnitCell(
        names=(cell.names[0], *names, cell.names[-1]),
        index=index,
        thickness_nm=np.array([each.thickness_nm for each in slices]),
        period_nm=cell.period_nm,
        wavelength_nm=cell.wavelength_nm,
        order=cell.order,
        gain_layers=tuple(k for k, name in enumerate(names, start=1) if name in gain),
        index_extraordinary=index if polarization == "TE" else normal,
        dindex_dwavelength=slope,
        dindex_extraordinary_dwavelength=slope if polarization == "TE" else slope_normal,
    )
