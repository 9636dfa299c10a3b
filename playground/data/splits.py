"""Which rows are learnt from and which are held out: stratified, seeded, no text in both."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playground import limits
from playground.data.cleaning import Pools, pools
from playground.data.example import Example
from playground.data.problem import counted, listed
from playground.data.table import Table
from playground.data.task import Task
from playground.errors import UserError

__all__ = ["Example", "Split", "demonstrations", "split", "taking_turns", "validation_slice"]

LABELLED_SHARE = 0.7  # of each label's rows when all are asked for
VALIDATION_SHARE = 0.2
VALIDATED_FROM = 8  # rows of every label from which on some can be spared for validation


@dataclass(frozen=True)
class Split:
    """labelled: to learn from and to demonstrate with. held_out: only ever asked about.

    duplicates: rows that repeat a kept one. conflicts: rows whose text has several labels.
    left_out: rows without a text, without a label of the task, or of another part.
    note: what a person should know about it, "" when all went as asked.
    """

    labelled: tuple[Example, ...]
    held_out: tuple[Example, ...]
    duplicates: int
    conflicts: int
    left_out: int
    note: str


def split(table: Table, task: Task, labels_per_class: int | None, seed: int) -> Split:
    """Split a table for a task. labels_per_class: rows of each label to learn from, None: all.

    The rows for 8 per class are among those for 16, and held-out rows stay held out while they
    can. Raises UserError when nothing is left to learn from or to hold out.
    """
    if labels_per_class is not None and labels_per_class < 1:
        raise UserError(
            f"{labels_per_class} labels per class cannot be learnt from. Ask for 1 or more."
        )
    found = pools(table, task)
    by_label = _ordered(found.labelled, task.labels, seed)
    if found.held_out:
        taken = {label: _first(rows, labels_per_class) for label, rows in by_label.items()}
        rest = _ordered(found.held_out, task.labels, seed)
    else:
        sizes = {label: _share(len(rows), labels_per_class) for label, rows in by_label.items()}
        taken = {label: rows[: sizes[label]] for label, rows in by_label.items()}
        rest = {label: rows[sizes[label] :] for label, rows in by_label.items()}
    held_out = _capped(rest, limits.HELD_OUT)
    _check(found, taken, held_out)
    return Split(
        labelled=_by_line(row for rows in taken.values() for row in rows),
        held_out=held_out,
        duplicates=found.duplicates,
        conflicts=found.conflicts,
        left_out=found.left_out,
        note=" ".join(_notes(found, taken, rest, labels_per_class)),
    )


def validation_slice(
    labelled: Sequence[Example], seed: int
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """(train, validation): a fifth of every label, or none when some label has few rows."""
    by_label = _ordered(labelled, tuple(sorted({e.label for e in labelled})), seed)
    if not by_label or min(len(rows) for rows in by_label.values()) < VALIDATED_FROM:
        return tuple(labelled), ()
    sizes = {label: round(VALIDATION_SHARE * len(rows)) for label, rows in by_label.items()}
    train = _by_line(e for label, rows in by_label.items() for e in rows[sizes[label] :])
    validation = _by_line(e for label, rows in by_label.items() for e in rows[: sizes[label]])
    return train, validation


def demonstrations(labelled: Sequence[Example], shots: int, seed: int) -> tuple[Example, ...]:
    """`shots` examples in all, the labels taking turns, in a seeded order."""
    random_order = random.Random(f"demonstrations {seed}")
    chosen = _turns(labelled, random_order, seed)[: max(0, min(shots, limits.SHOTS))]
    random_order.shuffle(chosen)
    return tuple(chosen)


def taking_turns(labelled: Sequence[Example], seed: int = 0) -> tuple[Example, ...]:
    """All the examples, the labels taking turns: any first part of them is balanced."""
    return tuple(_turns(labelled, random.Random(f"turns {seed}"), seed))


def _turns(labelled: Sequence[Example], random_order: random.Random, seed: int) -> list[Example]:
    labels = sorted({example.label for example in labelled})
    random_order.shuffle(labels)
    decks = list(_ordered(labelled, labels, seed).values())
    longest = max(map(len, decks), default=0)
    return [deck[i] for i in range(longest) for deck in decks if i < len(deck)]


def _ordered(
    examples: Iterable[Example], labels: Sequence[str], seed: int
) -> dict[str, list[Example]]:
    """Each label's examples in an order that depends on the seed and the label alone."""
    by_label: dict[str, list[Example]] = {label: [] for label in labels}
    for example in sorted(examples, key=lambda e: e.line):
        by_label[example.label].append(example)
    for label, rows in by_label.items():
        random.Random(f"{seed} {label}").shuffle(rows)
    return {label: rows for label, rows in by_label.items() if rows}


def _share(rows: int, labels_per_class: int | None) -> int:
    """Rows to learn from, leaving one to hold out where there are two."""
    wanted = round(LABELLED_SHARE * rows) if labels_per_class is None else labels_per_class
    return max(1, min(wanted, rows - 1))


def _first(rows: list[Example], labels_per_class: int | None) -> list[Example]:
    return rows if labels_per_class is None else rows[:labels_per_class]


def _capped(by_label: dict[str, list[Example]], most: int) -> tuple[Example, ...]:
    """At most `most` rows, each label in its proportion, taken from the end of its order
    so that they are the same however many are learnt from."""
    total = sum(map(len, by_label.values()))
    if total <= most:
        return _by_line(row for rows in by_label.values() for row in rows)
    exact = {label: len(rows) * most / total for label, rows in by_label.items()}
    sizes = {label: max(1, int(size)) for label, size in exact.items()}
    for label in sorted(exact, key=lambda name: int(exact[name]) - exact[name]):
        sizes[label] += sum(sizes.values()) < most
    return _by_line(row for label, rows in by_label.items() for row in rows[-sizes[label] :])


def _by_line(examples: Iterable[Example]) -> tuple[Example, ...]:
    return tuple(sorted(examples, key=lambda example: example.line))


def _check(found: Pools, taken: dict[str, list[Example]], held_out: tuple[Example, ...]) -> None:
    if len(taken) < 2:
        raise UserError(
            f"Only {counted(len(taken), 'label')} of the task can be learnt from"
            f" ({counted(found.left_out, 'row')} left out, {found.conflicts} with conflicting"
            " labels). Choose other columns, or add rows."
        )
    if not held_out:
        raise UserError(
            f"Nothing is left to hold out: each of the {len(taken)} labels has one row."
            " Add rows, so that the answers can be checked on texts never seen."
        )


def _notes(
    found: Pools,
    taken: dict[str, list[Example]],
    rest: dict[str, list[Example]],
    labels_per_class: int | None,
) -> Iterable[str]:
    if found.note:
        yield found.note
    short = [
        f"{label} ({len(rows)})"
        for label, rows in taken.items()
        if len(rows) < (labels_per_class or 0)
    ]
    if short:
        yield f"Fewer than {labels_per_class} rows to learn from: {listed(short)}."
    if untested := [label for label in taken if not rest.get(label)]:
        yield f"No row is held out for {listed(untested)}."
    if unseen := [label for label in rest if label not in taken]:
        yield f"No row to learn from for {listed(unseen)}."
    if absent := [label for label in found.labels if label not in taken and label not in rest]:
        yield f"No row has the label {listed(absent)}."
    total = sum(map(len, rest.values()))
    if total > limits.HELD_OUT:
        yield f"{limits.HELD_OUT:,} of {total:,} held-out rows are used, each label in proportion."
