"""Finding and reading compounds: materials/compounds/*.yaml, and those of a project's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qdphotonics._data import data_folder
from qdphotonics._yaml import nearest, read_yaml, validate
from qdphotonics.errors import MaterialError
from qdphotonics.gain.states.compound import Compound
from qdphotonics.gain.states.schema import CompoundFile

_ENDINGS = (".yaml", ".yml")


def list_compounds() -> tuple[str, ...]:
    """Names of the shipped compounds.

    Examples
    --------
    >>> "CdSe" in list_compounds()
    True
    """
    return tuple(sorted(_files(())))


def load_compound(name: str | Path, folders: Sequence[Path] = ()) -> Compound:
    """A bulk compound by name, or from a YAML file.

    Parameters
    ----------
    name : str or Path
        A name, sought as ``NAME.yaml`` in ``folders``, then among the shipped compounds; or the path of a ``.yaml`` file.
    folders : sequence of Path, optional
        Folders that go before the shipped one, the first first.

    Returns
    -------
    Compound

    Raises
    ------
    MaterialError
        Unknown name (the nearest are told), or a malformed file: one message with file, line, field, rule and value.

    Examples
    --------
    >>> load_compound("CdSe").gap_eV
    1.74
    """
    if str(name).endswith(_ENDINGS):
        return read_compound(Path(name))
    known = _files(folders)
    if str(name) not in known:
        hint = nearest(str(name), known) or f"; known compounds: {', '.join(sorted(known))}"
        raise MaterialError(f'unknown compound "{name}"{hint}')
    return read_compound(known[str(name)])


def read_compound(file: Path) -> Compound:
    """The compound of one YAML file; the rules are those of :func:`load_compound`."""
    document = read_yaml(file, MaterialError)
    spec = validate(document, CompoundFile, MaterialError)
    if spec.name != file.stem:
        raise document.fault(("name",), f'must be the name of its file, "{file.stem}", got "{spec.name}"')
    if spec.optical_dielectric.value > spec.static_dielectric.value:
        rule = f"must be ≤ static_dielectric ({spec.static_dielectric.value:g}), got {spec.optical_dielectric.value:g}"
        raise document.fault(("optical_dielectric", "value"), rule)
    quantities = spec.quantities
    numbers = {key: quantity.value for key, quantity in quantities.items()}
    return Compound(
        name=spec.name,
        source=spec.source,
        note=spec.note,
        file=file,
        valleys=spec.valleys,
        bowing_eV={other: (bowing.value, bowing.band) for other, bowing in spec.bowing_eV.items()},
        assumed={key: quantity.assumed for key, quantity in quantities.items() if quantity.assumed is not None},
        sources={key: quantity.source for key, quantity in quantities.items()},
        **numbers,
    )


def _files(folders: Sequence[Path]) -> dict[str, Path]:
    """Name -> file; a folder that is not there holds nothing."""
    found: dict[str, Path] = {}
    for folder in (*folders, data_folder("materials") / "compounds"):
        for ending in _ENDINGS:
            for file in sorted(Path(folder).glob(f"*{ending}")):
                found.setdefault(file.stem, file)
    return found
