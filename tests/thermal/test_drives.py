"""Power over time: energies, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qdphotonics.errors import ArgumentError
from qdphotonics.thermal import PowerSteps, pulse_list, pulse_train, sampled_power


def test_a_train_holds_its_energy() -> None:
    """Energy = count x P x t_p; duration = count x T. 3 pulses of 2 W and 100 ns: 600 nJ in 3 us. A full duty has no pause."""
    train = pulse_train([2.0, 1.0], 100.0, 1000.0, count=3)
    np.testing.assert_allclose(train.energy_J, [6e-7, 3e-7], rtol=1e-14)
    assert train.duration_ns == pytest.approx(3000.0, rel=1e-15, abs=0)
    assert pulse_train(1.0, 50.0, 50.0).steps.tolist() == [50.0]


def test_a_list_of_pulses_becomes_steps() -> None:
    """Pauses are filled in: before, between and after; touching pulses have none between; energy is the pulses' own."""
    steps = pulse_list([10.0, 30.0, 40.0], [5.0, 10.0, 5.0], [1.0, 2.0, 3.0], 60.0)
    assert steps.steps.tolist() == [10.0, 5.0, 15.0, 10.0, 5.0, 15.0]
    assert steps.powers.tolist() == [0.0, 1.0, 0.0, 2.0, 3.0, 0.0]
    assert float(steps.energy_J) == pytest.approx((5 + 20 + 15) * 1e-9, rel=1e-14, abs=0)


def test_a_sampled_shape_holds_the_trapezoids_energy() -> None:
    """A triangle of 1 W over 200 ns holds 100 nJ: trapezoids are exact where the samples hold the corner."""
    assert float(sampled_power([0.0, 100.0, 200.0], [0.0, 1.0, 0.0]).energy_J) == pytest.approx(1e-7, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pulse_train(1.0, 5.0, 4.0), "Argument `period_ns` must be >= `pulse_ns` (5.0), but it is 4.0"),
        (lambda: pulse_train(1.0, 5.0, 9.0, count=0), "Argument `count` must be >= 1, but it is 0"),
        (lambda: pulse_train(-1.0, 5.0, 9.0), "Argument `power_W` must be >= 0, but it is -1.0"),
        (lambda: PowerSteps([1.0], [0.0]), "Argument `step_ns` must be a row of times > 0 and finite, but it is [0.0]"),
        (
            lambda: PowerSteps([1.0], [1.0, 2.0]),
            "Argument `power_W` must be finite and have as many steps as `step_ns` (2), but it is [1.0]",
        ),
        (
            lambda: pulse_list([0.0, 4.0], [5.0, 5.0], [1.0, 1.0], 20.0),
            "Argument `start_ns` must not lie before the end of the pulse before (5), but it is 4.0",
        ),
        (
            lambda: pulse_list([0.0], [5.0], [1.0], 4.0),
            "Argument `duration_ns` must not be shorter than the pulses, which end at 5, but it is 4.0",
        ),
        (lambda: pulse_list([0.0], [5.0], [], 4.0), "Arguments `start_ns`, `pulse_ns` and `power_W` must be equally long"),
        (
            lambda: sampled_power([0.0, 0.0], [1.0, 1.0]),
            "Argument `time_ns` must be two or more rising times, one for each power, but it is [0.0, 0.0]",
        ),
    ],
)
def test_wrong_drives_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
