"""What a figure or a table calls an axis of a sweep."""

from __future__ import annotations

import re

UNIT = re.compile(r"_(A_per_cm2|J_per_cm2|W_per_cm2|W_per_K|J_per_K|per_cm|um2|um|nm|ns|deg|V|K|C)$")
OF_A_LIST = ("layers", "materials")  # whose names say enough


def path_label(path: str) -> str:
    """A path of ``--set`` in words, without its unit.

    Examples
    --------
    >>> [path_label(path) for path in ("layers.QD.thickness", "drive.current_density_A_per_cm2", 'materials."ccg-QD film".n')]
    ['QD thickness', 'current density', 'ccg-QD film n']
    >>> [path_label(path) for path in ("wavelength", "grating.period", "layers[2].repeat", "layers.QD.material.k")]
    ['wavelength', 'grating period', 'layers[2] repeat', 'QD material k']
    """
    from qdphotonics.stacks.overrides import parse_override

    steps = parse_override(f"{path}=0").steps
    if len(steps) > 1 and (steps[0] == "drive" or (steps[0] in OF_A_LIST and isinstance(steps[1], str))):
        steps = steps[1:]
    words = ""
    for step in steps:
        words += f"[{step}]" if isinstance(step, int) else f" {step}"
    return UNIT.sub("", words.strip()).replace("_", " ")
