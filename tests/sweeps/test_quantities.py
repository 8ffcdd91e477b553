"""The list of quantities: how each is written, what it is called, and what is refused."""

from __future__ import annotations

import pytest

import qdphotonics as qdp
from qdphotonics.errors import SweepError
from qdphotonics.sweeps.quantities import KINDS, check_quantity, parse_quantity


def test_every_kind_is_read_back_from_its_own_name() -> None:
    """A name printed in a result is a name that a specification takes, with and without a mode before it."""
    for kind in KINDS.values():
        for selector in (None, "TE0", "TM12", "best") if kind.family in ("mode", "pumped") else (None,):
            written = ".".join(part for part in (selector, kind.name, '"a layer"' if kind.of_layer else None) if part)
            quantity = parse_quantity(written)
            assert (quantity.name, quantity.kind, quantity.selector) == (written, kind, selector)
            assert parse_quantity(quantity.name) == quantity
            assert quantity.unit in quantity.label
            assert quantity.title


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("n_ef", 'did you mean "n_eff"'),
        ("confinement", "the name of one layer must follow"),
        ("confinement.QD.x", "the name of one layer must follow"),
        ("n_eff.QD", "nothing may follow n_eff"),
        ("TE0.reflectance.TE", "not one of a mode"),
        ("TE0", "no quantity is called"),
        ("", "must be written such as"),
        ("n_eff.", "must be written such as"),
        ('confinement."QD', "must be written such as"),
        ("thresholds.lasing", "no quantity is called"),
    ],
)
def test_a_name_that_is_none_is_told(text: str, told: str) -> None:
    """One message with the value and the cure."""
    with pytest.raises(SweepError, match=told):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "stack", "told"),
    [
        ("confinement.Qd", "jung2022-lito-ag", 'no layer "Qd"; did you mean "QD"'),
        ("thickness_nm.substrate", "jung2022-lito-ag", "no layer"),
        ("net_gain_per_cm", "glass-dielectric-ag", "needs gain"),
        ("TM.loss_per_cm", "glass-dielectric-ag", "needs gain"),
        ("dfb.wavelength_nm", "jung2022-lito-ag", "needs a grating"),
        ("thresholds.lasing.heating_K", "jung2022-lito-ag", "has no cavity"),
        ("verdict.optical.lasing", "jung2022-lito-ag", "has no cavity"),
    ],
)
def test_what_a_stack_lacks_is_told_before_any_work(text: str, stack: str, told: str) -> None:
    """A layer, gain or a grating that is not there."""
    with pytest.raises(SweepError, match=told):
        check_quantity(parse_quantity(text), qdp.load_stack(stack))


def test_what_a_stack_has_passes() -> None:
    """Repeats by their written name and each by itself; half-spaces where they take part."""
    stack = qdp.load_stack("ahn2023-brw")
    for text in ("confinement.DBR-H", "confinement.DBR-H[3]", "loss_budget_per_cm.substrate", "TM.net_gain_per_cm"):
        check_quantity(parse_quantity(text), stack)
