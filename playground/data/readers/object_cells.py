"""Cells that hold an object, or a list of them, as JSON or as Python prints it: opened."""

from collections.abc import Sequence

from playground.data.framing import Framed
from playground.data.readers.json_values import BROKEN, Noticed
from playground.data.readers.record_grid import grid_of_records
from playground.data.readers.record_list import RecordList

_TRIED = 20  # cells that tell most columns apart
_STARTS = ("{", "[{")


def with_objects(frame: Framed) -> Framed:
    """The table with what its objects hold, read as the same records in a JSON file are."""
    noticed = Noticed()
    opened = {
        i: values
        for i in range(len(frame.columns))
        if (values := _values([row[i] for row in frame.rows], noticed)) is not None
    }
    if not opened:
        return frame
    records = [
        {name: opened[i][n] if i in opened else row[i] for i, name in enumerate(frame.columns)}
        for n, row in enumerate(frame.rows)
    ]
    grid = grid_of_records(RecordList(records, frame.lines, frame.problems))
    return Framed(grid.header or (), grid.rows, grid.lines, grid.problems)


def _values(cells: Sequence[object], noticed: Noticed) -> list[object] | None:
    """The objects of a column all of whose filled cells are some; None for another one."""
    filled = [cell for cell in cells if cell not in (None, "")]
    if not filled or not all(map(_may_be, filled[:_TRIED])) or not all(map(_may_be, filled)):
        return None
    try:
        return [noticed.value(c, 1) if isinstance(c, str) and c else None for c in cells]
    except BROKEN:
        return None


def _may_be(cell: object) -> bool:
    return isinstance(cell, str) and cell.lstrip().startswith(_STARTS)
