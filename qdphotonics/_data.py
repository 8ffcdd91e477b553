"""Where the shipped stacks and materials lie: inside an installed wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def data_folder(kind: Literal["stacks", "materials"]) -> Path:
    """Folder of the shipped YAML files.

    Parameters
    ----------
    kind : {"stacks", "materials"}

    Returns
    -------
    Path
        ``qdphotonics/data/<kind>`` of an installed wheel, else ``<kind>`` beside the package in a checkout.

    Raises
    ------
    FileNotFoundError
        Neither exists: the installation is broken, which no input can mend.

    Examples
    --------
    >>> data_folder("stacks").is_dir()
    True
    """
    places = (_PACKAGE / "data" / kind, _PACKAGE.parent / kind)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"qdphotonics is installed without its {kind}: neither {places[0]} nor {places[1]} is a folder")
