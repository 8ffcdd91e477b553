"""Angles of modes inside the layers, and the critical angle of the waveguide (docs/physics.md)."""

from __future__ import annotations

from math import asin, degrees
from typing import TYPE_CHECKING

from qdphotonics.errors import ArgumentError

if TYPE_CHECKING:
    from qdphotonics.stacks import Stack


def propagation_angle_deg(n_eff: complex, index: complex) -> float | None:
    """Angle from the layer normal at which a mode travels in a layer, theta = asin(Re n_eff / Re n) [degrees].

    For a Bragg-reflection mode this is theta_BRW of Ahn et al., Chem. Rev. 123, 8251 (2023), equation 15.

    Parameters
    ----------
    n_eff : complex
    index : complex
        Of the layer.

    Returns
    -------
    float or None
        None where Re n_eff exceeds Re n: the field is evanescent there.

    Examples
    --------
    >>> round(propagation_angle_deg(0.95, 1.9), 9)
    30.0
    """
    sine = n_eff.real / index.real
    return degrees(asin(sine)) if 0 <= sine <= 1 else None


def critical_angle_deg(stack: Stack, wavelength_nm: float | None = None, layer: str | None = None) -> float | None:
    """Critical angle of total internal reflection, theta_c = asin(n_clad / n_wg) [degrees].

    Ahn et al., Chem. Rev. 123, 8251 (2023), equation 14; n_clad is the larger index of the dielectric half-spaces.

    Parameters
    ----------
    stack : Stack
    wavelength_nm : float, optional
        The stack's own unless given.
    layer : str, optional
        The waveguiding layer; the first layer with ``role: gain`` unless named.

    Returns
    -------
    float or None
        None without such a layer, without a dielectric half-space, or where n_clad exceeds n_wg.

    Raises
    ------
    ArgumentError
        ``layer`` is not in the stack.
    """
    index = stack.index(wavelength_nm)
    position = waveguide_position(stack, layer)
    claddings = [n.real for n in (complex(index[0]), complex(index[-1])) if (n * n).real > 0]
    if position is None or not claddings:
        return None
    return propagation_angle_deg(max(claddings), complex(index[position]))


def waveguide_position(stack: Stack, layer: str | None = None) -> int | None:
    """Where the waveguiding layer stands in ``stack.all_names``: ``layer``, or the first gain layer, or None."""
    if layer is None:
        return stack.gain_layers[0] + 1 if stack.gain_layers else None
    for name in (layer, f"{layer}[0]", f"{layer}[0][0]"):
        if name in stack.layer_names:
            return stack.all_names.index(name)
    raise ArgumentError(f'Argument `layer` must name a layer, but "{layer}" is none of {", ".join(stack.layer_names)}')
