"""One key of a library material changed by path: what the material says besides stays as it is.

A number of a material that goes by its name used to become a material of its own, of which only the key changed was known:
its absorption was lost without a word.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qdphotonics import load_material, units
from qdphotonics.errors import StackError
from qdphotonics.stacks import Stack, load_stack, parse_override

LED = "jung2022-lito-ag"


@pytest.fixture(scope="module")
def led() -> Stack:
    return load_stack(LED)


def index_of(stack: Stack, layer: str) -> complex:
    return complex(stack.index()[stack.all_names.index(layer)])


def test_a_changed_n_keeps_the_loss(led: Stack) -> None:
    """L-ITO has n = 1.6 and 161 cm^-1, k = α λ / 4π; with n = 1.65 the loss is the same to the last bit: nothing is computed anew."""
    changed = led.changed({"materials.L-ITO.n": 1.65})
    loss = units.extinction(161.0, 630.0)
    assert index_of(led, "L-ITO").imag == pytest.approx(loss, rel=1e-12)
    assert index_of(changed, "L-ITO") == complex(1.65, index_of(led, "L-ITO").imag)
    others = [position for position, name in enumerate(led.all_names) if name != "L-ITO"]
    assert np.array_equal(changed.index()[others], led.index()[others])


def test_a_changed_loss_keeps_n(led: Stack) -> None:
    """Likewise the other way round; a film that has no absorption gets one."""
    assert index_of(led.changed({"materials.L-ITO.alpha_per_cm": 80.5}), "L-ITO") == pytest.approx(
        1.6 + 0.5j * units.extinction(161.0, 630.0)
    )
    assert index_of(led.changed(["materials.ccg-QD film.k=1e-3"]), "QD") == 2.0 + 1e-3j


def test_a_path_with_a_space_needs_no_quotes(led: Stack) -> None:
    """The issue writes ``materials.ccg-QD film.n``: the same steps with and without quotes."""
    written = ("materials.ccg-QD film.n=1.9", 'materials."ccg-QD film".n=1.9', "materials.'ccg-QD film'.n=1.9")
    assert {parse_override(text).steps for text in written} == {("materials", "ccg-QD film", "n")}
    assert {index_of(led.changed([text]), "QD") for text in written} == {1.9 + 0j}


def test_what_else_the_library_says_stays(led: Stack) -> None:
    """Range, heat conduction and the glass transition are the material's; the range of a value that is now given is not assumed."""
    known, changed = load_material("Spiro-2NPB"), led.changed({"materials.Spiro-2NPB.n": 1.75}).layer("Spiro-2NPB").material
    for part in ("valid_nm", "thermal", "glass_transition_C", "name"):
        assert getattr(changed, part) == getattr(known, part)
    assert "n" in known.assumed
    assert dict(changed.assumed) == {key: limits for key, limits in known.assumed.items() if key != "n"}
    assert changed.source == f"{known.source}; n changed"


def test_changes_of_several_keys_add_up(led: Stack) -> None:
    together = led.changed({"materials.L-ITO.n": 1.65, "materials.L-ITO.alpha_per_cm": 0.0})
    assert index_of(together, "L-ITO") == 1.65
    assert index_of(led.changed({"materials.L-ITO.n": 1.65}).changed({"materials.L-ITO.alpha_per_cm": 0.0}), "L-ITO") == 1.65


def test_a_material_written_whole_is_new(led: Stack) -> None:
    """``materials.NAME={…}`` says all there is to say, of a name that is known or not."""
    assert index_of(led.changed(["materials.L-ITO={n: 1.65}"]), "L-ITO") == 1.65
    assert index_of(led.changed(["materials.film={n: 1.7}", "layers.QD.material=film", "materials.film.k=0.1"]), "QD") == 1.7 + 0.1j


def test_the_folder_beside_the_stack_goes_first(tmp_path: Path) -> None:
    """The material that is changed is the one that the layer has: that of the folder, not the shipped one of the same name."""
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "film.yaml").write_text("name: L-ITO\nsource: s\nvalid_nm: [400, 800]\nconstant: {n: 1.5, k: 0.25}\n")
    (tmp_path / "s.yaml").write_text(
        "name: s\nwavelength: 600\nsubstrate: air\nsuperstrate: air\nlayers: [{name: A, material: L-ITO, thickness: 9}]\n"
    )
    assert index_of(load_stack(tmp_path / "s.yaml", ["materials.L-ITO.n=1.7"]), "A") == 1.7 + 0.25j


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "materials.Ag.n=0.1",
            'materials.Ag.n=0.1: the material "Ag" depends on the wavelength (database), so one number of it cannot be changed',
        ),
        ("materials.Ag.k=4", 'materials.Ag.k=4: the material "Ag" depends on the wavelength (database)'),
        ("materials.ccg-QD flm.n=1.9", 'materials.ccg-QD flm.n=1.9: there is no material "ccg-QD flm"; did you mean "ccg-QD film"'),
        (
            "materials.xxxxxx.n=1.9",
            'materials.xxxxxx.n=1.9: there is no material "xxxxxx"; a new one is written whole, as in materials.xxxxxx={n: 1.6}',
        ),
        ("materials.L-ITO.k=0.1", "materials.L-ITO must have one of k, alpha_per_cm and gain_per_cm, not k and alpha_per_cm"),
        ("materials.L-ITO.m=1", 'materials.L-ITO: unknown key "m"'),
        ("materials.L-ITO.n=-1", "materials.L-ITO.n must be > 0, got -1"),
        ("layers.QD.material.n=1.9", "write a material in place, as in layers.QD.material={n: 1.9, k: 0}"),
        ("layers.QD.material.n=1.9", 'or change the material wherever it is, as in materials."ccg-QD film".n=1.9'),
    ],
)
def test_what_cannot_be_changed_is_told(led: Stack, change: str, message: str) -> None:
    """A number of a material that depends on the wavelength, a misspelt name, a second way to say the absorption."""
    with pytest.raises(StackError) as caught:
        led.changed([change])
    assert message in caught.value.message
