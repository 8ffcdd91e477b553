"""What can be wanted of a point of a sweep: the one list of quantities, their units and how they are written.

A quantity is written ``[SELECTOR.]NAME[.PART ...]``: ``n_eff``, ``confinement.QD``, ``TM1.loss_per_cm``,
``TM.net_gain_per_cm``, ``thresholds.lasing.current_density_A_per_cm2``, ``absorptance.TE.Ag``, ``dfb.dark.q``. A layer's name
with a dot, a space or a bracket may stand in quotes, as in the paths of ``--set``. All are real numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from qdphotonics._yaml import nearest, quoted, shown
from qdphotonics.errors import SweepError

if TYPE_CHECKING:
    from qdphotonics.optics.problem import Polarizations
    from qdphotonics.stacks import Stack

Family = Literal["mode", "pumped", "laser", "geometry", "spectrum", "dfb"]

LABEL = re.compile(r"T[EM]\d{1,4}")
BEST = ("TE", "TM", "best")  # selectors: at each point the mode of largest net gain, see laser.strongest
POLARIZATIONS: dict[str, Polarizations] = {"TE": "TE", "TM": "TM", "best": "both"}  # that each of them chooses from
_PART = re.compile(r'\s*(?:"(?P<double>[^"]*)"|\'(?P<single>[^\']*)\'|(?P<bare>[^."\']+))\s*')


@dataclass(frozen=True)
class Kind:
    """One entry of the list.

    Parameters
    ----------
    name : str
        As written, without selector and layer.
    family : str
        Which calculation gives it.
    unit : str
        Empty for pure numbers.
    title : str
        What it is, for a reader.
    sign : str
        What a figure's axis calls it.
    of_layer : bool
        Whether a layer's name follows.
    """

    name: str
    family: Family
    unit: str
    title: str
    sign: str
    of_layer: bool = False


def _kinds() -> Iterator[Kind]:
    yield Kind("n_eff", "mode", "", "real part of the effective index", "n_eff")
    yield Kind("loss_per_cm", "mode", "cm⁻¹", "modal loss 2 k0 Im n_eff without gain", "loss")
    yield Kind("confinement", "mode", "", "share of the intensity in a layer (the papers' Γ)", "Γ", True)
    yield Kind("confinement_gain", "mode", "", "∂(modal gain)/∂(material gain) of a layer, exact; can exceed 1", "Γ of the gain,", True)
    yield Kind("confinement_energy", "mode", "", "share of the energy in a layer", "Γ of the energy,", True)
    yield Kind("loss_budget_per_cm", "mode", "cm⁻¹", "part of the modal loss that a layer, or a half-space, takes", "loss in", True)
    yield Kind("angle_deg", "mode", "°", "propagation angle in a layer, from its normal", "angle in", True)
    yield Kind("group_index", "mode", "", "group index, material dispersion included", "n_group")
    yield Kind("material_gain_per_cm", "pumped", "cm⁻¹", "gain of the medium at the drive", "material gain")
    yield Kind("modal_gain_per_cm", "pumped", "cm⁻¹", "net gain plus loss", "modal gain")
    yield Kind("net_gain_per_cm", "pumped", "cm⁻¹", "−2 k0 Im n_eff with the drive's gain in the gain layers", "net gain")
    for event, words in (("transparency", "transparency"), ("net_gain", "net gain"), ("lasing", "lasing")):
        for figure, unit, sign in (("current_density", "A/cm²", "j"), ("fluence", "J/cm²", "fluence"), ("heating", "K", "heating")):
            key = {"current_density": "current_density_A_per_cm2", "fluence": "fluence_J_per_cm2", "heating": "heating_K"}[figure]
            title = f"{figure.replace('_', ' ')} at the threshold of {words}"
            yield Kind(f"thresholds.{event}.{key}", "laser", unit, title, f"{sign} of {words}")
    for way in ("optical", "electrical"):
        for event, words in (("ase", "amplifies spontaneous emission"), ("lasing", "lases")):
            yield Kind(f"verdict.{way}.{event}", "laser", "", f"1 where the stack {words} under {way} pumping, else 0", f"{way} {event}")
    yield Kind("thickness_nm", "geometry", "nm", "thickness of a layer, its repeats together", "thickness of", True)
    yield Kind("total_thickness_nm", "geometry", "nm", "thickness of all layers", "total thickness")
    for name, sign in (("reflectance", "R"), ("transmittance", "T"), ("absorptance", "A")):
        for polarization in ("TE", "TM"):
            title = f"{name} of {polarization} light" + (" in a layer" if name == "absorptance" else "")
            yield Kind(f"{name}.{polarization}", "spectrum", "", title, f"{sign} {polarization}", name == "absorptance")
    dfb = (
        ("wavelength_nm", "nm", "wavelength of the resonance", "λ"),
        ("q", "", "quality factor of the resonance", "Q"),
        ("threshold_gain_per_cm", "cm⁻¹", "material gain at which the resonance lases", "threshold gain"),
    )
    for which, words in (("", "first edge to lase"), ("bright.", "bright edge"), ("dark.", "dark edge")):
        for key, unit, what, sign in dfb:
            yield Kind(f"dfb.{which}{key}", "dfb", unit, f"{what}: {words}", f"{which[:-1]} {sign}".strip() if which else f"DFB {sign}")
    yield Kind("dfb.stop_band_nm", "dfb", "nm", "width of the stop band", "stop band")
    yield Kind("dfb.coupling_per_cm", "dfb", "cm⁻¹", "modulus of the coupling constant", "|κ|")


KINDS: dict[str, Kind] = {kind.name: kind for kind in _kinds()}


@dataclass(frozen=True)
class Quantity:
    """One quantity wanted of every point.

    Parameters
    ----------
    kind : Kind
    selector : str or None
        A mode's label on the base stack, followed from there; "TE", "TM": the mode of largest net gain of that polarization
        at each point, so that a bound on it holds for all; "best": the larger of both. None: the specification's ``mode``.
    layer : str or None
        Written name of a layer, or ``substrate``, ``superstrate``.

    Examples
    --------
    >>> quantity = parse_quantity("TM1.confinement.QD")
    >>> quantity.name, quantity.selector, quantity.layer, quantity.unit
    ('TM1.confinement.QD', 'TM1', 'QD', '')
    """

    kind: Kind = field(repr=False)
    selector: str | None
    layer: str | None

    @property
    def name(self) -> str:
        """As it is written in a specification; the name in results and expressions."""
        parts = [] if self.selector is None else [self.selector]
        return ".".join([*parts, self.kind.name, *([] if self.layer is None else [quoted(self.layer)])])

    @property
    def family(self) -> Family:
        """Which calculation gives it."""
        return self.kind.family

    @property
    def unit(self) -> str:
        """Empty for pure numbers."""
        return self.kind.unit

    @property
    def title(self) -> str:
        """What it is, in words."""
        return self._with_whom(self.kind.title, " " if self.layer is None else ": ")

    @property
    def label(self) -> str:
        """For an axis of a figure, with its unit."""
        return self._with_whom(self.kind.sign, " ") + (f" ({self.unit})" if self.unit else "")

    def _with_whom(self, words: str, before_layer: str) -> str:
        layer = "" if self.layer is None else f"{before_layer}{self.layer}"
        mode = "" if self.selector is None else f" of {self.selector}"
        return words + layer + mode

    def __str__(self) -> str:
        return self.name


def parse_quantity(text: str) -> Quantity:
    """Read a quantity as it is written in a specification or an expression.

    Raises
    ------
    SweepError
        None of that name; the message has the nearest ones.

    Examples
    --------
    >>> parse_quantity('loss_budget_per_cm."my layer"').layer
    'my layer'
    >>> parse_quantity("TM.net_gain_per_cm").selector
    'TM'
    """
    parts = _parts(text)
    selector = parts.pop(0) if len(parts) > 1 and (LABEL.fullmatch(parts[0]) or parts[0] in BEST) else None
    for count in range(len(parts), 0, -1):
        kind = KINDS.get(".".join(parts[:count]))
        if kind is None:
            continue
        rest = parts[count:]
        if selector is not None and kind.family not in ("mode", "pumped"):
            raise SweepError(f"{shown(text)}: {kind.name} is not one of a mode, so {selector} cannot stand before it")
        if not kind.of_layer and rest:
            raise SweepError(f"{shown(text)}: nothing may follow {kind.name}, got {shown('.'.join(rest))}")
        if kind.of_layer and len(rest) != 1:
            cure = f'write {kind.name}.QD, or {kind.name}."my layer" for a name with a dot'
            raise SweepError(f"{shown(text)}: the name of one layer must follow {kind.name}; {cure}")
        return Quantity(kind, selector, rest[0] if rest else None)
    raise SweepError(f"no quantity is called {shown(text)}{nearest('.'.join(parts), KINDS)}")


def _parts(text: str) -> list[str]:
    """The parts of a name between its dots, without quotes."""
    parts: list[str] = []
    end, dot = 0, True
    while dot and (match := _PART.match(text, end)) is not None:
        part = next(match[kind] for kind in ("double", "single", "bare") if match[kind] is not None)
        parts.append(part.strip() if match["bare"] is not None else part)
        dot = text[match.end() : match.end() + 1] == "."
        end = match.end() + dot
    if dot or end != len(text) or "" in parts:
        raise SweepError(f"a quantity must be written such as n_eff, confinement.QD or TM1.loss_per_cm, got {shown(text)}")
    return parts


def check_quantity(quantity: Quantity, stack: Stack) -> None:
    """See that a stack has what a quantity is about.

    Raises
    ------
    SweepError
        A layer that is not there, or gain, a cavity or a grating that the quantity needs.
    """
    if quantity.layer is not None:
        written = dict.fromkeys(layer.written_name for layer in stack.layers)
        known = [*written, *stack.layer_names]
        if quantity.kind.name == "thickness_nm" or quantity.family == "spectrum":
            half_spaces: tuple[str, ...] = ()
        else:
            half_spaces = ("substrate", "superstrate")
        if quantity.layer not in (*known, *half_spaces):
            have = nearest(quantity.layer, (*known, *half_spaces)) or f"; it has {', '.join((*written, *half_spaces))}"
            raise SweepError(f'{quantity.name}: "{stack.name}" has no layer {shown(quantity.layer)}{have}')
    if (quantity.family in ("pumped", "laser") or quantity.selector in BEST) and not (stack.gain_layers and stack.medium):
        cure = "give the stack a block gain: {medium: …} and a layer role: gain"
        raise SweepError(f'{quantity.name} needs gain, but "{stack.name}" has none; {cure}')
    if quantity.family == "laser" and ".lasing" in quantity.kind.name and stack.cavity is None and stack.grating is None:
        cure = "give it a block such as cavity: {length_um: 500, facet_reflectivity: [0.3, 0.3]}, or a grating"
        raise SweepError(f'{quantity.name} needs something that feeds back, but "{stack.name}" has no cavity; {cure}')
    if quantity.family == "dfb" and stack.grating is None:
        cure = "give it a block such as grating: {layer: L-ITO, period: 390, depth: 30, duty: 0.5, order: 2}"
        raise SweepError(f'{quantity.name} needs a grating, but "{stack.name}" has none; {cure}')
