"""JSON in every common shape to a grid: lines, lists, documents; broken records left out."""

import json
import re
from collections.abc import Iterable, Iterator

from playground import limits
from playground.data.grid import Grid, check_width, left_out, most_rows, names_of, over_the_cap
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.readers.json_document import Chosen, chosen
from playground.data.readers.json_elements import (
    BROKEN,
    BROKEN_VALUE,
    COMMENT,
    Element,
    in_lines,
    in_pieces,
    lines_at,
)
from playground.data.readers.record_list import RecordList
from playground.data.readers.record_shapes import plain
from playground.errors import UserError

_LOOKED_AT = 200_000  # characters whose lines decide whether a text is JSON Lines
_LIST_OF_OBJECTS = re.compile(r":[ \t\r\n]*\[[ \t\r\n]*(?=\{)")
_REASONS = {
    "Python object": (
        "written in single quotes, as Python prints it, not as JSON",
        "Write it with json.dumps, which uses double quotes.",
    ),
    "broken JSON": (
        "not valid JSON",
        "Write one JSON object a line: double quotes around names and texts, no comma at the end.",
    ),
    "not an object": (
        "not a JSON object, so its columns have no names",
        'Write {"text": …, "label": …} with your own names.',
    ),
}


def looks_like_json(text: str) -> bool:
    """A list, an object, or lines of which most are objects or lists."""
    start = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n")
    inside = start[1:200].lstrip()[:1]
    if start.startswith(("#", "//")):
        return _in_lines(text)
    if start.startswith("["):
        return inside in ("{", "[", "]", "") or _is_list(text) or _in_lines(text)
    return start.startswith("{") and (_in_lines(text) or inside in ('"', "}"))


def read_records(text: str) -> Grid:
    """The rows of a text that looks like JSON. Raises UserError where nothing can be read."""
    try:
        value = json.loads(text)
    except BROKEN:  # at the second line, where every line is a value
        if _in_lines(text):
            return _grid_of_elements(in_lines(text))
        return _grid_of_pieces(text)
    if isinstance(value, dict | list) and value and (found := chosen(value)):
        return _grid_of_document(text, found)
    if isinstance(value, dict) and not any(isinstance(v, dict | list) for v in value.values()):
        return _grid(RecordList([value], [1]))
    what = f" It has {listed([shown(name) for name in value])}." if isinstance(value, dict) else ""
    raise UserError(
        f"The JSON document has no rows that can be read, no list of objects.{what}"
        ' Write a list such as [{"text": …, "label": …}, …], or one object a line.'
    )


def _grid_of_pieces(text: str) -> Grid:
    """What can be read of a text that is not sound as a whole."""
    start = len(text) - len(text.lstrip())
    grid = _grid_of_elements(in_pieces(text, start + text.startswith("[", start)))
    inside = None if grid.rows else _LIST_OF_OBJECTS.search(text)
    if inside:  # all in one line: its list can still be read up to where it is broken
        return _grid_of_elements(in_pieces(text, inside.end()))
    return grid


def _in_lines(text: str) -> bool:
    """Whether at least half of the first lines are whole objects or lists, each for itself."""
    lines = [line.strip("\ufeff \t\r,") for line in text[:_LOOKED_AT].splitlines()]
    filled = [line for line in lines if line and not line.startswith(("#", "//"))][:20]
    whole = [
        line for line in filled if (line[0], line[-1]) in (("{", "}"), ("[", "]")) and len(line) > 1
    ]
    alone = len(filled) > 1 and not filled[0].startswith(("[{", "[[")) and filled[0] != "["
    lists = all(line[0] == "[" for line in whole)
    return alone and 2 * len(whole) >= len(filled) and (not lists or all(map(_is_list, whole)))


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except BROKEN:
        return False


def _grid_of_elements(elements: Iterable[Element]) -> Grid:
    """The grid of values that stand one after another; what is no object left out and told."""
    found = RecordList([], [])
    rows: list[list[object]] = []
    reasons: dict[str, list[tuple[int, str]]] = {}
    cells = 0
    for line, value, source in elements:
        if max(len(found.lines), *map(len, reasons.values()), 0) >= limits.ROWS:
            found.problems.append(over_the_cap(line))
            break
        if isinstance(value, dict):
            found.records.append(value)
            found.lines.append(line)
            cells += len(value)
        elif isinstance(value, list) and not found.records and len(value) > 1:
            rows.append(value)
            found.lines.append(line)
            cells += len(value)
        else:
            reasons.setdefault(_reason(value, source), []).append((line, source))
        if cells > limits.CELLS:
            found.problems.append(over_the_cap(line + 1, f"{limits.CELLS:,} cells"))
            break
    found.problems.extend(_told(reasons))
    if rows and not found.records:
        return _grid_of_lists(rows, found.lines, found.problems)
    return _grid(RecordList(found.records, found.lines[len(rows) :], found.problems))


def _reason(value: object, source: str) -> str:
    if value is COMMENT:
        return "comment"
    if value is BROKEN_VALUE and source[1:].lstrip().startswith("'"):
        return "Python object"
    return "broken JSON" if value is BROKEN_VALUE else "not an object"


def _told(reasons: dict[str, list[tuple[int, str]]]) -> Iterator[Problem]:
    for kind, places in reasons.items():
        if kind in _REASONS:
            yield from left_out(kind, *_REASONS[kind], places)
        else:
            where = at_lines([line for line, _ in places])
            message = f"{where}: a comment ({counted(len(places), 'line')} left out)."
            line, value = places[0]
            way_out = "Nothing to do."
            yield Problem("comment", message, way_out, "note", line, None, value, len(places))


def _grid_of_document(text: str, found: Chosen) -> Grid:
    table = found.table
    lines = lines_at(text, found.path, table.size) if table.whole else [*range(1, table.size + 1)]
    if table.rows:
        return _grid_of_lists(table.rows, lines, found.problems)
    pairs = [(r, line) for r, line in zip(table.records, lines, strict=True) if r is not None]
    others = [line for r, line in zip(table.records, lines, strict=True) if r is None]
    problems = [*found.problems, *_told({"not an object": [(line, "") for line in others]})]
    records = RecordList([r for r, _ in pairs], [line for _, line in pairs], problems)
    return _grid(records, "line" if table.whole else "row")


def _grid_of_lists(rows: list[list[object]], lines: list[int], problems: list[Problem]) -> Grid:
    """Lists of cells, the first of which may name the columns."""
    wide = len(rows[0])
    check_width(wide)
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


def _grid(found: RecordList, unit: str = "line") -> Grid:
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
    columns: tuple[str, ...], records: list[dict[str, object]], lines: list[int]
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
