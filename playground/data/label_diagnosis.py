"""Troubles of the label column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground import limits
from playground.data.folding import folded
from playground.data.guessing import best_label
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.profile import is_number, profile

if TYPE_CHECKING:
    from playground.data.table import Table

UNBALANCED = 10  # times as many rows of the largest label as of the smallest
NUMERIC_SHARE = 0.5  # of the rows with numbers from which on the others are the odd ones


def too_many_labels(table: Table) -> Iterator[Problem]:
    """More labels than a task can have: nearly always the wrong column."""
    counts = table.label_counts
    if len(counts) <= limits.LABELS:
        return
    first = next(iter(counts))
    better = _better_column(table)
    yield Problem(
        "too many labels",
        f"The column {shown(_column(table))} has {counted(len(counts), 'different value')}, such as"
        f" {shown(first)}; a task can have {limits.LABELS} labels.",
        f"Choose {shown(better)} as label column."
        if better
        else "Choose a label column whose values repeat.",
        "error",
        line=_places(table)[first][0],
        column=table.label_column,
        value=first,
        count=len(table.rows),
    )


def missing_labels(table: Table) -> Iterator[Problem]:
    lines = _places(table)[""]
    if lines:
        yield Problem(
            "missing label",
            f"{at_lines(lines)}: the label column {shown(_column(table))} is empty.",
            "Fill the label in, or go on without these rows.",
            "error",
            line=lines[0],
            column=table.label_column,
            value="",
            count=len(lines),
        )


def one_label(table: Table) -> Iterator[Problem]:
    counts = table.label_counts
    if len(counts) > 1:
        return
    only = next(iter(counts), "")
    yield Problem(
        "only one label",
        f"Every row of {shown(_column(table))} is labelled {shown(only)}."
        if counts
        else f"The label column {shown(_column(table))} is empty in every row.",
        "Add rows with another label, or choose another label column.",
        "error",
        line=table.lines[0] if table.lines else None,
        column=table.label_column,
        value=only,
        count=len(table.rows),
    )


def one_row_labels(table: Table) -> Iterator[Problem]:
    """Labels with a single row: nothing is left to hold out."""
    lonely = [label for label, rows in table.label_counts.items() if rows == 1]
    if not lonely or len(table.label_counts) > limits.LABELS:
        return
    places = _places(table)
    line, label = min((places[label][0], label) for label in lonely)
    yield Problem(
        "one-row class",
        f"{_lonely(lonely)}, {shown(label)} in line {line}: it can be learnt from but not tested.",
        "Add rows with the label, merge it with another, or delete the row.",
        "warning",
        line=line,
        column=table.label_column,
        value=label,
        count=len(lonely),
    )


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
    places = _places(table)
    lines = sorted(line for label in odd for line in places[label])
    reason = (
        f"{listed([shown(t) for t in twins])} are the same number written differently"
        if twins
        else f"numbers ({listed(numbers)}) and words ({listed(others)}) are mixed"
    )
    yield Problem(
        "mixed types",
        f"In the label column {shown(_column(table))} {reason}; first in line {lines[0]}.",
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
    places = _places(table)
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


def unbalanced(table: Table) -> Iterator[Problem]:
    counts = {label: rows for label, rows in table.label_counts.items() if rows > 1}
    if len(counts) < 2 or len(table.label_counts) > limits.LABELS:
        return
    by_frequency = list(counts.items())
    (most, top), (least, bottom) = by_frequency[0], by_frequency[-1]
    if top >= UNBALANCED * bottom:
        yield Problem(
            "unbalanced labels",
            f"{shown(most)} has {counted(top, 'row')}, {shown(least)} has {counted(bottom, 'row')}:"
            " a high accuracy may only mean that the most frequent label is always given.",
            f"Look at macro-F1 too, or add rows labelled {shown(least)}.",
            "warning",
            column=table.label_column,
            value=least,
            count=bottom,
        )


def _column(table: Table) -> str:
    return table.label_column or ""


def _places(table: Table) -> dict[str, list[int]]:
    """The lines of every label, "" being none."""
    places = defaultdict(list)
    for row, line in zip(table.rows, table.lines, strict=True):
        places[row[_column(table)].strip()].append(line)
    return places


def _better_column(table: Table) -> str | None:
    taken = {*table.text_columns, table.label_column, table.split_column}
    left = [
        profile(table.columns, i, table.rows)
        for i, column in enumerate(table.columns)
        if column not in taken
    ]
    best = best_label(left)
    return best.column if best and 2 <= best.distinct <= limits.LABELS else None


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


def _lonely(names: list[str]) -> str:
    if len(names) == 1:
        return "One label has only one row"
    return f"{len(names)} labels ({listed(names)}) have only one row each"
