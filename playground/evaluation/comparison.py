"""What a comparison says: its arms, its examples and its pairs of arms."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from playground.evaluation.verdict import sentence


@dataclass(frozen=True)
class Arm:
    """One row of the verdict. Accuracies are shares of n; the interval is Wilson's, 95 %."""

    name: str
    kind: str
    shots: int
    run_id: str
    method: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    macro_f1: float
    calibration_error: float
    seconds_per_example: float
    tokens_per_example: float
    trainable: int
    bytes_per_task: int
    dropped: int
    cut: int
    majority_share: float  # share of the examples that got this arm's commonest answer
    one_label: str  # that answer, when its share is 95 % or more; else ""
    difference_to_zero_shot: float | None  # None for zero-shot itself, or where it was not asked
    p_value_to_zero_shot: float | None
    nearest: bool = False  # whether its demonstrations were chosen for each example


@dataclass(frozen=True)
class Row:
    """One held-out example: each arm's answer and the probabilities of the labels, in order."""

    row: dict[str, str]
    label: str
    answers: tuple[str, ...]
    probabilities: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Pair:
    """Two arms on the same examples. fixed: only b is right; broken: only a is.

    p_value: exact McNemar; p_holm: corrected for all pairs of the comparison.
    difference: accuracy of b minus that of a, with its paired bootstrap interval.
    """

    a: str
    b: str
    fixed: int
    broken: int
    p_value: float
    p_holm: float
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """Everything one table and one page of examples need; a pure function of the answers."""

    labels: tuple[str, ...]
    rule: str
    arms: tuple[Arm, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    majority_label: str
    majority_accuracy: float
    counts: dict[str, tuple[tuple[int, ...], ...]] = field(repr=False)

    def arm(self, name: str) -> Arm:
        """Raises KeyError for a name that is not compared here."""
        return {arm.name: arm for arm in self.arms}[name]

    def confusion(self, name: str) -> tuple[tuple[int, ...], ...]:
        """Counts of one arm, truth × answer, both in label order."""
        return self.counts[name]

    def pair(self, a: str, b: str) -> Pair:
        """The two arms as asked for: turned round where they were stored the other way."""
        found = turned(self.pairs, a, b)
        if found is None:
            raise KeyError(f"{a!r} and {b!r} are not two arms of this comparison")
        return found

    def sentence(self) -> str:
        """The verdict in words: who wins, by how much, and whether that is settled."""
        return sentence(self)


def turned(pairs: Sequence[Pair], a: str, b: str) -> Pair | None:
    """The pair of these two arms, in this order; None where they are not compared."""
    for pair in pairs:
        if (pair.a, pair.b) == (a, b):
            return pair
        if (pair.a, pair.b) == (b, a):
            low, high = pair.interval
            return dataclasses.replace(
                pair,
                a=a,
                b=b,
                fixed=pair.broken,
                broken=pair.fixed,
                difference=-pair.difference,
                interval=(-high, -low),
            )
    return None
