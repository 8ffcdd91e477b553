"""A stack as the solver's arrays, as JSON and as a notebook's table."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

import qdphotonics as qdp
from qdphotonics.errors import StackError
from qdphotonics.materials import Material
from qdphotonics.stacks import Stack, load_stack

MAPPING = {
    "name": "<b>bold</b> & co",
    "wavelength": 600,
    "substrate": "glass",
    "superstrate": "air",
    "layers": [
        {"repeat": 5, "layers": [{"name": "H", "material": "TiO2", "thickness": 50}, {"name": "L", "material": "SiO2", "thickness": 90}]},
        {"name": "QD", "material": {"n_o": 1.7, "n_e": 1.9}, "thickness": 30, "role": "gain"},
    ],
    "gain": {"medium": "cg-QD"},
}


@pytest.fixture
def stack() -> Stack:
    return load_stack(MAPPING)


ARRAYS: list[Callable[..., NDArray[np.complex128]]] = [
    Stack.index,
    Stack.index_extraordinary,
    Stack.dindex_dwavelength,
    Stack.dindex_extraordinary_dwavelength,
]


@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_broadcast_over_wavelengths(stack: Stack, array: Callable[..., NDArray[np.complex128]]) -> None:
    """[..., layer + 2], each wavelength as if asked for alone; the stack's own by default."""
    wavelengths = np.array([[580.0, 600.0, 620.0], [590.0, 610.0, 630.0]])
    values = array(stack, wavelengths)
    assert values.shape == (2, 3, 13)
    assert values.dtype == complex
    for place in np.ndindex(2, 3):
        assert np.array_equal(values[place], array(stack, wavelengths[place]))
    assert np.array_equal(array(stack), values[0, 1])


@pytest.mark.parametrize("array", ARRAYS)
def test_each_layer_has_its_own_material_s_values(stack: Stack, array: Callable[..., NDArray[np.complex128]]) -> None:
    name = array.__name__
    expected = [complex(getattr(material, name)(600.0)) for material in stack.materials]
    assert array(stack).tolist() == expected
    assert len(expected) == len(stack.all_names) == 13


def test_derivatives_are_those_of_the_indices(stack: Stack) -> None:
    """Central difference over 0.02 nm of smooth formulas: its error is about h^2 n''' / 6, some 1e-13 per nm; rounding gives 1e-14 / h."""
    step = 0.01
    for index, slope in ((Stack.index, Stack.dindex_dwavelength), (Stack.index_extraordinary, Stack.dindex_extraordinary_dwavelength)):
        difference = (index(stack, 600 + step) - index(stack, 600 - step)) / (2 * step)
        assert np.allclose(difference, slope(stack), rtol=0, atol=1e-9)


def test_every_distinct_material_is_evaluated_once(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ten-pair reflector must not cost twenty look-ups: five pairs, a film and two half-spaces are five materials."""
    asked: list[str] = []
    original = Material.index

    def counting(self: Material, wavelength_nm: object) -> object:
        asked.append(self.name)
        return original(self, wavelength_nm)  # type: ignore[arg-type]

    monkeypatch.setattr(Material, "index", counting)
    stack.index()
    assert len(asked) == len(set(asked)) == 5


def test_thicknesses_and_interfaces(stack: Stack) -> None:
    assert stack.thickness_nm.tolist() == [50, 90] * 5 + [30]
    assert stack.interfaces_nm[[0, 1, -1]].tolist() == [0, 50, 730]
    assert stack.gain_layers == (10,)


def test_a_wavelength_outside_a_range_names_the_layer(stack: Stack) -> None:
    narrow = stack.changed({"layers.H.material": {"table": {"wavelength_nm": [550, 650], "n": [2.5, 2.4], "k": 0}}})
    with pytest.raises(StackError, match=r'layers\[0\]\.layers\[0\] "H": material .* 550 to 650 nm, got 651 nm'):
        narrow.index([600.0, 651.0])


def test_the_dictionary_is_json_and_complete(stack: Stack) -> None:
    document = json.loads(json.dumps(stack.changed({"cavity.length_um": 500}).as_dict(), allow_nan=False))
    assert [layer["name"] for layer in document["layers"]] == list(stack.layer_names)
    assert document["layers"][10] == {
        "name": "QD",
        "material": stack.layers[10].material.name,
        "thickness_nm": 30,
        "role": "gain",
        "coherent": True,
        "index": [1.7, 0],
    }
    assert document["cavity"] == {"length_um": 500, "facet_reflectivity": [0, 0]}
    assert (document["stack"], document["wavelength_nm"], document["gain"]) == (MAPPING["name"], 600, {"medium": "cg-QD"})


def test_a_notebook_shows_a_table_with_every_text_escaped(stack: Stack) -> None:
    html = stack.changed({"layers.L.name": "<b>"})._repr_html_()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in html
    assert "&lt;b&gt;[0]" in html
    assert "<b>" not in html
    assert html.count("<tr>") == 1 + 13
    assert html.index("superstrate") < html.index("QD") < html.index("substrate")


def test_a_prompt_shows_the_table_not_the_insides(stack: Stack) -> None:
    """`print(stack)` is what `stacks show` prints: short, top layer first, with what encloses and drives the layers."""
    more = {"cavity.length_um": 500, "cavity.facet_reflectivity": [0.3, 1], "drive.voltage_V": 8, "drive.area_um2": 9000}
    text = repr(stack.changed(more))
    assert text.count("\n") < 30
    assert text.index("superstrate") < text.index("QD") < text.index("substrate")
    assert "cavity: length 500 µm, facet reflectivity 0.3 and 1" in text
    assert "drive: voltage 8 V, area 9000 µm²" in text
    assert "gain: cg-QD" in text
    grating = {"layer": "QD", "period": 390, "depth": 20, "duty": 0.5, "order": 2}
    assert "grating: layer QD, period 390 nm, depth 20 nm, duty 0.5, order 2" in repr(stack.changed({"grating": grating}))


def test_a_layer_is_found_by_its_name(stack: Stack) -> None:
    assert stack.layer("QD") is stack.layers[10]
    assert stack.layer("H") is stack.layers[0]
    assert stack.layer("H[1]") is stack.layers[2]
    with pytest.raises(qdp.ArgumentError, match='`name` must name a layer, but "X" is none of'):
        stack.layer("X")
