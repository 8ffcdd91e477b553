"""What figures show of a stack's layers: colours and hatches, names, thicknesses, materials."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qdphotonics.optics import number
from qdphotonics.plots.style import literal
from qdphotonics.units import loss_per_cm

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qdphotonics.materials import Material
    from qdphotonics.stacks import Layer, Stack

# Grey keeps three tones apart: light with a hatch (any layer), middle (gain), dark (metal)
GAIN_FILL, GAIN_HATCH = "#F0A818", ""
METAL_FILL, METAL_HATCH = "#7E7E7E", ""
FILLS = ("#A6D4EE", "#B9E3D3", "#EBC9DC", "#F3EFB4", "#C9CBEA", "#E8D5BF", "#D3EBA8", "#DADADA")
HATCHES = ("//", "..", "\\\\", "xx", "oo", "++", "**", "O.")  # none that looks like an interface
HALF_SPACE_FILL = "#F4F4F4"
NM_PER_UM, NM_PER_MM = 1e3, 1e6
LONGEST_IN_NM = 1e4  # thicker layers are named in micrometres, and from a millimetre on in millimetres


def fills(stack: Stack) -> dict[str, tuple[str, str]]:
    """Colour and hatch of each layer by its written name; gain layers and metals look the same in every figure."""
    looks = {}
    others = 0
    index = stack.index()
    for position, layer in enumerate(stack.layers):
        if layer.written_name in looks:
            continue
        if layer.role == "gain":
            looks[layer.written_name] = (GAIN_FILL, GAIN_HATCH)
        elif (complex(index[position + 1]) ** 2).real < 0:
            looks[layer.written_name] = (METAL_FILL, METAL_HATCH)
        else:
            rounds = others // len(FILLS)  # after the last fill the first comes again, with another hatch
            looks[layer.written_name] = (FILLS[others % len(FILLS)], HATCHES[(others + rounds) % len(HATCHES)])
            others += 1
    return looks | dict.fromkeys(("substrate", "superstrate"), (HALF_SPACE_FILL, ""))


@dataclass(frozen=True)
class Group:
    """One layer, or all layers of a repeat.

    Parameters
    ----------
    low_nm, high_nm : float
        Its ends along z.
    members : tuple of Layer
        Each once, bottom to top.
    periods : int
        0: not a repeat.
    per_period : tuple of int
        How many of each member a period has: more than one in nested repeats.
    """

    low_nm: float
    high_nm: float
    members: tuple[Layer, ...]
    periods: int
    per_period: tuple[int, ...]

    @property
    def member_names(self) -> tuple[str, ...]:
        """Written names, with the number in a period where it is not one."""
        counted = zip(self.per_period, self.members, strict=True)
        return tuple(literal(each.written_name) if count == 1 else f"{count} × {literal(each.written_name)}" for count, each in counted)

    @property
    def name(self) -> str:
        """The layer's name, or that of the whole repeat: ``10 × (DBR-H / DBR-L)``."""
        names = " / ".join(self.member_names)
        if not self.periods:
            return names
        return f"{self.periods} × {names if len(self.members) == 1 else f'({names})'}"


def groups(stack: Stack) -> list[Group]:
    """What to label, bottom to top; the layers of a repeat are one group."""
    periods: dict[str, set[int]] = {}
    for layer in stack.layers:
        periods.setdefault(layer.written_name, set()).add(_period(layer))
    starts = [0] if stack.layers else []
    for position, (before, layer) in enumerate(pairwise(stack.layers), 1):
        one = len(periods[layer.written_name]) > 1 and periods[before.written_name] == periods[layer.written_name]
        if not one or _period(layer) < _period(before):
            starts.append(position)
    edges = stack.interfaces_nm.tolist()
    found = []
    for start, end in pairwise([*starts, len(stack.layers)]):
        layers = stack.layers[start:end]
        members = tuple({layer.written_name: layer for layer in layers}.values())
        count = len(periods[members[0].written_name])
        per_period = tuple(sum(layer.written_name == each.written_name for layer in layers) // count for each in members)
        found.append(Group(edges[start], edges[end], members, count if count > 1 else 0, per_period))
    return found


def _period(layer: Layer) -> int:
    """In which period of its outermost repeat a layer lies."""
    counts = layer.name[len(layer.written_name) :]
    return int(counts[1:].split("]")[0]) if counts else 0


def mark_layers(axes: Axes, stack: Stack, low: float, high: float) -> None:
    """Colour the layers behind a plot over z, from ``low`` to ``high`` [nm]."""
    looks = fills(stack)
    edges = stack.interfaces_nm.tolist()
    axes.axvspan(low, 0.0, color=HALF_SPACE_FILL, zorder=0, linewidth=0)
    axes.axvspan(edges[-1], high, color=HALF_SPACE_FILL, zorder=0, linewidth=0)
    for layer, start, end in zip(stack.layers, edges[:-1], edges[1:], strict=True):
        colour, hatch = looks[layer.written_name]
        axes.axvspan(start, end, facecolor=colour, hatch=hatch, edgecolor="#8C8C8C", alpha=0.6, linewidth=0.3, zorder=0)


def thickness_text(thickness_nm: float) -> str:
    """A thickness in the unit that needs no exponent.

    Examples
    --------
    >>> [thickness_text(value) for value in (0.5, 130.0, 9000.0, 7e5, 1.1e6)]
    ['0.5 nm', '130 nm', '9000 nm', '700 µm', '1.1 mm']
    """
    if thickness_nm < LONGEST_IN_NM:
        return f"{thickness_nm:.4g} nm"
    if thickness_nm < NM_PER_MM:
        return f"{thickness_nm / NM_PER_UM:.4g} µm"
    return f"{thickness_nm / NM_PER_MM:.5g} mm"


def material_text(material: Material, wavelength_nm: float) -> str:
    """Name of a material; of one that was given in place, as in ``{n: 1.85, k: 1e-5}``, its index and loss.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> stack = qdp.load_stack("glass-dielectric-ag")
    >>> [material_text(material, 600.0) for material in stack.materials]
    ['glass', 'n 1.75', 'Ag']
    """
    if not material.name.startswith("{"):
        return literal(material.name)
    index = complex(material.index(wavelength_nm))
    loss = float(loss_per_cm(index.imag, wavelength_nm))
    along_z = f" (along z {complex(material.index_extraordinary(wavelength_nm)).real:.4g})" if material.is_uniaxial else ""
    return f"n {index.real:.4g}{along_z}" + (f", {number(loss)} cm⁻¹" if loss else "")
