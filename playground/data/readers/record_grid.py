"""Records, or lists of cells, that JSON held: one grid with all their columns."""

import json
from collections.abc import Iterator, Sequence

from playground.data.grid import Grid, check_width, left_out, most_rows, names_of, over_the_cap
from playground.data.problem import Problem, counted
from playground.data.readers.nested import Record
from playground.data.readers.record_list import RecordList
from playground.data.readers.record_shapes import plain


def grid_of_lists(rows: list[list[object]], lines: list[int], problems: list[Problem]) -> Grid:
    """Lists of cells, the first of which may name the columns."""
    wide = len(rows[0])
    check_width(wide)
    records = [record for row in rows if (record := _text_with_more(row))]
    if len(records) == len(rows):
        return grid_of_records(RecordList(records, lines, problems))
    good = [(row, line) for row, line in zip(rows, lines, strict=True) if len(row) == wide]
    ragged = [
        (line, json.dumps(row, ensure_ascii=False)[:200])
        for row, line in zip(rows, lines, strict=True)
        if len(row) != wide
    ]
    reason = f"not the {wide} cells that belong there"
    told = left_out("ragged row", reason, "Add what is missing.", ragged)
    kept = good[: most_rows(wide) + 1]
    return Grid([row for row, _ in kept], [line for _, line in kept], [*problems, *told])


def _text_with_more(row: Sequence[object]) -> Record | None:
    """["a text", {"cats": {…}}], as spaCy is trained; None for other cells."""
    text, more = row if len(row) == 2 else (None, None)
    return {"text": text, **more} if isinstance(text, str) and isinstance(more, dict) else None


def grid_of_cells(
    rows: list[list[object]], header: tuple[str, ...], problems: list[Problem]
) -> Grid:
    """Rows below a header; as records where cells are objects or lists of them."""
    lines = list(range(1, len(rows) + 1))
    if len(set(header)) < len(header) or not any(_holds_objects(row) for row in rows):
        return Grid(rows, lines, problems, header, "row")
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return grid_of_records(RecordList(records, lines, problems), "row")


def _holds_objects(row: Sequence[object]) -> bool:
    return any(
        isinstance(cell, dict) or (isinstance(cell, list) and isinstance(next(iter(cell), 0), dict))
        for cell in row
    )


def grid_of_records(found: RecordList, unit: str = "line") -> Grid:
    """All names of the records become columns."""
    found = plain(found)
    columns = tuple(dict.fromkeys(name for record in found.records for name in record))
    check_width(len(columns))
    most, problems = most_rows(len(columns)), found.problems
    if len(found.records) > most:
        problems = [*problems, over_the_cap(found.lines[most], f"{most:,} rows")]
    records, lines = found.records[:most], found.lines[:most]
    rows = [[record.get(column) for column in columns] for record in records]
    missing = _missing_keys(columns, records, lines)
    return Grid(rows, lines, [*problems, *missing], columns, unit)


def _missing_keys(
    columns: tuple[str, ...], records: Sequence[Record], lines: list[int]
) -> Iterator[Problem]:
    for column in columns:
        places = [n for n, record in zip(lines, records, strict=True) if column not in record]
        if places:
            yield Problem(
                "missing key",
                f"{counted(len(places), 'record')} {'has' if len(places) == 1 else 'have'} no"
                f" {names_of([column])}, first in line {places[0]}; the cell is empty.",
                "Nothing to do unless it is the text or the label.",
                "note",
                line=places[0],
                column=column,
                count=len(places),
            )
