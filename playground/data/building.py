"""A grid becomes a table: columns named, cells as text, what was cut or odd told."""

from collections.abc import Sequence
from typing import cast

from playground import limits
from playground.data.framing import framed
from playground.data.grid import Grid, check_width, most_rows, names_of, over_the_cap
from playground.data.list_cells import without_lists
from playground.data.problem import Problem, at_lines, counted, shown
from playground.data.readers.object_cells import with_objects
from playground.data.table import Table, assembled
from playground.data.values import as_text, is_nested
from playground.errors import UserError


def build(name: str, grid: Grid) -> Table:
    """The table of a grid. Raises UserError when it has no rows or too many columns."""
    if not grid.rows or not grid.rows[0]:
        raise UserError(f"{shown(name)} has no rows that can be read.{_first_reason(grid)}")
    check_width(len(grid.rows[0]))
    frame = with_objects(framed(grid))
    columns, rows, lines, problems = frame.columns, frame.rows, frame.lines, frame.problems
    if not rows:
        raise UserError(
            f"{shown(name)} has a header ({names_of(list(columns))}) but no rows."
            f"{_first_reason(grid)} Add rows below it."
        )
    most = most_rows(len(columns))
    if len(rows) > most:  # without a header row the grid may hold one more
        if not any(problem.kind == "over the cap" for problem in problems):
            problems.append(over_the_cap(lines[most], f"{most:,} rows"))
        rows, lines = rows[:most], lines[:most]
    problems += without_lists(columns, rows, lines)
    texts = _as_texts(rows)
    if len(texts) < len(rows):
        problems.append(over_the_cap(lines[len(texts)], f"{limits.TEXT_CHARACTERS:,} characters"))
        rows, lines = rows[: len(texts)], lines[: len(texts)]
    problems += _nested(columns, rows, lines)
    problems += _cut(columns, texts, lines)
    records = [dict(zip(columns, row, strict=True)) for row in texts]
    return assembled(name, columns, records, lines, problems)


def _as_texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """The rows as text, as many as the cap allows: small files can hold long texts many times."""
    texts: list[list[str]] = []
    size = 0
    for row in rows:
        cells = _plain_texts(row) or [as_text(value) for value in row]
        size += sum(map(len, cells))
        if size > limits.TEXT_CHARACTERS and texts:
            break
        texts.append(cells)
    return texts


def _plain_texts(row: Sequence[object]) -> list[str] | None:
    """The cells of a row of short plain texts, as most are: looked at together, which takes a
    third of the time. None for other rows."""
    texts = cast("Sequence[str]", row)
    try:
        whole = "".join(texts)  # tells whether they are texts
    except TypeError:  # a number, a list, nothing
        return None
    plain = whole.isascii() and len(whole) <= limits.CELL_CHARACTERS
    return None if not plain or "\r" in whole or "\0" in whole else [cell.strip() for cell in texts]


def _first_reason(grid: Grid) -> str:
    """Why nothing is left, when rows were left out."""
    told = [p for p in grid.problems if p.severity == "error" or p.kind == "over the cap"]
    first = next(iter(told), None)
    return f" {first.message} {first.way_out}" if first else ""


def _nested(
    columns: Sequence[str], rows: Sequence[Sequence[object]], lines: Sequence[int]
) -> list[Problem]:
    problems = []
    some = [n for n, row in enumerate(rows) if any(map(is_nested, row))]
    for i, column in enumerate(columns) if some else ():
        at = [n for n in some if is_nested(rows[n][i])]
        if at:
            problems.append(
                Problem(
                    "nested value",
                    f"{names_of([column])} holds lists or objects in {counted(len(at), 'row')},"
                    f" first in line {lines[at[0]]}; they are shown as JSON.",
                    "Nothing to do unless it is the text or the label.",
                    "note",
                    line=lines[at[0]],
                    column=column,
                    value=as_text(rows[at[0]][i])[:200],
                    count=len(at),
                )
            )
    return problems


def _cut(columns: Sequence[str], rows: Sequence[list[str]], lines: Sequence[int]) -> list[Problem]:
    """Cuts cells longer than a cell may be, in place, and tells where."""
    problems = []
    longest = limits.CELL_CHARACTERS
    long = [n for n, row in enumerate(rows) if max(map(len, row)) > longest]
    for i, column in enumerate(columns) if long else ():
        at = [n for n in long if len(rows[n][i]) > longest]
        for n in at:
            rows[n][i] = rows[n][i][:longest]
        if at:
            where = at_lines([lines[n] for n in at])
            problems.append(
                Problem(
                    "text cut",
                    f"{where}: the cell in {names_of([column])} is longer than"
                    f" {longest:,} characters; the rest is left out.",
                    "Models read far less than that; shorten the text if its end matters.",
                    "warning",
                    line=lines[at[0]],
                    column=column,
                    value=rows[at[0]][i][:200],
                    count=len(at),
                )
            )
    return problems
