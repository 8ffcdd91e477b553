"""Modes with the stack's layer names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics import planar
from qdphotonics.optics import find_modes, written_budget
from qdphotonics.stacks import Stack

CLOSURE = 1e-9  # of the largest part: what Poynting's theorem leaves in double precision


def test_named_modes_are_those_of_the_solver(silver_led: Stack) -> None:
    """Second way to the same numbers: planar called with the stack's arrays, names added by hand."""
    found = find_modes(silver_led)
    for which in ("TE", "TM"):
        search = planar.find_modes(silver_led.index(), silver_led.thickness_nm, silver_led.wavelength_nm, which)
        named = [mode for mode in found if mode.polarization == which]
        assert [mode.label for mode in named] == [mode.label for mode in search.modes]
        for mine, bare in zip(named, search.modes, strict=True):
            assert mine.n_eff == pytest.approx(bare.n_eff, abs=1e-12)
            assert mine.confinement["QD"].intensity == pytest.approx(bare.confinement.intensity[2], abs=1e-9)
            assert mine.loss_budget_per_cm["Ag"] == pytest.approx(bare.loss_budget_per_cm[5], rel=1e-6)


def test_modes_come_te_first_and_by_falling_index(silver_led: Stack) -> None:
    found = find_modes(silver_led)
    assert [mode.polarization for mode in found] == sorted(mode.polarization for mode in found)
    for which in ("TE", "TM"):
        indices = [mode.n_eff.real for mode in found if mode.polarization == which]
        assert indices == sorted(indices, reverse=True)
    assert found["TM0"].character == "plasmonic"


def test_repeats_sum_under_the_bare_name(bragg_diode: Stack) -> None:
    """confinement["DBR-H"] = sum over DBR-H[i] (DESIGN.md section 5); the written budget closes to the loss."""
    mode = find_modes(bragg_diode, polarization="TE").modes[0]
    parts = [mode.confinement[f"DBR-H[{i}]"].intensity for i in range(10)]
    assert mode.confinement["DBR-H"].intensity == pytest.approx(sum(parts), rel=1e-12)
    assert mode.sensitivity.thickness_per_nm["DBR-H"] == pytest.approx(
        sum(mode.sensitivity.thickness_per_nm[f"DBR-H[{i}]"] for i in range(10))
    )
    budget = written_budget(bragg_diode, mode)
    assert "DBR-H" in budget
    assert sum(budget.values()) == pytest.approx(mode.loss_per_cm, abs=CLOSURE * max(map(abs, budget.values())))
    assert mode.angle_deg["DBR-H"] == mode.angle_deg["DBR-H[3]"]


def test_one_polarization_a_range_and_a_bound_are_kept(silver_led: Stack) -> None:
    found = find_modes(silver_led, polarization="TM", n_range=(1.2, 1.9), max_loss_per_cm=500)
    assert found.modes
    assert all(mode.polarization == "TM" and 1.2 < mode.n_eff.real < 1.9 for mode in found)
    assert found.search.n_range == (1.2, 1.9)
    assert found.search.max_loss_per_cm == 500
    assert found.search.certified


def test_another_wavelength_takes_the_materials_there(silver_led: Stack) -> None:
    red = find_modes(silver_led, wavelength_nm=660.0)
    same = find_modes(silver_led.changed({"wavelength": 660}))
    assert red.wavelength_nm == 660.0
    assert red["TE0"].n_eff == pytest.approx(same["TE0"].n_eff, abs=1e-13)


def test_an_unknown_label_is_told_with_those_there_are(slab: Stack) -> None:
    found = find_modes(slab, polarization="TE")
    with pytest.raises(qdp.ArgumentError, match=r'no mode "TM0" at 600 nm; the modes found are: TE0'):
        found["TM0"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"polarization": "TEM"}, '`polarization` must be "TE", "TM" or "both", but is "TEM"'),
        ({"wavelength_nm": -600.0}, "`wavelength_nm` must be positive and finite, but is -600"),
        ({"wavelength_nm": float("nan")}, "`wavelength_nm` must be positive and finite, but is nan"),
        ({"n_range": (2.0, 1.0)}, "`n_range` must be two numbers with 0 <= low < high, but is 2:1"),
        ({"max_loss_per_cm": 0.0}, "`max_loss_per_cm` must be > 0 and <= 1e+07, but is 0"),
        ({"max_loss_per_cm": 1e9}, "`max_loss_per_cm` must be > 0 and <= 1e+07, but is 1e+09"),
    ],
)
def test_arguments_out_of_range_are_refused(slab: Stack, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(qdp.ArgumentError) as caught:
        find_modes(slab, **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_an_incoherent_layer_cannot_be_part_of_a_mode(slab: Stack) -> None:
    thick = slab.changed({"layers.core.coherent": False})
    with pytest.raises(qdp.StackError, match=r'layer "core" must be coherent.*cannot be part of a mode'):
        find_modes(thick)


def test_modes_show_themselves_as_tables_with_every_text_escaped(slab: Stack) -> None:
    named = slab.changed({"name": "<b>slab</b>"})
    found = find_modes(named)
    assert "TE0" in repr(found)
    assert "&lt;b&gt;slab" in found._repr_html_()
    assert "<b>slab" not in found._repr_html_()
    assert repr(found.modes[0]).startswith("<TE0 guided photonic, n_eff 1.")


def test_intensity_confinement_sums_to_one(bragg_diode: Stack) -> None:
    """Both windows cover the layers and the closed tails, so that the shares of each sum to 1 (PHYSICS.md section 1)."""
    for mode in find_modes(bragg_diode):
        shares = np.array([(share.intensity, share.energy) for share in mode.confinement.values()])
        assert shares.sum(axis=0) == pytest.approx([1.0, 1.0], abs=1e-9)


def test_a_layer_too_thick_for_a_mode_is_refused_at_once_with_advice(silver_led: Stack) -> None:
    """1e9 nm hold millions of modes: file, line, layer, rule, value and cure instead of a search without end."""
    thick = silver_led.changed({"layers.L-ITO.thickness": 1e9})
    with pytest.raises(qdp.StackError) as caught:
        find_modes(thick)
    told = str(caught.value)
    assert 'layers[0] "L-ITO": thickness must be ≤ 200000 nm in a search for modes, got 1e+09' in told
    assert "make it the substrate or the superstrate" in told
    assert f"{silver_led.file}:" in told
    with pytest.raises(qdp.StackError, match="in a search for modes"):
        qdp.analyze(thick)
    assert qdp.spectrum(thick, [630.0]).TE.transmittance[0, 0] >= 0


def test_the_number_of_modes_is_foreseen() -> None:
    """A slab holds 2 n d/lambda modes of each polarization and as many anti-guided: 20 um of n = 1.5 at 600 nm, 100; within 10 %."""
    stack = qdp.load_stack(
        {
            "name": "thick",
            "wavelength": 600,
            "substrate": {"n": 1.0},
            "superstrate": {"n": 1.0},
            "layers": [{"name": "a", "material": {"n": 1.5}, "thickness": 20_000}],
        }
    )
    from qdphotonics.optics import planar_problem

    assert planar_problem(stack).expected_modes == pytest.approx(200.0)
    assert len(find_modes(stack)) == pytest.approx(200.0, rel=0.1)


def test_modes_are_found_by_position_too(silver_led: Stack) -> None:
    found = find_modes(silver_led)
    assert found[0] is found["TE0"]
    assert found[-1] is found.modes[-1]
    with pytest.raises(IndexError):
        found[99]


def test_a_stack_may_be_given_by_its_name_or_file(tmp_path: Path) -> None:
    """Everything that takes a stack takes what load_stack takes; something else is told."""
    file = tmp_path / "mine.yaml"
    file.write_text(qdp.stacks.stack_file("jung2022-lito-ag").read_text(encoding="utf-8"), encoding="utf-8")
    by_name = find_modes("jung2022-lito-ag")
    for given in (file, str(file)):
        assert find_modes(given)["TE0"].n_eff == by_name["TE0"].n_eff
    assert qdp.spectrum("jung2022-lito-ag", [630.0]).stack.name == by_name.stack.name
    assert qdp.analyze(str(file)).stack.file == file
    with pytest.raises(qdp.ArgumentError, match=r"`stack` must be a Stack, a name or a file.* but is int"):
        find_modes(3)  # type: ignore[arg-type]


def test_one_note_for_both_polarizations_says_so(slab: Stack, silver_led: Stack) -> None:
    """A slab without metal has as many TE as TM modes in one region: "5 in" would be of each, not of both together."""
    note = find_modes(slab).search.note
    assert note.startswith("TE and TM each: ")
    assert not find_modes(silver_led, polarization="TE").search.note.startswith("TE")
