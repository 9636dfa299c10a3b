"""Labels that may stand for no label: NA, null, -, the -1 of an unlabelled part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground import limits
from playground.data.label_diagnosis import label_column, lines_by_label
from playground.data.labels import label_key
from playground.data.names import words
from playground.data.problem import Problem, counted, shown

if TYPE_CHECKING:
    from playground.data.table import Table

_GAPS = words("na n/a #n/a nan null none nil - -- ? . unlabeled unlabelled <na>")


def like_gaps(table: Table) -> Iterator[Problem]:
    """What programs write where nothing is known, beside two labels or more."""
    counts = table.label_counts
    if not 2 < len(counts) <= limits.LABELS:
        return
    for label in counts:
        signs = label == "-" and "+" in counts
        if (label.casefold() in _GAPS and not signs) or (
            label_key(label) == "-1" and _are_classes(table, label)
        ):
            lines = lines_by_label(table)[label]
            yield Problem(
                "label like a gap",
                f"{shown(label)} ({counted(len(lines), 'row')}, first in line {lines[0]}) counts as"
                " a label of its own; some programs write it where there is none.",
                "Empty these cells if they have no label; nothing to do if it is one.",
                "note",
                line=lines[0],
                column=label_column(table),
                value=label,
                count=len(lines),
            )


def _are_classes(table: Table, gap: str) -> bool:
    """Whether the other labels are numbers of classes that stand in other parts than the gap."""
    others = {label_key(label) for label in table.label_counts if label != gap}
    split = table.split_column
    if not split or not all(label.isdecimal() for label in others):
        return False
    column, label = label_column(table), table.labels.label
    parts = {row[split] for row in table.rows if label(row[column]) == gap}
    return not any(row[split] in parts and label(row[column]) != gap for row in table.rows)
