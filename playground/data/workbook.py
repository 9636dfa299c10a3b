"""XLSX: the first sheet with data, formulas as the values they last had."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from itertools import islice

from playground import limits
from playground.data.grid import Grid, over_the_cap
from playground.data.kinds import refused
from playground.data.problem import Problem, shown
from playground.errors import UserError

# Whatever a damaged workbook makes the library stumble over; xml's ParseError is a SyntaxError.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, ValueError, LookupError, TypeError,
    AttributeError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError,
    AssertionError, MemoryError,
)  # fmt: skip
_SHEET_ROWS = 1_048_576  # rows a sheet can have, blank ones included


def read_workbook(raw: bytes) -> Grid:
    """The rows of the first sheet that has any. Raises UserError for a damaged workbook."""
    # Imported here: it takes a fifth of a second that only workbooks need.
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
        grids = ((sheet.title, _grid(_rows(sheet))) for sheet in sheets)
        found = next(((title, grid) for title, grid in grids if grid.rows), None)
    except _DAMAGED as error:
        raise refused("a damaged or protected Excel workbook") from error
    if found is None:
        raise UserError("The workbook has no sheet with data. Fill one in and bring it again.")
    title, grid = found
    if len(sheets) > 1:
        note = (
            f"The workbook has {len(sheets)} sheets; {shown(title)} is read, the first with data."
        )
        way_out = "Move another sheet to the front to read that one."
        grid.problems.append(Problem("several sheets", note, way_out, "note"))
    return grid


def _rows(sheet: object) -> Iterable[tuple[object, ...]]:
    sheet.reset_dimensions()  # what the file says about its size is often wrong
    return sheet.iter_rows(max_row=_SHEET_ROWS, max_col=limits.COLUMNS + 1, values_only=True)


def _grid(rows: Iterable[tuple[object, ...]]) -> Grid:
    filled = [
        (number, row)
        for number, row in islice(
            ((n, _trimmed(row)) for n, row in enumerate(rows, 1)), _SHEET_ROWS
        )
        if row
    ][: limits.ROWS + 2]
    wide = max((len(row) for _, row in filled), default=0)
    while len(filled) > 1 and wide > 1 and _is_title(filled[0][1]):
        filled = filled[1:]
    grid = Grid([], [], unit="row")
    for number, row in filled[: limits.ROWS + 1]:
        grid.rows.append([*row, *[None] * (wide - len(row))])
        grid.lines.append(number)
    if len(filled) > limits.ROWS + 1:
        grid.problems.append(over_the_cap(filled[-1][0]))
    return grid


def _trimmed(row: tuple[object, ...]) -> tuple[object, ...]:
    """The row without empty cells at its end."""
    end = len(row)
    while end and (row[end - 1] is None or str(row[end - 1]).strip() == ""):
        end -= 1
    return row[:end]


def _is_title(row: tuple[object, ...]) -> bool:
    """One filled cell above a wider table is its title, not its header."""
    return sum(value is not None for value in row) < 2
