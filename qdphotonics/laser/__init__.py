"""Couples optics, gain and heat to a report on whether a stack can amplify and lase."""

from __future__ import annotations

from qdphotonics.laser.analysis import analysis_seconds, analyze, gain_curve, medium_of
from qdphotonics.laser.assumed import Assumption, gain_confinement
from qdphotonics.laser.case import Case
from qdphotonics.laser.cavity import mirror_loss_per_cm
from qdphotonics.laser.changes import Change, best_changes
from qdphotonics.laser.comparison import Comparison, compare
from qdphotonics.laser.drive import Operation
from qdphotonics.laser.edge_emission import EdgeEmission, StripeMode
from qdphotonics.laser.emission_of_stripe import ase
from qdphotonics.laser.film import DotFilm
from qdphotonics.laser.gain_spectrum import GainSpectrum, common_range_nm, gain_spectrum
from qdphotonics.laser.guide import Guide, Stripe
from qdphotonics.laser.pumped import PumpedMode, PumpedStack, pumped_modes, pumped_stack
from qdphotonics.laser.rate_equations import LaserCavity, LaserCurve, laser_curve
from qdphotonics.laser.report import GainCurve, Report
from qdphotonics.laser.stripe import StripeEmission, amplify
from qdphotonics.laser.thresholds import Threshold, Thresholds
from qdphotonics.laser.verdict import Ability, Verdict, judge
from qdphotonics.laser.vsl import GainFit, fit_gain, variable_stripe
from qdphotonics.laser.vsl_file import read_stripe_table
from qdphotonics.laser.vsl_report import StripeFit, fit_vsl
from qdphotonics.laser.weighed import ModeGain

__all__ = [
    "Ability",
    "Assumption",
    "Case",
    "Change",
    "Comparison",
    "DotFilm",
    "EdgeEmission",
    "GainCurve",
    "GainFit",
    "GainSpectrum",
    "Guide",
    "LaserCavity",
    "LaserCurve",
    "ModeGain",
    "Operation",
    "PumpedMode",
    "PumpedStack",
    "Report",
    "Stripe",
    "StripeEmission",
    "StripeFit",
    "StripeMode",
    "Threshold",
    "Thresholds",
    "Verdict",
    "amplify",
    "analysis_seconds",
    "analyze",
    "ase",
    "best_changes",
    "common_range_nm",
    "compare",
    "fit_gain",
    "fit_vsl",
    "gain_confinement",
    "gain_curve",
    "gain_spectrum",
    "judge",
    "laser_curve",
    "medium_of",
    "mirror_loss_per_cm",
    "pumped_modes",
    "pumped_stack",
    "read_stripe_table",
    "variable_stripe",
]
