"""The train and held-out split of a table: stratified by label, seeded, no text in both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playground import limits
from playground.data.example import Example
from playground.data.near_copies import ByLabel, apart_from, families, side_by_side
from playground.data.problem import counted, listed
from playground.data.table import Table
from playground.data.turns import demonstrations, ordered, taking_turns
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.cleaning import Pools, pools

__all__ = ["Example", "Split", "demonstrations", "split", "taking_turns", "validation_slice"]

LABELLED_SHARE = 0.7  # of each label's rows when all are asked for
VALIDATION_SHARE = 0.2
VALIDATED_FROM = 8  # rows of every label from which on some can be spared for validation


@dataclass(frozen=True)
class Split:
    """labelled: the training examples, which demonstrations are drawn from too. held_out: only
    ever tested on.

    duplicates: rows that repeat a kept one. conflicts: rows whose text has several labels.
    left_out: rows without a text, without a label of the task, or of another part.
    near_copies: near-duplicates set aside: rows that differ from one of the other side only in
    case, punctuation or blanks. note: what a person should know, "" when all went as asked.
    """

    labelled: tuple[Example, ...]
    held_out: tuple[Example, ...]
    duplicates: int
    conflicts: int
    left_out: int
    note: str
    near_copies: int = 0


def split(table: Table, task: Task, labels_per_class: int | None, seed: int) -> Split:
    """Split a table for a task. labels_per_class: training rows of each label, None: all.

    The rows for 8 per class are among those for 16, and held-out rows stay held out while they
    can. Raises UserError when nothing is left to train on or to hold out.
    """
    if labels_per_class is not None and labels_per_class < 1:
        raise UserError(
            f"{labels_per_class} labels per class cannot be learnt from. Ask for 1 or more."
        )
    found = pools(table, task)
    parts = _divided(found, labels_per_class, seed)
    held_out = _capped(parts.rest, limits.HELD_OUT)
    _check(found, parts, held_out)
    return Split(
        labelled=_by_line(row for rows in parts.taken.values() for row in rows),
        held_out=held_out,
        duplicates=found.duplicates,
        conflicts=found.conflicts,
        left_out=found.left_out,
        note=" ".join(_notes(found, parts, labels_per_class)),
        near_copies=parts.near_copies,
    )


@dataclass(frozen=True)
class _Parts:
    """taken: the training rows. rest: what may be held out, before the cap."""

    taken: ByLabel
    rest: ByLabel
    near_copies: int


def _divided(found: Pools, labels_per_class: int | None, seed: int) -> _Parts:
    """The rows of each label on both sides. Where the table names its own parts, a near-copy of a
    held-out row is not trained on; else one of a training row is not held out."""
    alike = families((*found.labelled, *found.held_out))
    by_label = ordered(found.labelled, found.labels, seed)
    if found.held_out:
        usable = apart_from(by_label, found.held_out, alike)
        taken = {label: _first(rows, labels_per_class) for label, rows in usable.items()}
        rest = ordered(found.held_out, found.labels, seed)
        return _Parts(taken, rest, _rows(by_label) - _rows(usable))
    by_label = side_by_side(by_label, alike, share=labels_per_class is None)
    sizes = {label: _share(len(rows), labels_per_class) for label, rows in by_label.items()}
    taken = {label: rows[: sizes[label]] for label, rows in by_label.items()}
    rest = {label: rows[sizes[label] :] for label, rows in by_label.items()}
    kept = apart_from(rest, (row for rows in taken.values() for row in rows), alike)
    return _Parts(taken, kept, _rows(rest) - _rows(kept))


def _rows(by_label: ByLabel) -> int:
    return sum(map(len, by_label.values()))


def validation_slice(
    labelled: Sequence[Example], seed: int
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """(train, validation): a fifth of every label, or none when some label has few rows;
    near-duplicates stay together, in train."""
    by_label = ordered(labelled, tuple(sorted({e.label for e in labelled})), seed)
    if not by_label or min(len(rows) for rows in by_label.values()) < VALIDATED_FROM:
        return tuple(labelled), ()
    alike = families(labelled)
    by_label = side_by_side(by_label, alike, share=True)
    sizes = {label: round(VALIDATION_SHARE * len(rows)) for label, rows in by_label.items()}
    drawn = {label: rows[: sizes[label]] for label, rows in by_label.items()}
    left = [e for label, rows in by_label.items() for e in rows[sizes[label] :]]
    validation = _by_line(e for rows in apart_from(drawn, left, alike).values() for e in rows)
    apart = set(map(id, validation))
    return _by_line(e for e in labelled if id(e) not in apart), validation


def _share(rows: int, labels_per_class: int | None) -> int:
    """Training rows of a label, leaving one to hold out where there are two."""
    wanted = round(LABELLED_SHARE * rows) if labels_per_class is None else labels_per_class
    return max(1, min(wanted, rows - 1))


def _first(rows: list[Example], labels_per_class: int | None) -> list[Example]:
    return rows if labels_per_class is None else rows[:labels_per_class]


def _capped(by_label: ByLabel, most: int) -> tuple[Example, ...]:
    """At most `most` rows, each label in its proportion, taken from the end of its order
    so that they are the same however many are trained on."""
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


def _check(found: Pools, parts: _Parts, held_out: tuple[Example, ...]) -> None:
    if len(parts.taken) < 2:
        raise UserError(
            f"Only {counted(len(parts.taken), 'label')} of the task can be learnt from"
            f" ({counted(found.left_out, 'row')} left out, {found.conflicts} with conflicting"
            f" labels, {found.duplicates + parts.near_copies} that repeat another text). Choose"
            " other columns, or add rows."
        )
    if not held_out and parts.near_copies:
        raise UserError(
            f"Nothing is left to hold out: {counted(parts.near_copies, 'row')} differ from those to"
            " learn from only in case, punctuation or blanks. Add rows with other texts."
        )
    if not held_out:
        raise UserError(
            f"Nothing is left to hold out: each of the {len(parts.taken)} labels has one row."
            " Add rows, so that the answers can be checked on texts never seen."
        )


def _notes(found: Pools, parts: _Parts, labels_per_class: int | None) -> Iterable[str]:
    taken, rest = parts.taken, parts.rest
    if found.note:
        yield found.note
    if parts.near_copies:
        yield (
            f"{counted(parts.near_copies, 'row')} set aside as near-copies: they differ from"
            f" {'held-out texts' if found.held_out else 'texts to learn from'} only in case,"
            " punctuation or blanks."
        )
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
    total = _rows(rest)
    if total > limits.HELD_OUT:
        yield f"{limits.HELD_OUT:,} of {total:,} held-out rows are used, each label in proportion."
