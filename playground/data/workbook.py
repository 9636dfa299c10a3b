"""XLSX: the first sheet with data that people see, formulas as the values they last had."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from playground.data.grid import Grid, over_the_cap
from playground.data.kinds import refused
from playground.data.problem import Problem, counted, listed, shown
from playground.data.readers.part_names import part_of
from playground.data.readers.parts import joined
from playground.data.readers.sheet_cells import Cells, read_cells
from playground.data.readers.workbook_parts import Shared, SheetPlace, shared, sheets
from playground.errors import UserError

_DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, LookupError, EOFError, OSError,
            NotImplementedError, RuntimeError, OverflowError)  # fmt: skip


def read_workbook(raw: bytes) -> Grid:
    """The rows of the first visible sheet that has any, of all sheets where they are named train
    and test. Raises UserError for a damaged workbook, or one without data."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            found, since_1904 = sheets(book)
            return _chosen(book, found, since_1904)
    except _DAMAGED as error:
        raise refused("a damaged or protected Excel workbook") from error


def _chosen(book: zipfile.ZipFile, found: Sequence[SheetPlace], since_1904: bool) -> Grid:
    common = shared(book, since_1904)
    order = sorted(found, key=lambda sheet: sheet.hidden)  # those people see come first
    parts = [sheet for sheet in order if part_of(sheet.title) and not sheet.hidden]
    if len(parts) > 1:
        grids = [(sheet.title, _grid(book, sheet, common)) for sheet in parts]
        return joined([(title, grid) for title, grid in grids if grid.rows])
    reasons: list[Problem] = []
    for sheet in order:
        grid = _grid(book, sheet, common)
        if grid.rows:
            grid.problems.extend(_problems(sheet, found))
            return grid
        reasons += grid.problems
    why = f" {reasons[0].message} {reasons[0].way_out}" if reasons else ""
    raise UserError(
        f"The workbook has no sheet with data.{why or ' Fill one in and bring it again.'}"
    )


def _grid(book: zipfile.ZipFile, sheet: SheetPlace, common: Shared) -> Grid:
    with book.open(sheet.file) as file:
        cells = read_cells(file, common)
    rows = cells.rows
    wide = max((max(row) + 1 for _, row in rows), default=0)
    while len(rows) > 1 and wide > 1 and len(rows[0][1]) < 2:
        rows = rows[1:]  # one filled cell above a wider table is its title, not its header
    empty = min((min(row) for _, row in rows), default=0)  # columns left of the table
    columns = range(empty, wide)
    grid = Grid([], [], list(_troubles(cells)), unit="row")
    for number, row in rows:
        grid.rows.append([row.get(column) for column in columns])
        grid.lines.append(number)
    if cells.more:
        grid.problems.append(over_the_cap(cells.more))
    return grid


def _troubles(cells: Cells) -> Iterator[Problem]:
    if cells.unsolved:
        line = cells.unsolved[0][0]
        yield Problem(
            "formula without a value",
            f"{counted(len(cells.unsolved), 'cell')}, first in row {line}, hold a formula whose"
            " value is not stored in the file; they are empty here.",
            "Open the workbook in Excel or LibreOffice, save it, and bring it again.",
            "warning",
            line=line,
            count=len(cells.unsolved),
        )
    if cells.filled:
        yield Problem(
            "merged cells",
            f"{counted(cells.filled, 'cell')} below merged ones got the value that the merged area"
            " shows.",
            "Nothing to do, unless it was meant for the first row alone.",
            "note",
            count=cells.filled,
        )


def _problems(read: SheetPlace, found: Sequence[SheetPlace]) -> Iterator[Problem]:
    others = [sheet for sheet in found if sheet != read]
    if not others:
        return
    hidden = [shown(sheet.title) for sheet in others if sheet.hidden]
    aside = f" Hidden and left out: {listed(hidden)}." if hidden else ""
    which = "which is hidden, as no other has data" if read.hidden else "the first with data"
    yield Problem(
        "several sheets",
        f"The workbook has {len(found)} sheets; {shown(read.title)} is read, {which}.{aside}",
        "Move another sheet to the front to read that one.",
        "note",
        count=len(found),
    )
