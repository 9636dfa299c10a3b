"""Rows that have several labels: named, as a task here has one label a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground.data.one_hot import is_yes_or_no, separate_labels
from playground.data.problem import Problem, counted, listed, shown

if TYPE_CHECKING:
    from playground.data.table import Table


def several_labels(table: Table) -> Iterator[Problem]:
    """Cells of the label column that are lists of labels."""
    column = table.label_column or ""
    places = [
        (line, row[column].strip())
        for row, line in zip(table.rows, table.lines, strict=True)
        if row[column].strip() in table.labels.several
    ]
    if not places:
        return
    line, cell = places[0]
    yield Problem(
        "several labels",
        f"{counted(len(places), 'row')} of {len(table.rows):,} name several labels in the column"
        f" {shown(column)}, such as {shown(cell)} in line {line}: this is multi-label data, and a"
        " task has one label a row.",
        f"Only the rows with one label are used. Keep one label in every row of {shown(column)}, or"
        " choose another label column.",
        "error",
        line=line,
        column=column,
        value=cell,
        count=len(places),
    )


def separate_columns(table: Table) -> Iterator[Problem]:
    """A column for each label, of which a row may have several."""
    chosen = table.label_column
    if chosen and not is_yes_or_no(chosen, table.rows):
        return
    hot = separate_labels(table.columns, table.rows)
    if hot is None or (chosen and chosen not in hot.columns):
        return
    many = "This is multi-label data, and a task has one label a row."
    asked = f"Only {shown(chosen)} is asked about. Choose" if chosen else "Choose"
    yield Problem(
        "several labels",
        f"The columns {listed([shown(column) for column in hot.columns])} are a label each, with"
        f" yes or no: {counted(hot.several, 'row')} of {len(table.rows):,} have several of them,"
        f" {hot.none:,} none. {many if hot.several else 'A task has one label in every row.'}",
        f"{asked} {'another' if chosen else 'one'} of them as the label, or bring a column with one"
        " label in every row.",
        "warning" if chosen else "error",
        column=chosen or hot.columns[0],
        count=hot.several,
    )
