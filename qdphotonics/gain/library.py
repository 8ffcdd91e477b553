"""Finding and reading media: the shipped ones, and those of a project's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qdphotonics._data import data_folder
from qdphotonics._yaml import Document, nearest, read_yaml, validate
from qdphotonics.errors import MediumError
from qdphotonics.gain.dots import geometric_cross_section_cm2, volume_scaled_lifetime_ns
from qdphotonics.gain.medium import Medium
from qdphotonics.gain.recombination import AUGER_PS_PER_NM3, LARGEST_SCALING_PLATELET_NM3
from qdphotonics.gain.rules import check
from qdphotonics.gain.schema import LEVELS, MediumFile, TransitionSpec
from qdphotonics.gain.transitions import AugerAssisted, Transition
from qdphotonics.gain.validity import Validity
from qdphotonics.units import PS_PER_NS

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Assumed:
    """What is taken where a file leaves a number out, told in ``assumed`` and ``sources`` like any other."""

    value: float
    range: tuple[float, float]
    source: str


DEFAULTS = {
    "homogeneous_fwhm_meV": Assumed(40.0, (20.0, 80.0), "not given: as in films of graded dots"),
    "inhomogeneous_fwhm_meV": Assumed(60.0, (40.0, 100.0), "not given: as in films of graded dots"),
    "exciton_exciton_meV": Assumed(0.0, (-35.0, 20.0), "not given: smaller than the line width in most dots"),
    "gap_shift_meV_per_K": Assumed(-0.28, (-0.5, 0.5), "not given: as in CdSe-based dots"),
}


def list_media() -> tuple[str, ...]:
    """Names of the shipped media.

    Examples
    --------
    >>> "cg-QD" in list_media()
    True
    """
    return tuple(sorted(_files(())))


def load_medium(name: str | Path, folders: Sequence[Path] = ()) -> Medium:
    """A gain medium by name, or from a YAML file.

    Parameters
    ----------
    name : str or Path
        A name, sought as ``NAME.yaml`` in ``folders``, then among the shipped media; or the path of a ``.yaml`` file.
    folders : sequence of Path, optional
        Folders that go before the shipped one, the first first.

    Returns
    -------
    Medium

    Raises
    ------
    MediumError
        Unknown name (the nearest are told), or a malformed file: one message with file, line, field, rule and value.

    Examples
    --------
    >>> medium = load_medium("ccg-QD")
    >>> medium.material_gain_per_cm
    780.0
    """
    if str(name).endswith(_ENDINGS):
        return read_medium(Path(name))
    known = _files(folders)
    if str(name) not in known:
        hint = nearest(str(name), known) or f"; known media: {', '.join(sorted(known))}"
        raise MediumError(f'unknown gain medium "{name}"{hint}')
    return read_medium(known[str(name)])


def read_medium(file: Path) -> Medium:
    """The medium of one YAML file; the rules are those of :func:`load_medium`."""
    document = read_yaml(file, MediumError)
    spec = validate(document, MediumFile, MediumError)
    check(document, spec, file.stem)
    left_out = _left_out(spec)
    given = spec.quantities
    numbers = {key: given[key].value for key in _PLAIN if key in given} | {key: DEFAULTS[key].value for key in _SHIFTS if key in left_out}
    named = dict(spec.named_quantities())
    return Medium(
        name=spec.name,
        source=spec.source,
        note=spec.note,
        compound=spec.compound,
        file=file,
        lines=_lines(spec),
        **_sizes(spec),
        **_levels(spec),
        pump_statistics=spec.pump_statistics,
        charge_distribution=spec.charge_distribution,
        injection=spec.injection,
        measured_lifetimes_ns={(state.electrons, state.holes): state.lifetime_ns.value for state in spec.measured_lifetimes},
        sub_gap_gain=None if spec.sub_gap_gain is None else AugerAssisted(**_values(spec.sub_gap_gain)),
        valid=_valid(document, spec),
        assumed={key: quantity.assumed for key, quantity in named.items() if quantity.assumed is not None}
        | {key: default.range for key, default in left_out.items()},
        sources={key: quantity.source for key, quantity in named.items()} | {key: default.source for key, default in left_out.items()},
        **numbers,  # type: ignore[arg-type]  # checked by the schema: these keys are the dataclass' own numbers
    )


_SHIFTS = ("exciton_exciton_meV", "gap_shift_meV_per_K")
_PLAIN = (
    *_SHIFTS,
    "exciton_lifetime_ns",
    "permanent_charge",
    "charging_energy_meV",
    "areal_fill",
    "monolayer_thickness_nm",
    "pump_energy_eV",
    "absorption_cross_section_cm2",
)
_WIDTHS = ("homogeneous_fwhm_meV", "inhomogeneous_fwhm_meV")


def _left_out(spec: MediumFile) -> dict[str, Assumed]:
    """Numbers that the file leaves to be assumed."""
    keys = (*_SHIFTS, *(() if spec.transitions else _WIDTHS))
    return {key: DEFAULTS[key] for key in keys if getattr(spec, key) is None}


def _values(part: Any) -> dict[str, float]:
    """The numbers of a part of the file."""
    found = {key: getattr(part, key) for key in type(part).model_fields}
    return {key: quantity.value for key, quantity in found.items() if hasattr(quantity, "value")}


def _lines(spec: MediumFile) -> tuple[Transition, ...]:
    """The transitions, of which the short form of a file has one."""
    if spec.transitions:
        return tuple(_line(line) for line in spec.transitions)
    given = {key: DEFAULTS[key].value for key in _left_out(spec) if key in _WIDTHS} | _values(spec)
    single, ensemble = (given[key] for key in _WIDTHS)
    return (Transition("1S", 0, given["gain_energy_eV"], given["material_gain_per_cm"], single, ensemble),)


def _line(line: TransitionSpec) -> Transition:
    hole = None if line.hole_level is None else LEVELS.index(line.hole_level)
    return Transition(name=line.name, level=LEVELS.index(line.level), hole_level=hole, **_values(line))


def _levels(spec: MediumFile) -> dict[str, Any]:
    """Degeneracies, where the file gives them."""
    given = {"electron_levels": spec.electron_levels, "hole_levels": spec.hole_levels}
    return {key: tuple(levels.value) for key, levels in given.items() if levels is not None}


def _sizes(spec: MediumFile) -> dict[str, Any]:
    """Cross-section, volume and the biexciton's lifetime, each from what the file gives for it."""
    radius = None if spec.radius_nm is None else spec.radius_nm.value
    volume = None if spec.volume_nm3 is None else spec.volume_nm3.value
    found: dict[str, Any] = {"volume_nm3": volume}
    if radius is not None:
        found["geometric_cross_section_cm2"] = geometric_cross_section_cm2(radius)
    elif spec.geometric_cross_section_cm2 is not None:
        found["geometric_cross_section_cm2"] = spec.geometric_cross_section_cm2.value
    if spec.biexciton_lifetime_ns is not None:
        return found | {"biexciton_lifetime_ns": spec.biexciton_lifetime_ns.value}
    if spec.auger_lifetime_ns is not None:
        light = 4 / spec.exciton_lifetime_ns.value  # tau_r,XX = tau_X/4
        return found | {"biexciton_lifetime_ns": 1 / (1 / spec.auger_lifetime_ns.value + light)}
    if spec.auger_ps_per_nm3 is not None:
        found["auger_ps_per_nm3"] = spec.auger_ps_per_nm3.value
    elif spec.auger_family is not None:
        found["auger_ps_per_nm3"] = AUGER_PS_PER_NM3[spec.auger_family]
    scaling = found["auger_ps_per_nm3"]
    if volume is None:
        return found | {"biexciton_lifetime_ns": volume_scaled_lifetime_ns(radius or 0.0, scaling)}  # the rules ask for one of them
    scaled = min(volume, LARGEST_SCALING_PLATELET_NM3) if spec.auger_family == "nanoplatelet" else volume
    return found | {"biexciton_lifetime_ns": scaling * scaled / PS_PER_NS}


def _valid(document: Document, spec: MediumFile) -> Validity | None:
    """Range of validity; a band edge outside of it would warn of itself in every report."""
    if spec.valid is None:
        return None
    low, high = spec.valid.energy_eV
    place, energy = spec.gain_energy()
    if not low <= energy <= high:
        raise document.fault(place, f"must lie within valid.energy_eV, {low:g} to {high:g} eV, got {energy:g}")
    return Validity(spec.valid.energy_eV, spec.valid.temperature_K, spec.valid.excitons_per_dot, spec.valid.source)


def _files(folders: Sequence[Path]) -> dict[str, Path]:
    """Name -> file; a folder that is not there holds nothing."""
    found: dict[str, Path] = {}
    for folder in (*folders, data_folder("materials") / "gain"):
        for ending in _ENDINGS:
            for file in sorted(Path(folder).glob(f"*{ending}")):
                found.setdefault(file.stem, file)
    return found
