"""A stack of layers, and its bare arrays at any wavelength.

::

    superstrate      z -> +infinity      index[..., -1]
    ---------------  z = sum of thicknesses
    layers[-1]                           index[..., -2]
    ...
    layers[0]                            index[..., 1]
    ---------------  z = 0
    substrate        z -> -infinity      index[..., 0]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qdphotonics._tables import html_table, text_table
from qdphotonics._yaml import Document, Loc
from qdphotonics.errors import ArgumentError, MaterialError
from qdphotonics.materials import Material
from qdphotonics.stacks.model import Cavity, Drive, Grating, Layer

Quantity = Literal["index", "index_extraordinary", "dindex_dwavelength", "dindex_extraordinary_dwavelength"]


@dataclass(frozen=True, eq=False, repr=False)
class Stack:
    """Planar layers between two half-spaces, bottom to top, with what drives and encloses them.

    Made by :func:`qdphotonics.load_stack`; changed copies by :meth:`changed`.

    Parameters
    ----------
    name, reference, note : str
    wavelength_nm : float
        Vacuum wavelength that every calculation takes unless told otherwise.
    substrate, superstrate : Material
        The half-spaces below and above.
    layers : tuple of Layer
        Repeats written out; :meth:`layer` finds one by its name.
    medium : str, optional
        Name of the gain medium in the layers with ``role`` "gain".
    grating, cavity, drive : optional
    file : Path, optional
    document : Document
        The raw values, which :meth:`changed` changes.
    places : tuple of loc
        Where each of ``all_names`` stands in the document, for messages.

    Examples
    --------
    >>> import qdphotonics as qdp
    >>> stack = qdp.load_stack("jung2022-lito-ag")
    >>> stack.layer_names[:2]
    ('L-ITO', 'QD')
    >>> stack.index().shape
    (7,)
    >>> float(stack.changed({"layers.QD.thickness": 110}).thickness_nm[1])
    110.0
    """

    name: str
    reference: str
    note: str
    wavelength_nm: float
    substrate: Material
    superstrate: Material
    layers: tuple[Layer, ...]
    medium: str | None
    grating: Grating | None
    cavity: Cavity | None
    drive: Drive | None
    file: Path | None
    document: Document
    places: tuple[Loc, ...]

    @cached_property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the layers, ``DBR-H[0]`` in repeats."""
        return tuple(layer.name for layer in self.layers)

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        """Names along every array's layer axis: substrate, layers, superstrate."""
        return ("substrate", *self.layer_names, "superstrate")

    @property
    def materials(self) -> tuple[Material, ...]:
        """Materials along every array's layer axis."""
        return (self.substrate, *(layer.material for layer in self.layers), self.superstrate)

    @property
    def thickness_nm(self) -> NDArray[np.float64]:
        """Thickness of each layer [layer] in nm, without the half-spaces."""
        return np.array([layer.thickness_nm for layer in self.layers])

    @property
    def interfaces_nm(self) -> NDArray[np.float64]:
        """Height of each interface [layer + 1] in nm; 0 on the substrate."""
        return np.concatenate([[0.0], np.cumsum(self.thickness_nm)])

    @property
    def gain_layers(self) -> tuple[int, ...]:
        """Positions in ``layers`` of those with ``role: gain``."""
        return tuple(position for position, layer in enumerate(self.layers) if layer.role == "gain")

    @property
    def is_uniaxial(self) -> bool:
        """Whether any material is."""
        return any(material.is_uniaxial for material in self.materials)

    def index(self, wavelength_nm: ArrayLike | None = None) -> NDArray[np.complex128]:
        """Complex refractive index of every layer, half-spaces first and last.

        Parameters
        ----------
        wavelength_nm : float or array [...], optional
            Vacuum wavelength [nm]; the stack's by default.

        Returns
        -------
        complex array [..., layer + 2]
            Of the ordinary ray in uniaxial layers.

        Raises
        ------
        StackError
            A wavelength at which a material is not known; the message gives the range.
        """
        return self._evaluated("index", wavelength_nm)

    def index_extraordinary(self, wavelength_nm: ArrayLike | None = None) -> NDArray[np.complex128]:
        """Index for E along z, equal to :meth:`index` in isotropic layers; shapes and errors as there."""
        return self._evaluated("index_extraordinary", wavelength_nm)

    def dindex_dwavelength(self, wavelength_nm: ArrayLike | None = None) -> NDArray[np.complex128]:
        """Derivative of :meth:`index` [1/nm], for group indices; shapes and errors as there."""
        return self._evaluated("dindex_dwavelength", wavelength_nm)

    def dindex_extraordinary_dwavelength(self, wavelength_nm: ArrayLike | None = None) -> NDArray[np.complex128]:
        """Derivative of :meth:`index_extraordinary` [1/nm]; shapes and errors as for :meth:`index`."""
        return self._evaluated("dindex_extraordinary_dwavelength", wavelength_nm)

    def _evaluated(self, quantity: Quantity, wavelength_nm: ArrayLike | None) -> NDArray[np.complex128]:
        wavelength = np.asarray(self.wavelength_nm if wavelength_nm is None else wavelength_nm)
        values = np.empty((*wavelength.shape, len(self.layers) + 2), dtype=complex)
        done: dict[int, NDArray[np.complex128]] = {}  # a ten-pair reflector has two materials in twenty layers
        for position, material in enumerate(self.materials):
            if id(material) not in done:
                try:
                    done[id(material)] = np.asarray(getattr(material, quantity)(wavelength))
                except MaterialError as problem:
                    raise self.document.fault_in(self.places[position], problem.message, key="material") from None
            values[..., position] = done[id(material)]
        return values

    def changed(self, changes: Mapping[str, object] | Sequence[str]) -> Stack:
        """A changed copy, checked as a file is.

        Parameters
        ----------
        changes : mapping of path to value, or sequence of "PATH=VALUE"
            Paths as of the command line's ``--set``: ``layers.QD.thickness``, ``wavelength``, ``cavity.length_um``,
            ``materials."my film".k``; an optional block that is not there is made.

        Returns
        -------
        Stack

        Raises
        ------
        StackError
            No such place, or a value that a file may not have there either.
        """
        from qdphotonics.stacks.loading import changed_stack

        return changed_stack(self, changes)

    def as_dict(self) -> dict[str, Any]:
        """What ``stacks show --json`` prints: everything resolved, thicknesses in nm, the index as [re, im]."""
        index = [[float(value.real), float(value.imag)] for value in self.index()]

        def block(part: Any) -> dict[str, Any] | None:
            return None if part is None else {key: list(value) if isinstance(value, tuple) else value for key, value in vars(part).items()}

        return {
            "stack": self.name,
            "reference": self.reference,
            "note": self.note,
            "file": None if self.file is None else str(self.file),
            "wavelength_nm": self.wavelength_nm,
            "substrate": {"material": self.substrate.name, "index": index[0]},
            "layers": [
                {
                    "name": layer.name,
                    "material": layer.material.name,
                    "thickness_nm": layer.thickness_nm,
                    "role": layer.role,
                    "coherent": layer.coherent,
                    "index": value,
                }
                for layer, value in zip(self.layers, index[1:-1], strict=True)
            ],
            "superstrate": {"material": self.superstrate.name, "index": index[-1]},
            "gain": None if self.medium is None else {"medium": self.medium},
            "grating": block(self.grating),
            "cavity": block(self.cavity),
            "drive": block(self.drive),
        }

    def layer(self, name: str) -> Layer:
        """The layer of a name, ``QD`` or ``DBR-H[0]``; the bare name of repeats gives the first of them.

        Raises
        ------
        ArgumentError
            There is none; the message lists the names.
        """
        for layer in self.layers:
            if name in (layer.name, layer.written_name):
                return layer
        raise ArgumentError(f'Argument `name` must name a layer, but "{name}" is none of {", ".join(self.layer_names)}')

    def table(self) -> tuple[str, tuple[str, ...], list[tuple[str, ...]], list[str]]:
        """Title, columns, rows (top layer first) and notes: what a prompt, a notebook and ``stacks show`` print."""
        from qdphotonics.stacks.tables import stack_table

        return stack_table(self)

    def __repr__(self) -> str:
        return text_table(*self.table())

    def _repr_html_(self) -> str:
        return html_table(*self.table())
