"""Finding and reading media: the shipped ones, and those of a project's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qdphotonics._data import data_folder
from qdphotonics._yaml import Document, nearest, read_yaml, validate
from qdphotonics.errors import MediumError
from qdphotonics.gain.medium import Medium, geometric_cross_section_cm2, volume_scaled_lifetime_ns
from qdphotonics.gain.schema import MediumFile

_ENDINGS = (".yaml", ".yml")
_EITHER = (("biexciton_lifetime_ns", "auger_ps_per_nm3"), ("geometric_cross_section_cm2", "radius_nm"))


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
    _check(document, spec, file.stem)
    quantities = spec.quantities
    numbers = {key: quantity.value for key, quantity in quantities.items()}
    radius = numbers.pop("radius_nm", None)
    if radius is not None:
        numbers["geometric_cross_section_cm2"] = geometric_cross_section_cm2(radius)
    medium = {
        "assumed": {key: quantity.assumed for key, quantity in quantities.items() if quantity.assumed is not None},
        "sources": {key: quantity.source for key, quantity in quantities.items()},
    }
    if "auger_ps_per_nm3" in numbers and radius is not None:
        numbers["biexciton_lifetime_ns"] = volume_scaled_lifetime_ns(radius, numbers["auger_ps_per_nm3"])
    return Medium(name=spec.name, source=spec.source, note=spec.note, file=file, **numbers, **medium)  # type: ignore[arg-type]


def _files(folders: Sequence[Path]) -> dict[str, Path]:
    """Name -> file; a folder that is not there holds nothing."""
    found: dict[str, Path] = {}
    for folder in (*folders, data_folder("materials") / "gain"):
        for ending in _ENDINGS:
            for file in sorted(Path(folder).glob(f"*{ending}")):
                found.setdefault(file.stem, file)
    return found


def _check(document: Document, spec: MediumFile, stem: str) -> None:
    """Rules that join two fields; raises MediumError."""
    if spec.name != stem:
        raise document.fault(("name",), f'must be the name of its file, "{stem}", got "{spec.name}"')
    given = spec.quantities
    for first, second in _EITHER:
        if first in given and second in given:
            raise document.fault((second,), f"must not be given beside {first}: one follows from the other")
        if first not in given and second not in given:
            raise document.fault_in((), f"{first} or {second} must be given, got neither")
    if "auger_ps_per_nm3" in given and "radius_nm" not in given:
        raise document.fault(("auger_ps_per_nm3",), "needs radius_nm (tau_XX = chi V), got geometric_cross_section_cm2")
    if spec.areal_fill.value > 1:
        raise document.fault(("areal_fill", "value"), f"must be > 0 and ≤ 1, got {spec.areal_fill.value:g}")
    pump, gain = spec.pump_energy_eV.value, spec.gain_energy_eV.value
    if pump < gain:
        raise document.fault(("pump_energy_eV", "value"), f"must be ≥ gain_energy_eV ({gain:g} eV), got {pump:g}")
    exciton, biexciton = spec.exciton_lifetime_ns.value, spec.biexciton_lifetime_ns
    if biexciton is not None and biexciton.value > exciton:
        rule = f"must be ≤ exciton_lifetime_ns ({exciton:g} ns; in ns, not ps), got {biexciton.value:g}"
        raise document.fault(("biexciton_lifetime_ns", "value"), rule)
