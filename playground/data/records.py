"""JSON in every common shape to a grid: lines, lists, documents; broken records left out."""

import json
import re
from collections.abc import Iterable, Iterator

from playground import limits
from playground.data.grid import Grid, left_out, over_the_cap
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.readers.json_document import Chosen, chosen
from playground.data.readers.json_elements import (
    BROKEN_VALUE,
    COMMENT,
    Element,
    in_lines,
    in_pieces,
    lines_at,
)
from playground.data.readers.json_looks import begins, is_in_lines, looks_like_json
from playground.data.readers.json_values import BROKEN, Noticed
from playground.data.readers.nested import Record
from playground.data.readers.record_grid import grid_of_lists, grid_of_records
from playground.data.readers.record_list import RecordList
from playground.errors import UserError

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


def read_records(text: str) -> Grid:
    """The rows of a text that looks like JSON. Raises UserError where nothing can be read."""
    begin, noticed = begins(text), Noticed()
    whole = "\n" * text.count("\n", 0, begin) + text[begin:]  # each line stays where it is
    try:
        value = noticed.decoder().decode(whole)
    except BROKEN:  # at the second line, where every line is a value
        noticed.names.clear()
        if is_in_lines(text) and is_in_lines(whole):
            return _grid_of_elements(in_lines(text, noticed), noticed)
        return _grid_of_values(whole, noticed)
    noticed.at(1)
    if isinstance(value, str) and looks_like_json(value):
        return read_records(value)
    return _grid_of_whole(whole, value, noticed)


def _grid_of_values(text: str, noticed: Noticed) -> Grid:
    """Of a text that is no strict JSON as a whole: as people write it, or in pieces."""
    mended = noticed.mended(text.rstrip().removesuffix(";")) or ""  # which is no JSON either
    try:
        value = noticed.decoder().decode(mended)
    except BROKEN:
        noticed.names.clear()
        return _grid_of_pieces(text, noticed)
    noticed.at(1)
    noticed.loose.append(1)
    return _grid_of_whole(mended, value, noticed)


def _grid_of_whole(text: str, value: object, noticed: Noticed) -> Grid:
    if isinstance(value, dict | list) and value and (found := chosen(value)):
        grid = _grid_of_document(text, found)
        grid.problems.extend(noticed.problems())
        return grid
    if isinstance(value, dict) and not any(isinstance(v, dict | list) for v in value.values()):
        return grid_of_records(RecordList([value], [1], list(noticed.problems())))
    what = f" It has {listed([shown(name) for name in value])}." if isinstance(value, dict) else ""
    raise UserError(
        f"The JSON document has no rows that can be read, no list of objects.{what}"
        ' Write a list such as [{"text": …, "label": …}, …], or one object a line.'
    )


def _grid_of_pieces(text: str, noticed: Noticed) -> Grid:
    """What can be read of a text that is not sound as a whole."""
    start = len(text) - len(text.lstrip())
    grid = _grid_of_elements(in_pieces(text, start + text.startswith("[", start), noticed), noticed)
    inside = None if grid.rows else _LIST_OF_OBJECTS.search(text)
    if inside:  # all in one line: its list can still be read up to where it is broken
        return _grid_of_elements(in_pieces(text, inside.end(), noticed), noticed)
    return grid


def _grid_of_elements(elements: Iterable[Element], noticed: Noticed) -> Grid:
    """The grid of values that stand one after another; what is no object left out and told."""
    records: list[Record] = []
    rows: list[list[object]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    reasons: dict[str, list[tuple[int, str]]] = {}
    cells = 0
    for line, given, source in elements:
        value = _inside(given)
        if max(len(lines), *map(len, reasons.values()), 0) >= limits.ROWS:
            problems.append(over_the_cap(line))
            break
        if isinstance(value, dict):
            records.append(value)
            lines.append(line)
            cells += len(value)
        elif isinstance(value, list) and not records and len(value) > 1:
            rows.append(value)
            lines.append(line)
            cells += len(value)
        else:
            reasons.setdefault(_reason(value, source), []).append((line, source))
        if cells > limits.CELLS:
            problems.append(over_the_cap(line + 1, f"{limits.CELLS:,} cells"))
            break
    problems += [*_problems(reasons), *noticed.problems()]
    if rows and not records:
        return grid_of_lists(rows, lines, problems)
    return grid_of_records(RecordList(records, lines[len(rows) :], problems))


def _inside(value: object) -> object:
    """The object that a text holds which was written as JSON once more; others as they are."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    try:
        return json.loads(value)
    except BROKEN:
        return value


def _reason(value: object, source: str) -> str:
    if value is COMMENT:
        return "comment"
    if value is BROKEN_VALUE and source[1:].lstrip().startswith("'"):
        return "Python object"
    return "broken JSON" if value is BROKEN_VALUE else "not an object"


def _problems(reasons: dict[str, list[tuple[int, str]]]) -> Iterator[Problem]:
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
        return grid_of_lists(table.rows, lines, found.problems)
    pairs = [(r, line) for r, line in zip(table.records, lines, strict=True) if r is not None]
    others = [line for r, line in zip(table.records, lines, strict=True) if r is None]
    problems = [*found.problems, *_problems({"not an object": [(line, "") for line in others]})]
    records = RecordList([r for r, _ in pairs], [line for _, line in pairs], problems)
    return grid_of_records(records, "line" if table.whole else "row")
