"""CSV and its relatives: text to a grid, rows that do not fit left out and named."""

from collections.abc import Iterator, Sequence
from itertools import islice

from playground import limits
from playground.data.dialect import (
    NO_DELIMITER,
    SAMPLE_ROWS,
    UNQUOTED,
    Dialect,
    lines_of,
    scan,
    sniff,
    width,
)
from playground.data.grid import Grid, check_width, left_out, over_the_cap
from playground.data.problem import listed

_NAMES = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "|": "a vertical bar"}


def read_delimited(text: str) -> Grid:
    """The rows of a text in whichever dialect it is written."""
    lines = lines_of(text)
    declared = _declared_delimiter(lines)
    dialect = Dialect(declared) if declared else sniff(lines)
    if declared:
        lines[0] = "\n"  # kept as a blank line: the others keep their numbers
    grid = _grid(lines, dialect)
    if dialect.delimiter == "\t" and dialect.quoted and _has_broken_quotes(grid):
        plain = _grid(lines, UNQUOTED)  # many TSV files write quotes as plain characters
        return plain if len(plain.rows) > len(grid.rows) else grid
    return grid


def _declared_delimiter(lines: Sequence[str]) -> str:
    """The delimiter of a first line "sep=;", which Excel writes and reads."""
    first = lines[0].rstrip("\r\n") if lines else ""
    return first[4:] if first.lower().startswith("sep=") and len(first) == 5 else ""


def _grid(lines: Sequence[str], dialect: Dialect) -> Grid:
    wide = width([row.cells for row in islice(scan(lines, dialect), SAMPLE_ROWS)])
    check_width(wide)
    grid, ragged, broken = Grid([], []), [], []
    for row in scan(lines, dialect):
        cells = _without_empty_end(row.cells, wide)
        # The header is one of the rows; as many may be left out before we give up.
        if len(grid.rows) > limits.ROWS or len(ragged) + len(broken) > limits.ROWS:
            grid.problems.append(over_the_cap(row.line))
            break
        if row.broken:
            broken.append((row.line, row.cells[0]))
        elif len(cells) != wide:
            ragged.append((row.line, cells))
        elif any(cell.strip() for cell in cells):
            grid.rows.append(list(cells))
            grid.lines.append(row.line)
    grid.problems.extend(_ragged(ragged, wide, dialect.delimiter))
    grid.problems.extend(_broken(broken))
    return grid


def _without_empty_end(cells: list[str], wide: int) -> list[str]:
    """The cells without empty ones beyond the width, which a trailing delimiter makes."""
    end = len(cells)
    while end > wide and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _ragged(places: Sequence[tuple[int, list[str]]], wide: int, delimiter: str) -> Iterator:
    name = _NAMES.get(delimiter, f"“{delimiter}”")
    counts = sorted({len(cells) for _, cells in places})
    reason = f"{listed(counts)} {'cell' if counts == [1] else 'cells'} where {wide} belong"
    way_out = (
        f"Put double quotes around a text that holds {name}, or mend the line."
        if delimiter != NO_DELIMITER and counts and counts[-1] > wide
        else f"Add what is missing, with {name} between the cells."
    )
    shown = "\t" if delimiter == "\t" else delimiter
    yield from left_out(
        "ragged row", reason, way_out, [(line, shown.join(cells)) for line, cells in places]
    )


def _broken(places: list[tuple[int, str]]) -> Iterator:
    yield from left_out(
        "unclosed quote",
        "a double quote opens here and does not close where the cell ends",
        'Close it, or write "" for a quote inside a quoted cell.',
        places,
    )


def _has_broken_quotes(grid: Grid) -> bool:
    return any(problem.kind == "unclosed quote" for problem in grid.problems)
