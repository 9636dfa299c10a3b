"""Whether the first row names the columns, and names that can be used as they are."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from playground.data.names import ID_NAMES, LABEL_NAMES, SPLIT_NAMES, TEXT_NAMES, key
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.profile import is_date, is_number

SAMPLE_ROWS = 500
NAME_CHARACTERS = 100  # of a column name
MARK = "\ufeff"  # what some programs write before the first character of a file
_KNOWN = LABEL_NAMES | TEXT_NAMES | ID_NAMES | SPLIT_NAMES
_PREAMBLE = 10  # rows among which a header is looked for
_FEW = 20  # different values a column of categories has at most in the sample


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the others' columns: every cell has a say."""
    first, rest = rows[0], rows[1 : SAMPLE_ROWS + 1]
    if [cell.strip() for cell in first if cell.strip()] == []:
        return False
    if _counts_up(first):
        return True
    if any(key(cell) in _KNOWN for cell in first):  # joined files repeat their header
        rest = [row for row in rest if row != first]
    columns = [[row[i].strip() for row in rest] for i in range(len(first))]
    if len(first) == 1 and key(first[0]) not in _KNOWN:
        return _is_title_of(first[0], columns[0])
    return sum(_vote(cell.strip(), column) for cell, column in zip(first, columns, strict=True)) > 0


def rows_above_header(rows: Sequence[Sequence[str]]) -> int:
    """How many rows stand above the one that names both a text and a label; 0 where none of the
    first does, or where the first one names some of its own."""
    for i, row in enumerate(rows[:_PREAMBLE]):
        keys = {key(cell) for cell in row if len(cell) <= NAME_CHARACTERS}
        if keys & LABEL_NAMES and keys & TEXT_NAMES:
            return i
        if keys & _KNOWN:
            return 0
    return 0


def spelt(name: str) -> str:
    """A name without what nobody sees: marks, zero-width characters, blanks at its ends."""
    plain = unicodedata.normalize("NFC", name)
    seen = (c for c in plain if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return " ".join("".join(seen).split())


def repeated_header(lines: Sequence[int]) -> list[Problem]:
    """Said when the header stood again inside the table, which joined files leave."""
    if not lines:
        return []
    message = (
        f"{at_lines(lines)}: the header again, as joined files have it"
        f" ({counted(len(lines), 'row')} left out)."
    )
    way_out = "Nothing to do, unless it was meant as a row."
    return [Problem("repeated header", message, way_out, "note", lines[0], count=len(lines))]


def named(cells: Sequence[str], line: int | None) -> tuple[tuple[str, ...], list[Problem]]:
    """Column names that are stripped, not empty and all different, and what was mended."""
    names: list[str] = []
    mended: list[str] = []
    for position, cell in enumerate(cells, 1):
        wanted = spelt(cell)[:NAME_CHARACTERS].strip()
        name = _free(wanted or f"column_{position}", names)
        if name != wanted:
            mended.append(
                f"column {position} ({shown(cell) if wanted else 'empty'}) as {shown(name)}"
            )
        names.append(name)
    if not mended:
        return tuple(names), []
    message = f"Column names that were empty, too long or there twice: {listed(mended)}."
    note = Problem("column names", message, "Rename them in the file if you like.", "note", line)
    return tuple(names), [note]


def unnamed(columns: int, line: int, unit: str) -> tuple[tuple[str, ...], list[Problem]]:
    """Names for a table without a header row."""
    names = tuple(f"column_{position}" for position in range(1, columns + 1))
    note = Problem(
        "no header",
        f"The first {unit} looks like data, so the columns are named {listed(names)}.",
        f"Put a first {unit} with the columns' names into the file if you like.",
        "note",
        line=line,
    )
    return names, [note]


def _is_title_of(cell: str, column: Sequence[str]) -> bool:
    """Whether the first of many lines is their title: one word above sentences."""
    words = [len(value.split()) for value in column if value]
    return len(cell.split()) == 1 and cell not in column and sum(words) >= 3 * len(words) > 0


def _free(name: str, taken: Sequence[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _counts_up(cells: Sequence[str]) -> bool:
    """0, 1, 2, …: what a table library writes over columns that have no names."""
    numbers = [cell.strip() for cell in cells]
    numbers = numbers[1:] if numbers[:1] == [""] else numbers
    return len(numbers) > 1 and numbers == [str(i) for i in range(len(numbers))]


def _vote(cell: str, column: Sequence[str]) -> int:
    """Above 0: the cell is the column's name. Below: it is one of its values."""
    values = Counter(value for value in column if value)
    numbers = sum(n for value, n in values.items() if is_number(value) or is_date(value))
    if key(cell) in _KNOWN:
        return 4 if cell not in values else -3
    if cell in values or is_number(cell) or is_date(cell):
        return -3
    if values and numbers == values.total():
        return 3
    if cell and len(values) <= min(_FEW, values.total() / 2):
        return 1
    if len(cell) > 60 or (cell.endswith((".", "!", "…", '"')) and len(cell.split()) > 1):
        return -2
    return 1 if cell and len(cell.split()) <= 4 else 0
