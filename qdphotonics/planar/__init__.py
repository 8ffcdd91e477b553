"""The solver: planar stacks as bare arrays in, modes, fields, reflectance and absorptance out.

Half-spaces are the first and the last index, so ``index`` has two entries more than ``thickness_nm``; layers run from
substrate to superstrate; time factor exp(-i omega t), Im n > 0 absorbs.

The chain, in the order of the calculation: ``kz`` (root of k_z) - ``dispersion`` (D and D') - ``bounds`` and ``cells``
(the region) - ``counting`` and ``search`` (its zeros) - ``profile`` and ``measures`` (field integrals, confinement, loss
budget, derivatives) - ``character`` - ``modes`` (the front door). ``confinement_slopes`` (by way of ``field_slopes`` and
``integral_slopes``) is the next derivative. ``scattering`` stands beside it.
"""

from qdphotonics.planar.confinement_slopes import ConfinementSlopes, Slopes, confinement_slopes
from qdphotonics.planar.fields import Field, mode_field
from qdphotonics.planar.modes import MAX_LOSS_PER_CM, find_modes
from qdphotonics.planar.results import Confinement, Mode, ModeSearch, Sensitivity
from qdphotonics.planar.scattering import Scattering, scatter
from qdphotonics.planar.tracking import TrackedModes, track_modes

__all__ = [
    "MAX_LOSS_PER_CM",
    "Confinement",
    "ConfinementSlopes",
    "Field",
    "Mode",
    "ModeSearch",
    "Scattering",
    "Sensitivity",
    "Slopes",
    "TrackedModes",
    "confinement_slopes",
    "find_modes",
    "mode_field",
    "scatter",
    "track_modes",
]
