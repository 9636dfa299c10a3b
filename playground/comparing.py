"""Arms × held-out examples: what each arm answered, and what may be said about it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from playground import metrics
from playground.answers import DEFAULT_RULE, ArmAnswers, probabilities, values
from playground.data.splits import Example
from playground.verdict import sentence

ALARM_SHARE = 0.95  # an arm that gives one label to this share of the examples is called out


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


@dataclass(frozen=True)
class Row:
    """One held-out example: each arm's answer and its belief in every label, in label order."""

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
        found = _turned(self.pairs, a, b)
        if found is None:
            raise KeyError(f"{a!r} and {b!r} are not two arms of this comparison")
        return found

    def sentence(self) -> str:
        """The verdict in words: who wins, by how much, and whether that is settled."""
        return sentence(self)


def compare(
    examples: Sequence[Example],
    labels: Sequence[str],
    arms: Sequence[ArmAnswers],
    rule: str = DEFAULT_RULE,
) -> Comparison:
    """Every arm on the same examples under the same rule; nothing is asked anew.

    Raises ValueError when there are no examples, when an arm has not answered all of them, or
    when two arms have one name.
    """
    _check(examples, arms)
    place = {label: i for i, label in enumerate(labels)}
    truth = [place[example.label] for example in examples]
    beliefs = [_beliefs(arm, rule) for arm in arms]
    chosen = [[max(range(len(b)), key=b.__getitem__) for b in arm] for arm in beliefs]
    right = [[c == t for c, t in zip(answers, truth, strict=True)] for answers in chosen]
    pairs = _pairs([arm.name for arm in arms], right)
    tables = [metrics.confusion(truth, answers, len(labels)) for answers in chosen]
    majority = max(place, key=lambda label: truth.count(place[label]))
    rows = tuple(
        Row(
            example.row,
            example.label,
            tuple(labels[answers[i]] for answers in chosen),
            tuple(arm[i] for arm in beliefs),
        )
        for i, example in enumerate(examples)
    )
    return Comparison(
        labels=tuple(labels),
        rule=rule,
        arms=tuple(
            _arm(answers, labels, table, belief, pairs)
            for answers, table, belief in zip(
                arms, tables, zip(beliefs, right, strict=True), strict=True
            )
        ),
        rows=rows,
        pairs=pairs,
        majority_label=majority,
        majority_accuracy=truth.count(place[majority]) / len(truth),
        counts={
            arm.name: tuple(tuple(int(n) for n in line) for line in table)
            for arm, table in zip(arms, tables, strict=True)
        },
    )


def _check(examples: Sequence[Example], arms: Sequence[ArmAnswers]) -> None:
    if not examples:
        raise ValueError("there are no held-out examples to compare on")
    for arm in arms:
        if len(arm.scores) != len(examples):
            raise ValueError(f"{arm.name!r} answered {len(arm.scores)} of {len(examples)} examples")
    names = [arm.name for arm in arms]
    if len(set(names)) < len(names):
        raise ValueError(f"two arms have one name: {names}")


def _beliefs(arm: ArmAnswers, rule: str) -> list[tuple[float, ...]]:
    return [probabilities(values(scores, rule, arm.prior)) for scores in arm.scores]


def _pairs(names: Sequence[str], right: Sequence[Sequence[bool]]) -> tuple[Pair, ...]:
    found = []
    for a, b in combinations(range(len(names)), 2):
        fixed = sum(y and not x for x, y in zip(right[a], right[b], strict=True))
        broken = sum(x and not y for x, y in zip(right[a], right[b], strict=True))
        found.append(
            Pair(
                names[a],
                names[b],
                fixed,
                broken,
                metrics.mcnemar(fixed, broken),
                1.0,
                (fixed - broken) / len(right[a]),
                metrics.difference_interval(right[a], right[b]),
            )
        )
    corrected = metrics.holm([pair.p_value for pair in found])
    return tuple(
        dataclasses.replace(pair, p_holm=p) for pair, p in zip(found, corrected, strict=True)
    )


def _turned(pairs: Sequence[Pair], a: str, b: str) -> Pair | None:
    for pair in pairs:
        if (pair.a, pair.b) == (a, b):
            return pair
        if (pair.a, pair.b) == (b, a):
            low, high = pair.interval
            turned = {"fixed": pair.broken, "broken": pair.fixed, "interval": (-high, -low)}
            return dataclasses.replace(pair, a=a, b=b, difference=-pair.difference, **turned)
    return None


def _arm(
    answers: ArmAnswers,
    labels: Sequence[str],
    table: metrics.np.ndarray,
    judged: tuple[list[tuple[float, ...]], list[bool]],
    pairs: Sequence[Pair],
) -> Arm:
    beliefs, right = judged
    n, said = len(right), table.sum(axis=0)
    share = float(said.max() / n)
    zero = _turned(pairs, "zero-shot", answers.name)
    return Arm(
        **{name: getattr(answers, name) for name in _CARRIED},
        n=n,
        accuracy=sum(right) / n,
        interval=metrics.wilson(sum(right), n),
        macro_f1=metrics.macro_f1(table),
        calibration_error=metrics.calibration_error([max(b) for b in beliefs], right),
        majority_share=share,
        one_label=labels[int(said.argmax())] if share >= ALARM_SHARE else "",
        difference_to_zero_shot=zero.difference if zero else None,
        p_value_to_zero_shot=zero.p_value if zero else None,
    )


_CARRIED = tuple(
    {f.name for f in dataclasses.fields(Arm)} & {f.name for f in dataclasses.fields(ArmAnswers)}
)
