"""What is wrong with the chosen columns, each trouble with its place, count and way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from playground.data import (
    column_diagnosis,
    label_diagnosis,
    label_gaps,
    label_spelling,
    multi_label,
    text_diagnosis,
)
from playground.data.problem import Problem, listed

if TYPE_CHECKING:
    from playground.data.table import Table

CHECKS: tuple[Callable[[Table], Iterable[Problem]], ...] = (
    label_diagnosis.too_many_labels,
    label_diagnosis.missing_labels,
    multi_label.several_labels,
    label_diagnosis.one_label,
    label_diagnosis.one_row_labels,
    label_gaps.like_gaps,
    label_spelling.written_alike,
    label_spelling.mixed_types,
    label_spelling.spelling_variants,
    label_diagnosis.unbalanced,
    text_diagnosis.empty_texts,
    text_diagnosis.not_like_text,
    text_diagnosis.repeated_texts,
)
COLUMN_CHECKS: tuple[Callable[[Table], Iterable[Problem]], ...] = (  # whatever is chosen
    multi_label.separate_columns,
    column_diagnosis.left_columns,
)
_ORDER = ("error", "warning", "note")


def diagnose(table: Table) -> tuple[Problem, ...]:
    """Everything wrong with the table as it is chosen, the gravest first."""
    problems = list(_missing_roles(table))
    checks = COLUMN_CHECKS if problems else (*CHECKS, *COLUMN_CHECKS)
    problems += [problem for check in checks for problem in check(table)]
    return tuple(sorted(problems, key=lambda problem: _ORDER.index(problem.severity)))


def _missing_roles(table: Table) -> Iterable[Problem]:
    for role, there in (("text", table.text_columns), ("label", table.label_column)):
        if there:
            continue
        columns, way_out = listed(table.columns), f"Choose the {role} column."
        message = f"No column is chosen as the {role}; there are {columns}."
        if len(table.columns) == 1:
            message = f"There is only one column, {columns}, and none for the {role}."
            way_out = "Bring a file with a text column and a label column."
        yield Problem(f"no {role} column", message, way_out, "error", count=len(table.rows))
