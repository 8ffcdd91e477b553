"""A changed stack as a file of its own: the same stack, wherever the file lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qdphotonics import list_stacks, load_material
from qdphotonics.errors import StackError
from qdphotonics.laser import medium_of
from qdphotonics.stacks import Stack, load_stack, written_stack


def content(stack: Stack) -> dict[str, Any]:
    return {key: value for key, value in stack.as_dict().items() if key != "file"}


def read_back(text: str, folder: Path) -> Stack:
    (folder / "written.yaml").write_text(text, encoding="utf-8")
    return load_stack(folder / "written.yaml")


@pytest.mark.parametrize("name", list_stacks())
def test_every_shipped_stack_is_read_back_as_it_is(name: str, tmp_path: Path) -> None:
    """Nothing is computed: equal to the last bit."""
    stack = load_stack(name)
    assert content(read_back(written_stack(stack), tmp_path)) == content(stack)


def test_changes_stand_in_their_places(tmp_path: Path) -> None:
    """Six digits of a changed number, all of those that were not changed; a layer of a repeat, a count, a material, a new block."""
    base = load_stack("ahn2023-brw")
    changes = {
        "layers.DBR-H.thickness": np.float64(129.99999999999997),
        "layers[0].repeat": 7.0,
        "layers.QD.thickness": 101.23456789,
        "materials.ITO.n": 1.75,
        "cavity.length_um": 500.0,
        "name": "A better one",
    }
    stack = read_back(written_stack(base, changes, "Chosen by hand."), tmp_path)
    assert stack.name == "A better one"
    assert stack.note == f"{base.note} Chosen by hand.".lstrip()
    assert sum(layer.written_name == "DBR-H" for layer in stack.layers) == 7
    assert (stack.layer("DBR-H").thickness_nm, stack.layer("QD").thickness_nm) == (130.0, 101.235)
    assert content(stack) == content(
        base.changed({**changes, "layers.DBR-H.thickness": 130, "layers.QD.thickness": 101.235, "note": stack.note})
    )
    assert written_stack(base, ["layers.QD.thickness=101.235"]) == written_stack(base, {"layers.QD.thickness": 101.23456789})


def test_a_change_that_cannot_be_is_told() -> None:
    with pytest.raises(StackError, match="thickness must be > 0 nm, got -5"):
        written_stack(load_stack("jung2022-lito-ag"), {"layers.QD.thickness": -5})


SHADE = """\
name: s
wavelength: 600
substrate: pair
superstrate: air
layers:
  - {name: A, material: film, thickness: 9}
  - repeat: 2
    layers:
      - {name: B, material: {uniaxial: {ordinary: film, extraordinary: base}}, thickness: 9, role: gain}
  - {name: C, material: SiO2, thickness: 9}
  - {name: D, material: deep, thickness: 9}
materials: {base: {n: 3}, air: {n: 1.25}, L-ITO mixture: {n: 2}, mine: film}
gain: {medium: dots}
"""


def test_materials_and_medium_of_a_folder_come_along(tmp_path: Path) -> None:
    """A folder's materials, which may be made of one another, are the same from another folder.

    ``pair`` is mixed of the folder's ``base`` (n = 1.5) and air; the stack has a ``base`` and an ``air`` of its own, which ``pair``
    never saw and must not see now. The folder's SiO2 goes before the shipped one, but not within
    the shipped mixture of which ``deep`` is made. Nothing is computed anew, so all is equal to the last bit.
    """
    folder, elsewhere = tmp_path / "a", tmp_path / "b"
    (folder / "materials" / "gain").mkdir(parents=True)
    elsewhere.mkdir()
    said = "source: s\nvalid_nm: [400, 800]\n"
    (folder / "materials" / "base.yaml").write_text(f"name: base\n{said}constant: {{n: 1.5, k: 0.25}}\n")
    (folder / "materials" / "film.yaml").write_text(f"name: film\n{said}cauchy: {{A: 1.7, B_um2: 0.01}}\n")
    (folder / "materials" / "silica.yaml").write_text(f"name: SiO2\n{said}constant: {{n: 1.4}}\n")
    deep = "uniaxial: {ordinary: L-ITO mixture, extraordinary: SiO2}\n"
    (folder / "materials" / "deep.yaml").write_text(f"name: deep\nsource: s\n{deep}")
    mix = "mix: [{material: base, fraction: 0.5}, {material: air, fraction: 0.5}]\nrule: linear\n"
    (folder / "materials" / "pair.yaml").write_text(f"name: pair\nsource: s\n{mix}")
    shipped = Path(str(medium_of(load_stack("jung2022-lito-ag"), None).file))
    (folder / "materials" / "gain" / "dots.yaml").write_text(shipped.read_text("utf-8").replace("name: ccg-QD", "name: dots"), "utf-8")
    (folder / "s.yaml").write_text(SHADE)
    base = load_stack(folder / "s.yaml")
    moved = read_back(written_stack(base), elsewhere)
    wavelengths = np.linspace(450, 750, 7)
    for quantity in ("index", "index_extraordinary", "dindex_dwavelength"):
        assert np.array_equal(getattr(moved, quantity)(wavelengths), getattr(base, quantity)(wavelengths))
    air = load_material("air").index(600)
    assert moved.index()[0] == pytest.approx(np.sqrt(((1.5 + 0.25j) ** 2 + air**2) / 2), rel=1e-14)  # linear in permittivity
    assert medium_of(moved, None).name == medium_of(base, None).name == "dots"
