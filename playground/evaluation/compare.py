"""Arms × held-out examples: what each arm answered, and what may be said about it."""

import dataclasses
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from playground import metrics
from playground.data.example import Example
from playground.evaluation.answers import DEFAULT_RULE, ArmAnswers, probabilities, values
from playground.evaluation.comparison import Arm, Comparison, Pair, Row, turned

ALARM_SHARE = 0.95  # an arm that gives one label to this share of the examples is called out


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
    truth = [list(labels).index(example.label) for example in examples]
    beliefs = [_beliefs(arm, rule) for arm in arms]
    chosen = [[max(range(len(b)), key=b.__getitem__) for b in arm] for arm in beliefs]
    right = [[c == t for c, t in zip(answers, truth, strict=True)] for answers in chosen]
    pairs = _pairs([arm.name for arm in arms], right)
    tables = [metrics.confusion(truth, answers, len(labels)) for answers in chosen]
    majority = max(range(len(labels)), key=truth.count)
    return Comparison(
        labels=tuple(labels),
        rule=rule,
        arms=tuple(
            _arm(answers, labels, table, judged, pairs)
            for answers, table, judged in zip(
                arms, tables, zip(beliefs, right, strict=True), strict=True
            )
        ),
        rows=_rows(examples, labels, chosen, beliefs),
        pairs=pairs,
        majority_label=labels[majority],
        majority_accuracy=truth.count(majority) / len(truth),
        counts={
            arm.name: tuple(tuple(int(n) for n in line) for line in table)
            for arm, table in zip(arms, tables, strict=True)
        },
    )


def _rows(
    examples: Sequence[Example],
    labels: Sequence[str],
    chosen: Sequence[Sequence[int]],
    beliefs: Sequence[Sequence[tuple[float, ...]]],
) -> tuple[Row, ...]:
    """Every example with what each arm chose and believed of it."""
    return tuple(
        Row(
            example.row,
            example.label,
            tuple(labels[answers[i]] for answers in chosen),
            tuple(arm[i] for arm in beliefs),
        )
        for i, example in enumerate(examples)
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


def _arm(
    answers: ArmAnswers,
    labels: Sequence[str],
    table: np.ndarray,
    judged: tuple[list[tuple[float, ...]], list[bool]],
    pairs: Sequence[Pair],
) -> Arm:
    beliefs, right = judged
    n, said = len(right), table.sum(axis=0)
    share = float(said.max() / n)
    zero = turned(pairs, "zero-shot", answers.name)
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
