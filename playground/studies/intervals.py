"""How sure a mean over few seeds is."""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

# Student's t, two-sided 95 %, by the degrees of freedom; further out the normal will do.
T95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26}
Z95 = 1.96


def mean_interval(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """The mean and its 95 % interval (Student's t); None, None for a single value."""
    mean = fmean(values)
    if len(values) == 1:
        return mean, None, None
    half = T95.get(len(values) - 1, Z95) * stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def points(share: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    rounded = round(100 * share, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.1f}"


def tenths(share: float) -> str:
    """A share as finely as the difference beside it."""
    return f"{100 * share:.1f}\u202f%"
