"""Troubles of the label column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground import limits
from playground.data.label_guess import best_label
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.profile import profiles

if TYPE_CHECKING:
    from playground.data.table import Table

UNBALANCED = 10  # times as many rows of the largest label as of the smallest


def label_column(table: Table) -> str:
    """Its name, "" where none is chosen."""
    return table.label_column or ""


def lines_by_label(table: Table) -> dict[str, list[int]]:
    """The lines of every label, "" being none; cells with several labels left out."""
    places = defaultdict(list)
    for row, line in zip(table.rows, table.lines, strict=True):
        cell = row[label_column(table)].strip()
        if cell not in table.labels.several:
            places[table.labels.label(cell)].append(line)
    return places


def too_many_labels(table: Table) -> Iterator[Problem]:
    """More labels than a task can have: nearly always the wrong column."""
    counts = table.label_counts
    if len(counts) <= limits.LABELS:
        return
    first = next(iter(counts))
    better = _better_column(table)
    yield Problem(
        "too many labels",
        f"The column {shown(label_column(table))} has {counted(len(counts), 'different value')},"
        f" such as {shown(first)}; a task can have {limits.LABELS} labels.",
        f"Choose {shown(better)} as label column."
        if better
        else "Choose a label column whose values repeat.",
        "error",
        line=lines_by_label(table)[first][0],
        column=table.label_column,
        value=first,
        count=len(table.rows),
    )


def missing_labels(table: Table) -> Iterator[Problem]:
    lines = lines_by_label(table)[""]
    if lines:
        yield Problem(
            "missing label",
            f"{at_lines(lines)}: the label column {shown(label_column(table))} is empty.",
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
    only, column = next(iter(counts), ""), shown(label_column(table))
    nothing = "names several labels" if table.labels.several else "is empty"
    others = "" if counts.get(only) == len(table.rows) else " that has one label"
    yield Problem(
        "only one label",
        f"Every row of {column}{others} is labelled {shown(only)}."
        if counts
        else f"The label column {column} {nothing} in every row.",
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
    if not lonely or not 1 < len(table.label_counts) <= limits.LABELS:
        return
    places = lines_by_label(table)
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
            line=lines_by_label(table)[least][0],
            column=table.label_column,
            value=least,
            count=bottom,
        )


def _better_column(table: Table) -> str | None:
    taken = {table.label_column, table.split_column}
    looks = profiles([column for column in table.columns if column not in taken], table.rows)
    best = best_label(looks)
    return best.column if best and 2 <= best.distinct <= limits.LABELS else None


def _lonely(names: list[str]) -> str:
    if len(names) == 1:
        return "One label has only one row"
    return f"{len(names)} labels ({listed(names)}) have only one row each"
