"""One label written in several ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground import limits
from playground.data.folding import folded
from playground.data.label_diagnosis import label_column, places_of
from playground.data.problem import Problem, listed, shown
from playground.data.profile import is_number

if TYPE_CHECKING:
    from playground.data.table import Table

NUMERIC_SHARE = 0.5  # of the rows with numbers from which on the others are the odd ones


def mixed_types(table: Table) -> Iterator[Problem]:
    """ "1", "1.0" and "one" in one column: the same label written as a number and otherwise."""
    counts = table.label_counts
    if len(counts) > limits.LABELS:
        return
    numbers = [label for label in counts if is_number(label)]
    others = [label for label in counts if not is_number(label)]
    values = defaultdict(list)
    for label in numbers:
        values[_as_number(label)].append(label)
    twins = next((labels for labels in values.values() if len(labels) > 1), None)
    if twins is None and not (numbers and others):
        return
    odd = _odd_ones(table, numbers, others) if twins is None else twins[1:]
    places = places_of(table)
    lines = sorted(line for label in odd for line in places[label])
    reason = (
        f"{listed([shown(t) for t in twins])} are the same number written differently"
        if twins
        else f"numbers ({listed(numbers)}) and words ({listed(others)}) are mixed"
    )
    yield Problem(
        "mixed types",
        f"In the label column {shown(label_column(table))} {reason}; first in line {lines[0]}.",
        "Write every label the same way, or give each its own label word if that is meant.",
        "warning",
        line=lines[0],
        column=table.label_column,
        value=odd[0],
        count=len(lines),
    )


def spelling_variants(table: Table) -> Iterator[Problem]:
    """Labels that differ in case, blanks or punctuation only."""
    if len(table.label_counts) > limits.LABELS:
        return
    alike = defaultdict(list)
    for label in table.label_counts:
        alike[label if is_number(label) else folded(label)].append(label)
    groups = [labels for labels in alike.values() if len(labels) > 1]
    if not groups:
        return
    rare = [label for labels in groups for label in labels[1:]]
    places = places_of(table)
    lines = sorted(line for label in rare for line in places[label])
    yield Problem(
        "label spelt in several ways",
        f"{listed([shown(label) for label in groups[0]])} differ only in case, blanks or"
        f" punctuation; {shown(groups[0][1])} first in line {places[groups[0][1]][0]}.",
        f"Write all of them {shown(groups[0][0])}, or they count as different labels.",
        "warning",
        line=lines[0],
        column=table.label_column,
        value=groups[0][1],
        count=len(lines),
    )


def _odd_ones(table: Table, numbers: list[str], others: list[str]) -> list[str]:
    """The labels of the rarer type."""
    rows = sum(table.label_counts[label] for label in numbers)
    mostly_numbers = rows > NUMERIC_SHARE * sum(table.label_counts.values())
    return others if mostly_numbers else numbers


def _as_number(label: str) -> float | str:
    try:
        return float(label)
    except ValueError:  # "1,5" or "20 %": a number to a reader, compared as text
        return label
