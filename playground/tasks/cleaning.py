"""Which rows of a table can be used for a task, each text once, and in which part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.data.example import Example
from playground.data.folding import composed, is_blank
from playground.data.labels import label_key, read_labels
from playground.data.names import TO_HELD_OUT, TO_LABELLED, key
from playground.data.problem import shown
from playground.data.table import Table
from playground.tasks.classification import Task
from playground.tasks.template import fill

_LABELLED, _HELD_OUT = "labelled", "held-out"


@dataclass(frozen=True)
class Pools:
    """Usable examples, no text twice. held_out is empty where no column names the split."""

    labelled: tuple[Example, ...]
    held_out: tuple[Example, ...]
    duplicates: int
    conflicts: int
    left_out: int
    labels: tuple[str, ...]
    note: str


def pools(table: Table, task: Task) -> Pools:
    """The usable rows by part. Raises UserError if the template names an unknown column."""
    if table.rows:
        fill(task.template, table.rows[0])
    labels = _labels(table, task)
    columns = task.text_columns
    usable = [i for i in labels if not any(is_blank(table.rows[i][c]) for c in columns)]
    parts, note = _parts(table, usable)
    inside = [i for i in usable if parts[i]]
    kept, duplicates, conflicts = _once(
        table, labels, columns, sorted(inside, key=lambda i: parts[i] == _LABELLED)
    )
    examples = {
        part: tuple(_example(table, labels, columns, i) for i in sorted(kept) if parts[i] == part)
        for part in (_LABELLED, _HELD_OUT)
    }
    return Pools(
        labelled=examples[_LABELLED],
        held_out=examples[_HELD_OUT],
        duplicates=duplicates,
        conflicts=conflicts,
        left_out=len(table.rows) - len(inside),
        labels=task.labels,
        note=note,
    )


def _labels(table: Table, task: Task) -> dict[int, str]:
    """The task's label of every row that has one: as it is written, or as it looks."""
    cells = [row.get(task.label_column, "").strip() for row in table.rows]
    read = read_labels(cells)
    looks: dict[str, str] = {}
    for label in task.labels:
        looks.setdefault(label_key(label), label)
    label_of = {
        cell: cell if cell in task.label_words else looks.get(label_key(label))
        for cell, label in read.of.items()
        if cell in task.label_words or label
    }
    found = ((i, label_of.get(cell)) for i, cell in enumerate(cells))
    return {i: label for i, label in found if label is not None}


def _parts(table: Table, usable: Sequence[int]) -> tuple[dict[int, str], str]:
    """The part of each row ("" for neither), and a note when the split column is no help."""
    column = table.split_column
    if column is None:
        return dict.fromkeys(usable, _LABELLED), ""
    parts = {i: _part(table.rows[i][column]) for i in usable}
    there = {part for part in parts.values() if part}
    if there == {_LABELLED, _HELD_OUT}:
        return parts, ""
    which = f"only {there.pop()} rows" if there else "no part we know, such as train or test"
    note = f"The split column {shown(column)} names {which}, so the rows are split by chance."
    return dict.fromkeys(usable, _LABELLED), note


def _part(value: str) -> str:
    name = key(value)
    return _LABELLED if name in TO_LABELLED else _HELD_OUT if name in TO_HELD_OUT else ""


def _once(
    table: Table, labels: Mapping[int, str], columns: Sequence[str], order: Sequence[int]
) -> tuple[list[int], int, int]:
    """(rows kept, duplicates, conflicts). Of equal texts the first in `order` stays; of equal
    texts with different labels none does."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in order:
        alike[tuple(composed(table.rows[i][column]) for column in columns)].append(i)
    kept, duplicates, conflicts = [], 0, 0
    for group in alike.values():
        if len({labels[i] for i in group}) > 1:
            conflicts += len(group)
        else:
            kept.append(group[0])
            duplicates += len(group) - 1
    return kept, duplicates, conflicts


def _example(table: Table, labels: Mapping[int, str], columns: Sequence[str], i: int) -> Example:
    texts = {column: table.rows[i][column] for column in columns}
    return Example(texts, labels[i], table.lines[i])
