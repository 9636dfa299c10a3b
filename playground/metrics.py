"""The numbers of a comparison and their intervals: accuracy, F1, calibration, paired tests."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

Z95 = NormalDist().inv_cdf(0.975)


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a proportion, both ends in 0 to 1.

    It keeps its coverage near 0, near 1 and for small n, where the textbook interval does not
    (Wilson 1927, JASA 22). Raises ValueError unless 0 <= right <= n and n > 0.
    """
    if not 0 <= right <= n or n == 0:
        raise ValueError(f"{right} right answers out of {n} is no proportion")
    share, square = right / n, Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def mcnemar(fixed: int, broken: int) -> float:
    """Exact two-sided McNemar p-value: could a fair coin have split the disagreements so?

    fixed:  examples only the second arm got right. broken: only the first did.
    Returns 1.0 when the arms never disagree (McNemar 1947; the exact binomial form).
    """
    disagreements = fixed + broken
    tail = sum(math.comb(disagreements, k) for k in range(min(fixed, broken) + 1))
    return min(1.0, 2 * tail / 2**disagreements)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Holm's step-down correction, in the order given: family-wise error stays below the level.

    (Holm 1979, Scand. J. Statist. 6.) Never below the input, never above 1.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, floor = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = floor
    return tuple(adjusted)


def difference_interval(
    first: Sequence[bool], second: Sequence[bool], seed: int = 0, draws: int = 2000
) -> tuple[float, float]:
    """The 95 % paired bootstrap interval of accuracy(second) - accuracy(first), in -1 to 1.

    The two are answers to the same examples: examples are drawn again, pairs stay together.
    Raises ValueError when the lengths differ or are 0.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError(f"paired answers need equal lengths above 0: {len(first)}, {len(second)}")
    gain = np.asarray(second, dtype=np.int64) - np.asarray(first, dtype=np.int64)
    shares = np.array([(gain == 1).sum(), (gain == -1).sum(), (gain == 0).sum()]) / len(gain)
    counts = np.random.default_rng(seed).multinomial(len(gain), shares, size=draws)
    low, high = np.quantile((counts[:, 0] - counts[:, 1]) / len(gain), [0.025, 0.975])
    return float(low), float(high)


def confusion(truth: Sequence[int], answers: Sequence[int], labels: int) -> np.ndarray:
    """(labels, labels) counts: row = the true label, column = the answer."""
    counts = np.zeros((labels, labels), dtype=np.int64)
    np.add.at(counts, (np.asarray(truth, dtype=int), np.asarray(answers, dtype=int)), 1)
    return counts


def macro_f1(counts: np.ndarray) -> float:
    """The mean F1 of the labels that occur as truth or answer, from a confusion matrix.

    A label nobody has and nobody says is left out; 0 for a label that is never right.
    """
    hits, said, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    present = (said + true) > 0
    return float(np.mean(2 * hits[present] / (said + true)[present])) if present.any() else 0.0


def calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error in 0 to 1: how far stated confidence is from the share right.

    Confidences in (0, 1] fall into equal bins; the gaps are weighted by bin size
    (Guo et al. 2017, arXiv:1706.04599, section 2).
    """
    sure, hit = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    bin_of = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    gaps = [
        abs(sure[bin_of == b].mean() - hit[bin_of == b].mean()) * (bin_of == b).mean()
        for b in np.unique(bin_of)
    ]
    return float(sum(gaps))
