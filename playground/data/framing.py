"""A grid's columns by name: its header found, or given, and taken out of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.data.grid import Grid
from playground.data.headers import (
    has_header,
    named,
    repeated_header,
    rows_above_header,
    spelt,
    unnamed,
)
from playground.data.problem import Problem, counted
from playground.data.values import as_text

_LOOKED_AT = 501  # rows, the header among them
_UNSEEN = 20  # characters nobody sees that a name may have besides


@dataclass(frozen=True)
class Framed:
    """Rows without their header, each as wide as the names; problems: reading's and the names'."""

    columns: tuple[str, ...]
    rows: list[list[object]]
    lines: list[int]
    problems: list[Problem]


def framed(grid: Grid) -> Framed:
    """The grid with names for its columns; those with neither a name nor a value left out."""
    header, framed_grid = _framed(grid)
    kept = [i for i, cell in enumerate(header) if spelt(cell) or _has_values(framed_grid.rows, i)]
    left = len(header) - len(kept)
    if not left or not kept:
        return framed_grid
    columns = tuple(framed_grid.columns[i] for i in kept)
    rows = [[row[i] for i in kept] for row in framed_grid.rows]
    names = framed_grid.problems
    if grid.header is None:  # what was said of the names said of columns that are gone
        columns, names = named([header[i] for i in kept], grid.lines[0])
        names = [p for p in framed_grid.problems if p.kind != "column names"] + list(names)
    message = f"{counted(left, 'column')} with neither a name nor a value left out."
    note = Problem("empty columns", message, "Nothing to do.", "note", count=left)
    return Framed(columns, rows, framed_grid.lines, [*names, note])


def _framed(grid: Grid) -> tuple[Sequence[str], Framed]:
    """(the header's cells as they were, the grid below it)"""
    if grid.header is not None:
        names, problems = named(grid.header, None)
        return grid.header, Framed(names, grid.rows, grid.lines, [*grid.problems, *problems])
    cells = [[as_text(value) for value in row] for row in grid.rows[:_LOOKED_AT]]
    above = rows_above_header(cells)
    if above:
        left = Problem(
            "rows above the header",
            f"{counted(above, grid.unit)} above the one that names the columns left out.",
            "Nothing to do, unless they hold data.",
            "note",
            line=grid.lines[0],
            count=above,
        )
        grid = Grid(grid.rows[above:], grid.lines[above:], [*grid.problems, left], unit=grid.unit)
        cells = cells[above:]
    if not has_header(cells):
        names, problems = unnamed(len(cells[0]), grid.lines[0], grid.unit)
        return names, Framed(names, grid.rows, grid.lines, [*grid.problems, *problems])
    names, problems = named(cells[0], grid.lines[0])
    rows, lines, again = _below(grid, cells[0])
    found = [*grid.problems, *problems, *repeated_header(again)]
    return cells[0], Framed(names, rows, lines, found)


def _below(grid: Grid, header: Sequence[str]) -> tuple[list[list[object]], list[int], list[int]]:
    """(the rows below the header without copies of it, their lines, the lines of the copies)"""
    names = [spelt(cell).casefold() for cell in header]
    rows: list[list[object]] = []
    lines: list[int] = []
    again: list[int] = []
    for row, line in zip(grid.rows[1:], grid.lines[1:], strict=True):
        if _is(row, names):
            again.append(line)
        else:
            rows.append(row)
            lines.append(line)
    return rows, lines, again


def _is(row: Sequence[object], names: Sequence[str]) -> bool:
    """Whether a row holds the names again, however they are spelt there."""
    return all(
        isinstance(cell, str)
        and len(cell) <= len(name) + _UNSEEN
        and spelt(cell).casefold() == name
        for cell, name in zip(row, names, strict=True)
    )


def _has_values(rows: Sequence[Sequence[object]], i: int) -> bool:
    return any(as_text(row[i]) for row in rows)
