"""Where in a stack a path of ``--set`` leads, and what of the stack's optics a change there can touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qdphotonics.stacks.overrides import applied, as_overrides

if TYPE_CHECKING:
    from qdphotonics._yaml import Loc
    from qdphotonics.stacks import Stack

Touched = frozenset[int | str]  # positions along the layer axis, half-spaces included, and names of the file's other blocks

STRUCTURAL = ("name", "role", "repeat", "layers")  # keys of a layer or a group of layers that change what layers there are


def place_of(stack: Stack, path: str) -> Loc:
    """Where in the stack's document a path leads.

    Raises
    ------
    StackError
        No such place.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> place_of(qdp.load_stack("jung2022-lito-ag"), "layers.QD.thickness")
    ('layers', 1, 'thickness')
    """
    return applied(stack.document, as_overrides({path: 1.0})).changes[-1][0]


def is_structural(stack: Stack, loc: Loc) -> bool:
    """Whether a change there changes what layers there are, so that modes cannot be followed to it."""
    return loc[0] == "layers" and (not _positions(stack, loc) or loc[-1] in STRUCTURAL)


def touched(stack: Stack, loc: Loc) -> Touched:
    """What a change at a place can touch: regions by position, ``"gain"`` of the medium, or a block that is not optics.

    A change of one's own material touches every region whose material's description names it, if only in a mixture.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> stack = qdp.load_stack("jung2022-lito-ag")
    >>> sorted(touched(stack, ("layers", 1, "material", "n"))), touched(stack, ("drive", "current_density_A_per_cm2"))
    ([2], frozenset({'gain'}))
    """
    block = loc[0]
    if block == "layers":
        return frozenset(_positions(stack, loc))
    if block in ("substrate", "superstrate"):
        return frozenset({0 if block == "substrate" else len(stack.layers) + 1})
    if block == "materials":
        return frozenset(_made_of(stack, str(loc[1])))
    if block in ("drive", "gain"):
        return frozenset({"gain"})
    if block == "grating" and stack.grating is not None:  # which may not be deeper than its layer
        return frozenset({"grating", stack.layer_names.index(stack.grating.layer) + 1})
    return frozenset({str(block)})


def _positions(stack: Stack, loc: Loc) -> list[int]:
    return [position for position, place in enumerate(stack.places) if place[0] == "layers" and loc[: len(place)] == place]


def _made_of(stack: Stack, name: str) -> list[int]:
    """Positions of the regions whose materials are described with a name."""
    local = stack.document.data.get("materials") or {}
    document = stack.document

    def reference(place: Loc) -> Any:
        return document.at(place if place[0] != "layers" else (*place, "material"))

    return [position for position, place in enumerate(stack.places) if name in _names(reference(place), local, set())]


def _names(described: Any, local: Any, seen: set[str]) -> set[str]:
    """Every text in a description, and in those of the stack's own materials that it names."""
    if isinstance(described, str) and described not in seen:
        seen.add(described)
        if described in local:
            _names(local[described], local, seen)
    elif isinstance(described, dict):
        for value in described.values():
            _names(value, local, seen)
    elif isinstance(described, list):
        for value in described:
            _names(value, local, seen)
    return seen
