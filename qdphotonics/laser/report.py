"""The report of ``analyze``: everything that the verdict rests on, ready to print, plot or store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qdphotonics.laser.weighed import first_to
from qdphotonics.optics import html_table, plain, text_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qdphotonics.gain import Medium
    from qdphotonics.laser.assumed import Assumption
    from qdphotonics.laser.band import BandThresholds
    from qdphotonics.laser.changes import Change
    from qdphotonics.laser.drive import Operation
    from qdphotonics.laser.feedback import GratingFeedback
    from qdphotonics.laser.gain_spectrum import GainSpectrum
    from qdphotonics.laser.heat import DeviceHeat, HotState
    from qdphotonics.laser.margins import Margins
    from qdphotonics.laser.thresholds import Threshold, Thresholds
    from qdphotonics.laser.verdict import Verdict
    from qdphotonics.laser.weighed import ModeGain
    from qdphotonics.optics import StackMode, StackModes
    from qdphotonics.stacks import Cavity, Drive, Grating, Stack
    from qdphotonics.thermal import GlassTransitions


@dataclass(frozen=True, eq=False)
class GainCurve:
    """Net and modal gain of the report's mode against the drive, each point solved with its gain in the index.

    All arrays are [point], by rising material gain.
    """

    material_gain_per_cm: NDArray[np.float64]
    modal_gain_per_cm: NDArray[np.float64]
    net_gain_per_cm: NDArray[np.float64]
    current_density_A_per_cm2: NDArray[np.float64]
    fluence_J_per_cm2: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Report:
    """What a stack with a medium and a drive can do.

    Parameters
    ----------
    stack : Stack
    wavelength_nm : float
    modes : StackModes
        All modes of the passive stack.
    mode : StackMode or None
        The one reported, without gain; None: the stack has no mode.
    medium : Medium
    operation : Operation
        The drive; saturation where none is given.
    confinement : float or None
        Intensity confinement of ``mode`` in the gain layers, the papers' Gamma.
    material_gain_per_cm : float
        G at the drive.
    modal_gain_per_cm, loss_per_cm, net_gain_per_cm : float or None
        G_mod, alpha_eff, G_net of docs/physics.md, at the drive.
    confinement_gain_per_cm : float or None
        Gamma_intensity G, to which published modal gains compare.
    saturated_net_gain_per_cm : float or None
    thresholds : Thresholds
    cavity_loss_per_cm : float or None
        Infinite where a facet reflects nothing.
    heating_K : float or None
        At the drive.
    heat : DeviceHeat or None
        K and C, and where they come from; None where the stack does not say enough.
    monolayers : float
        Of dots, in all gain layers.
    critical_angle_deg, mode_angle_deg : float or None
        theta_c, and the angle of the mode (theta_BRW), in the first gain layer.
    verdict : Verdict
    feedback : GratingFeedback or None
        Of the stack's grating; None without one, or where it has none (the verdict says why).
    margins : Margins or None
        What is to spare; None without a mode.
    hot : HotState or None
        The mode in the device as hot as the drive makes it; None where that is not known.
    spectrum : GainSpectrum or None
        The mode over the gain band, at the drive and at the thresholds.
    band_thresholds : BandThresholds or None
        Net gain and lasing anywhere in that band, by the dots' whole spectrum.
    changes : tuple of Change
    mode_gains : tuple of ModeGain
        Every mode of the stack, at the drive and at saturation, with its thresholds.
    curve : GainCurve or None
    assumed : tuple of Assumption
    warnings : tuple of str
    """

    stack: Stack
    wavelength_nm: float
    modes: StackModes
    mode: StackMode | None
    medium: Medium
    operation: Operation
    confinement: float | None
    material_gain_per_cm: float
    modal_gain_per_cm: float | None
    loss_per_cm: float | None
    net_gain_per_cm: float | None
    confinement_gain_per_cm: float | None
    saturated_net_gain_per_cm: float | None
    thresholds: Thresholds
    cavity_loss_per_cm: float | None
    heating_K: float | None
    heat: DeviceHeat | None
    monolayers: float
    critical_angle_deg: float | None
    mode_angle_deg: float | None
    verdict: Verdict
    feedback: GratingFeedback | None
    margins: Margins | None
    hot: HotState | None
    spectrum: GainSpectrum | None
    band_thresholds: BandThresholds | None
    changes: tuple[Change, ...]
    mode_gains: tuple[ModeGain, ...]
    curve: GainCurve | None
    assumed: tuple[Assumption, ...]
    warnings: tuple[str, ...]

    @property
    def note(self) -> str:
        """Of the stack."""
        return self.stack.note

    @property
    def reference(self) -> str:
        """Where the stack is from."""
        return self.stack.reference

    @property
    def grating(self) -> Grating | None:
        """The stack's."""
        return self.stack.grating

    @property
    def cavity(self) -> Cavity | None:
        """The stack's."""
        return self.stack.cavity

    @property
    def drive(self) -> Drive | None:
        """As the stack's file has it; what was reckoned with is :attr:`operation`."""
        return self.stack.drive

    @property
    def glass_transitions(self) -> GlassTransitions:
        """Of the stack's layers that have one."""
        from qdphotonics.laser.heat import glass_transitions

        return glass_transitions(self.stack)

    @property
    def first_to_amplify(self) -> tuple[str, Threshold]:
        """The mode whose net gain begins at the lowest drive, the report's own unless another is clearly before it, and its threshold."""
        return first_to("net_gain", "none" if self.mode is None else self.mode.label, self.thresholds.net_gain, self.mode_gains)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``qdphotonics analyze``: the keys of DESIGN.md section 6 first, in its order, then what else the report holds."""
        keys = (
            "material_gain_per_cm modal_gain_per_cm loss_per_cm net_gain_per_cm thresholds verdict changes wavelength_nm operation "
            "confinement confinement_gain_per_cm saturated_net_gain_per_cm cavity_loss_per_cm heating_K monolayers "
            "critical_angle_deg mode_angle_deg feedback margins hot band_thresholds mode_gains curve spectrum assumed warnings "
            "reference note grating cavity drive"
        )
        document: dict[str, Any] = {"mode": None if self.mode is None else self.mode.as_dict(), "medium": self.medium.name}
        document |= {key: plain(getattr(self, key)) for key in keys.split()}
        document["heat"] = None if self.heat is None else self.heat.as_dict()
        return document | {"stack": self.stack.name}

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows and notes: the figures of the report."""
        from qdphotonics.laser.tables import report_table

        return report_table(self)

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())
