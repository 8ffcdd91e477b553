"""Fixed points by Anderson's mixing."""

from __future__ import annotations

import numpy as np
import pytest

from qdphotonics.laser.fixed_point import fixed_points


def test_it_goes_on_where_the_function_rises_faster_than_its_argument() -> None:
    """F = 0.008 + 1.2 u - 4 u^2: slope above 1 at the start, where the line through two iterates meets u = F at a u < 0.

    The root is that of 4 u^2 - 0.2 u - 0.008 = 0, 0.07623 (before, the iterates stood at 0).
    """
    found = fixed_points(lambda u, _: 0.008 + 1.2 * u - 4 * u**2, np.zeros((1, 1)), 1e-12, 60)
    assert found[0, 0] == pytest.approx((0.2 + np.sqrt(0.04 + 4 * 4 * 0.008)) / 8, rel=1e-10)
