"""What agreement with a publication is: bounds, answers, and the claims that they belong to.

Sources:

[A] Jung, Ahn, Klimov, Nat. Photonics 15, 643 (2021), 10.1038/s41566-021-00827-6
[B] Ahn, Livache, Pinchetti, Klimov, Chem. Rev. 123, 8251 (2023), 10.1021/acs.chemrev.2c00865
[C] Zenatti, Kambhampati, "A Path towards Thresholdless Colloidal Quantum Dot Lasers"
[D] Nazar et al., Nanoscale 17, 3698 (2025), 10.1039/d4nr04653f
[R] Roh, Park, Lim, Klimov, Nat. Commun. 11, 271 (2020), 10.1038/s41467-019-14014-3
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

POINTS, SHARE = 2.0, 0.15  # the agreement asked of confinements [percentage points] and of losses
EXACT = 1e-9  # rounding of a few operations on numbers of order 1 to 100
SOURCES = "\n".join(f"- {line}" for line in (__doc__ or "").splitlines() if line.startswith("["))


@dataclass(frozen=True)
class Asked:
    """What agreement is: bounds on the computed number, or the answer itself, and how to say it."""

    low: float
    high: float
    text: str
    answer: str | None = None

    def accepts(self, computed: float | str) -> bool:
        """Whether a computed number or answer agrees."""
        return computed == self.answer if isinstance(computed, str) else self.low <= computed <= self.high


def points(value: float) -> Asked:
    return Asked(value - POINTS, value + POINTS, f"± {POINTS:g} points")


def share(value: float, part: float = SHARE) -> Asked:
    return Asked(value * (1 - part), value * (1 + part), f"± {part:.0%}".replace("%", " %"))


def digits(value: float, unit_of_last: float) -> Asked:
    return Asked(value - unit_of_last / 2, value + unit_of_last / 2, "digits printed")


def exact(value: float) -> Asked:
    return Asked(value - EXACT, value + EXACT, "exact")


def about(value: float, margin: float) -> Asked:
    return Asked(value - margin, value + margin, f"{value:g} ± {margin:g}")


def factor(value: float, by: float) -> Asked:
    return Asked(value / by, value * by, f"within a factor {by:g}")


def between(low: float, high: float, text: str) -> Asked:
    return Asked(low, high, text)


def answer(text: str) -> Asked:
    return Asked(-inf, inf, "the same", text)


@dataclass(frozen=True)
class Claim:
    """One published figure. ``value`` is None where words were published, and ``form`` prints the computed number.

    ``missed`` says why the product does not reach what is asked; "" where it does. The tests hold it to that.
    """

    quantity: str
    published: str
    value: float | None
    asked: Asked
    source: str
    unit: str = ""
    form: str = ".1f"
    missed: str = ""


def said(quantity: str, published: str, source: str) -> Claim:
    """A claim in words, to be computed as the same words."""
    return Claim(quantity, published, None, answer(published), source)


RISING = between(0.0, inf, "> 0")
FALLING = between(-inf, 0.0, "< 0")
