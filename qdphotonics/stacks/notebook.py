"""A stack as a table in a notebook, top layer first, as it stands on the bench."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdphotonics.stacks.stack import Stack


def html_table(stack: Stack) -> str:
    """HTML of name, material, thickness and index of each layer; every text from the file is escaped."""
    thickness = ["∞", *(f"{value:.6g}" for value in stack.thickness_nm), "∞"]
    roles = ["", *(layer.role or "" for layer in stack.layers), ""]
    rows = [
        (name, material.name, nm, f"{n.real:.4g} {n.imag:+.2e} i", role)
        for name, material, nm, n, role in zip(stack.all_names, stack.materials, thickness, stack.index(), roles, strict=True)
    ]
    head = "".join(f"<th>{text}</th>" for text in ("layer", "material", "thickness (nm)", f"index at {stack.wavelength_nm:.6g} nm", "role"))
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in reversed(rows))
    return f"<table><caption>{escape(stack.name)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
