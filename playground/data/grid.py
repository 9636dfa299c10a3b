"""Cells in rows, with the line each row begins at: what every format is first turned into."""

from dataclasses import dataclass, field

from playground import limits
from playground.data.problem import Problem, at_lines, counted, listed
from playground.errors import UserError


@dataclass(frozen=True)
class Grid:
    """header: the columns' names, where the format says them; else the first row may be it.

    unit: what the source calls a place, "line" or "row".
    """

    rows: list[list[object]]
    lines: list[int]
    problems: list[Problem] = field(default_factory=list)
    header: tuple[str, ...] | None = None
    unit: str = "line"


def over_the_cap(line: int, most: str = f"{limits.ROWS:,} rows") -> Problem:
    """Said when rows from `line` on were left out because there were more than `most`."""
    return Problem(
        "over the cap",
        f"There are more than {most}; the rows from line {line} on are left out.",
        "Shuffle the file first if it is sorted, or bring the rows you need.",
        "warning",
        line=line,
    )


def most_rows(columns: int) -> int:
    """How many rows a table of so many columns can have."""
    return min(limits.ROWS, limits.CELLS // max(1, columns))


def check_width(columns: int) -> None:
    """Raises UserError for more columns than a table can have."""
    if columns > limits.COLUMNS:
        raise UserError(
            f"The table has {columns:,} columns, {limits.COLUMNS} are possible. Keep the text and"
            " label columns and bring it again."
        )


def left_out(kind: str, reason: str, way_out: str, places: list[tuple[int, str]]) -> list[Problem]:
    """One problem for rows that could not be read; places: (line, its text) in order."""
    if not places:
        return []
    lines, (line, value) = [place for place, _ in places], places[0]
    count = counted(len(places), "row")
    message = f"{at_lines(lines)}: {reason} ({count} left out)."
    return [Problem(kind, message, way_out, "error", line, None, value[:200], len(places))]


def names_of(columns: list[str]) -> str:
    return listed([f"“{column}”" for column in columns])
