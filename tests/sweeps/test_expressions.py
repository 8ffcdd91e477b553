"""Expressions of quantities: what they are worth, their gradients, and all that is refused."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdphotonics.errors import SweepError
from qdphotonics.sweeps.expressions import MOST_CHARACTERS, MOST_DEPTH, Constraint, Expression

NAMES = ("n_eff", "loss_per_cm", "confinement.QD", 'confinement."L-ITO"')
VALUES = {"n_eff": 1.7, "loss_per_cm": 12.5, "confinement.QD": 0.21, "confinement.L-ITO": 0.03}


def _written(depth: int) -> st.SearchStrategy[str]:
    """Texts of expressions, smooth wherever VALUES lie near: what is under a root or a logarithm is positive."""
    leaf = st.one_of(st.sampled_from(NAMES), st.floats(0.1, 9.0).map(lambda value: f"{value:.3f}"))
    if depth == 0:
        return leaf
    part = _written(depth - 1)
    positive = part.map(lambda text: f"(1 + abs({text}))")
    binary = st.tuples(part, st.sampled_from(["+", "-", "*"]), part).map(lambda three: f"({three[0]} {three[1]} {three[2]})")
    return st.one_of(
        leaf,
        binary,
        st.tuples(part, positive).map(lambda two: f"{two[0]}/{two[1]}"),
        positive.map(lambda text: f"sqrt{text}"),
        positive.map(lambda text: f"log{text}"),
        positive.map(lambda text: f"log10{text}"),
        st.tuples(positive, st.sampled_from(["2", "0.5", "-1", "confinement.QD"])).map(lambda two: f"{two[0]}**{two[1]}"),
        part.map(lambda text: f"-{text}"),
        st.tuples(part, part).map(lambda two: f"max({two[0]}, {two[1]})"),
        st.tuples(part, part, part).map(lambda three: f"min({', '.join(three)})"),
        part.map(lambda text: f"exp(-abs({text})/10)"),
    )


@settings(max_examples=150, deadline=None)
@given(text=_written(3))
def test_the_value_is_that_of_pythons_own_arithmetic(text: str) -> None:
    """The same text computed by Python itself (in the test only: the text is the test's own), to rounding: 1e-12."""
    plain = text.replace('confinement."L-ITO"', "c2").replace("confinement.QD", "c1")
    names: dict[str, object] = {"c1": 0.21, "c2": 0.03, "n_eff": 1.7, "loss_per_cm": 12.5}
    names |= {"log": math.log, "log10": math.log10, "sqrt": math.sqrt, "exp": math.exp}
    expected = eval(plain, {}, names)
    assert _parsed(text).evaluate(VALUES) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def _parsed(text: str) -> Expression:
    """An expression, a quantity of no weight added where there is none."""
    return Expression.parse(text if any(name in text for name in NAMES) else f"({text}) + 0*n_eff")


@settings(max_examples=150, deadline=None)
@given(text=_written(3), seed=st.integers(0, 99))
def test_the_gradient_is_the_slope(text: str, seed: int) -> None:
    """With quantities linear in x, df/dx by central differences: error h²f'''/6, some 1e-7 for h = 1e-5 of these, away from kinks.

    A kink between the two points shows as a difference of the one-sided slopes; there the gradient must be one of the two,
    or between them.
    """
    expression = _parsed(text)
    slopes = dict(zip(VALUES, np.random.default_rng(seed).uniform(-1, 1, (4, 1)), strict=True))

    def at(x: float) -> float:
        return float(expression.evaluate({name: VALUES[name] + x * slopes[name][0] for name in VALUES}))

    value, gradient = expression.with_gradient(VALUES, slopes)
    step = 1e-5
    sides = sorted([(at(step) - at(0)) / step, (at(0) - at(-step)) / step])
    assert value == pytest.approx(at(0), rel=1e-12)
    room = 1e-4 * (1 + abs(sides[0]) + abs(sides[1]))  # of one-sided differences: h f''/2
    assert sides[0] - room <= gradient[0] <= sides[1] + room
    if sides[1] - sides[0] < room:
        assert gradient[0] == pytest.approx((at(step) - at(-step)) / (2 * step), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("text", "gradient"), [
    ("max(n_eff, 1.7)", 1.0), ("max(1.7, n_eff)", 0.0), ("min(n_eff, 1.7)", 1.0), ("abs(n_eff - 1.7)", 0.0),
    ("(n_eff - 2)**2", -0.6), ("(n_eff - 2)**3", 0.27), ("n_eff**0", 0.0), ("0**n_eff", 0.0), ("2**n_eff", 2**1.7 * math.log(2)),
    ("n_eff**n_eff", 1.7**1.7 * (1 + math.log(1.7))),
])
def test_kinks_and_powers(text: str, gradient: float) -> None:
    """Closed forms; at a kink the first of equals, and 0 for abs; a negative base has a constant exponent only."""
    found = Expression.parse(text).with_gradient({"n_eff": 1.7}, {"n_eff": np.array([1.0])})[1]
    assert found[0] == pytest.approx(gradient, rel=1e-12, abs=1e-15)


def test_arrays_and_places_without_a_value() -> None:
    """Element by element; log(-1) is nan, 1/0 infinite, and no warning is given (the tests make errors of warnings)."""
    expression = Expression.parse("log(n_eff) + 1/loss_per_cm")
    found = expression.evaluate({"n_eff": np.array([1.0, -1.0, 1.0]), "loss_per_cm": np.array([2.0, 1.0, 0.0])})
    assert found.tolist()[0] == 0.5
    assert np.isnan(found[1])
    assert np.isinf(found[2])


def test_a_constant_under_a_root_of_zero_has_no_gradient() -> None:
    """sqrt at 0 has an infinite slope, but a quantity that does not depend on a variable adds 0 to it, not 0 times infinity."""
    gradient = Expression.parse("sqrt(n_eff)").with_gradient({"n_eff": 0.0}, {"n_eff": np.array([0.0, 1.0])})[1]
    assert gradient.tolist() == [0.0, np.inf]


def test_names() -> None:
    """Selectors, parts, quotes of both kinds and brackets; each quantity once, under the name that results carry."""
    text = """TM.net_gain_per_cm + thresholds.lasing.fluence_J_per_cm2 + confinement['my layer'] + confinement . "my layer" + dfb.dark.q"""
    names = [quantity.name for quantity in Expression.parse(text).quantities]
    assert names == ["TM.net_gain_per_cm", "thresholds.lasing.fluence_J_per_cm2", 'confinement."my layer"', "dfb.dark.q"]


def test_expressions_travel() -> None:
    """To another process, where a sweep's parts are worked on."""
    condition = Constraint.parse('confinement."L-ITO" <= 0.02')
    again = pickle.loads(pickle.dumps(condition))
    assert again == condition
    assert again.violation(VALUES) == pytest.approx(0.01)


@pytest.mark.parametrize("text", [
    "__import__('os').system('true')", '__import__("os")', "().__class__.__bases__", "n_eff.__class__", "(lambda: n_eff)()",
    "[n_eff for x in n_eff]", "n_eff if n_eff else 0", "n_eff and 1", "not n_eff", "~n_eff", "n_eff // 2", "n_eff % 2",
    "n_eff << 2", "n_eff @ 2", "n_eff^2", "n_eff := 2", "f'{n_eff}'", "'n_eff'", "True*n_eff", "None", "1j*n_eff", "...",
    "{n_eff}", "n_eff[0]", "n_eff, 1", "n_eff; n_eff", "n_eff\nn_eff", "n_eff # more", "\\n_eff", "max(*n_eff)",
    "max(n_eff, key=n_eff)", "max(n_eff)", "sqrt(n_eff, 2)", "sqrt()", "sin(n_eff)", "eval(n_eff)", "open(n_eff)", "n_eff(2)",
    "n_eff.real", "yield n_eff", "await n_eff", "n_eff > 1", "2n_eff", "2max(n_eff, 1)", "n_eff +", "(n_eff", "", "   ", "3",
    "1e999*n_eff", "9" * 400 + "*n_eff", "nan*n_eff", "n_еff", "confinement", "confinement.L-ITO", "TM.total_thickness_nm",
    "\x00", "(" * 300 + "n_eff" + ")" * 300, "-" * 300 + "n_eff", "n_eff" + "+n_eff" * 150, "n_eff" * MOST_CHARACTERS,
])
def test_what_is_refused(text: str) -> None:
    """Whatever is not a number, a quantity, one of the signs or functions: one clear error, and nothing is run."""
    with pytest.raises(SweepError) as problem:
        Expression.parse(text)
    assert len(str(problem.value)) < 600
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(("text", "position", "word"), [
    ("n_eff + los_per_cm", 9, "loss_per_cm"), ('confinement."L-ITO" + n_eff ^ 2', 28, "**"), ("confinement.L-ITO", 15, '"L-ITO"'),
    ("2*(n_eff", 3, "is not an expression"), ("   sin(n_eff)", 4, "sqrt"), ("confinement['é'] + x", 20, "x"),
])
def test_the_place_is_told(text: str, position: int, word: str) -> None:
    """The character, counted from 1 in the text as written, and what to write instead."""
    with pytest.raises(SweepError, match=f"at character {position}:") as problem:
        Expression.parse(text)
    assert word in str(problem.value)


def test_levels() -> None:
    """As many levels as are allowed do run; one more is refused."""
    assert Expression.parse("-" * MOST_DEPTH + "n_eff").evaluate({"n_eff": 1.5}) == 1.5 * (-1) ** MOST_DEPTH
    with pytest.raises(SweepError, match="levels"):
        Expression.parse("-" * (MOST_DEPTH + 1) + "n_eff")


@pytest.mark.parametrize(("text", "excess"), [
    ("n_eff <= 1.5", 0.2), ("n_eff >= 1.5", -0.2), ("1.5 >= n_eff", 0.2), ("n_eff == 1.5", 0.2), ("n_eff ≤ 2", -0.3),
])
def test_constraints(text: str, excess: float) -> None:
    """Excess must be ≤ 0 (= 0 for ==); violation is its positive part (its modulus)."""
    condition = Constraint.parse(text)
    assert condition.excess.evaluate(VALUES) == pytest.approx(excess)
    assert condition.violation(VALUES) == pytest.approx(abs(excess) if "==" in text else max(excess, 0))
    assert condition.holds(VALUES, tolerance=0.21) is True
    assert condition.holds(VALUES) is (excess <= 0)


def test_a_constraint_without_a_value_does_not_hold() -> None:
    """nan is no success: of a lost mode nothing is known."""
    assert Constraint.parse("n_eff <= 2").holds({"n_eff": math.nan}) is False


@pytest.mark.parametrize("text", [
    "n_eff", "n_eff < 2", "n_eff > 2", "n_eff = 2", "n_eff != 2", "1 <= n_eff <= 2", "1 <= 2", "<= 2", "n_eff <=", "n_eff <= foo",
    "n_eff <= 2 and n_eff >= 1", 7, None, ["n_eff"],
])
def test_constraints_refused(text: str) -> None:
    """No sign, a strict or unknown one, two of them, nothing to vary, a side that is no expression, no text at all."""
    with pytest.raises(SweepError):
        Constraint.parse(text)


def test_a_sign_within_quotes_is_a_name() -> None:
    """A layer may be called anything."""
    condition = Constraint.parse('confinement."a<=b" >= 0.2')
    assert condition.quantities[0].layer == "a<=b"
