"""A stack as a table, top layer first, as it stands on the bench; below it what encloses and drives it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qdphotonics.stacks.stack import Stack

Row = tuple[str, ...]

UNITS = {"A_per_cm2": "A/cm²", "J_per_cm2": "J/cm²", "W_per_K": "W/K", "J_per_K": "J/K", "um2": "µm²", "um": "µm"}
UNITS |= {unit: unit for unit in ("nm", "ns", "V")} | {"deg": "°"}


def stack_table(stack: Stack) -> tuple[str, tuple[str, ...], list[Row], list[str]]:
    """Title, columns, rows and notes."""
    thickness = ["∞", *(f"{value:.6g}" for value in stack.thickness_nm), "∞"]
    roles = ["", *(_role(layer.role, layer.coherent) for layer in stack.layers), ""]
    parts = zip(stack.all_names, stack.materials, thickness, stack.index(), roles, strict=True)
    rows: list[Row] = [(name, material.name, nm, f"{n.real:.4f}{n.imag:+.2e}i", role) for name, material, nm, n, role in parts]
    blocks = {"grating": stack.grating, "cavity": stack.cavity, "drive": stack.drive}
    notes = [f"gain: {stack.medium}"] if stack.medium is not None else []
    notes += [f"{key}: {written}" for key, block in blocks.items() if (written := _written(block))]
    title = f"{stack.name}, {stack.wavelength_nm:g} nm"
    return title, ("layer", "material", "thickness nm", "index", "role"), rows[::-1], [*notes, *filter(None, (stack.reference, stack.note))]


def _role(role: str | None, coherent: bool) -> str:
    return ", ".join(part for part in (role or "", "" if coherent else "incoherent") if part)


def _written(block: Any) -> str:
    """What a block of the file says, keys without their units, which stand behind the values."""
    if block is None:
        return ""
    given = {each.name: getattr(block, each.name) for each in fields(block)}
    return ", ".join(_entry(key, value) for key, value in given.items() if value is not None)


def _entry(key: str, value: Any) -> str:
    ending = next((ending for ending in UNITS if key.endswith(f"_{ending}")), "")
    name = key.removesuffix(f"_{ending}").replace("_", " ")
    values = value if isinstance(value, tuple) else (value,)
    shown = " and ".join(part if isinstance(part, str) else f"{part:g}" for part in values)
    return " ".join(part for part in (name, shown, UNITS.get(ending, "")) if part)
