"""JSON Lines, a JSON array, or pasted objects: records to a grid, broken ones left out."""

import json
import re
from collections.abc import Iterator

from playground import limits
from playground.data.decoding import line_of
from playground.data.grid import Grid, check_width, left_out, names_of, over_the_cap
from playground.data.problem import Problem, counted
from playground.data.scanning import lines_of

_BROKEN = (ValueError, RecursionError)  # not JSON, a number of a thousand digits, a deep nesting
_LOOKED_AT = 200_000  # characters whose lines decide whether a text is JSON Lines
_BROKEN_ELEMENTS = 100  # of an array after which the rest is given up: each costs a whole pass
_OPENING_LINE = re.compile(r"[\r\n]\s*(?=\{)")
_ARRAY_OF_OBJECTS = re.compile(r":\s*\[\s*(?=\{)")


def looks_like_json(text: str) -> bool:
    """An array of objects, or lines of which most are objects."""
    start = text[:200].lstrip()
    if start.startswith("["):
        return start[1:].lstrip()[:1] in ("{", "]", "[", "")
    if not start.startswith("{"):
        return False
    return _mostly_objects(text) or start[1:].lstrip()[:1] in ('"', "}")


def read_records(text: str) -> Grid:
    """The records of a text that looks like JSON. Raises UserError where nothing can be read."""
    grid = _Collector()
    reasons: dict[str, list[tuple[int, str]]] = {}
    for line, record, trouble in _found(text):
        if max(len(grid.records), sum(map(len, reasons.values()))) >= limits.ROWS:
            grid.problems.append(over_the_cap(line))
            break
        if trouble:
            reasons.setdefault(trouble[0], []).append((line, trouble[1]))
        else:
            grid.add(line, record)
    for kind, places in reasons.items():
        grid.problems.extend(left_out(kind, *_REASONS[kind], places))
    return grid.grid()


_REASONS = {
    "broken JSON": (
        "not valid JSON",
        "Write one JSON object a line: double quotes around names and texts, no comma at the end.",
    ),
    "not an object": (
        "not a JSON object, so its columns have no names",
        'Write {"text": …, "label": …} with your own names.',
    ),
}
_Found = Iterator[tuple[int, dict[str, object], tuple[str, str] | None]]


class _Collector:
    """Records on their way to a grid: all their keys become columns."""

    def __init__(self) -> None:
        self.columns: dict[str, None] = {}
        self.records: list[dict[str, object]] = []
        self.lines: list[int] = []
        self.problems: list[Problem] = []

    def add(self, line: int, record: dict[str, object]) -> None:
        self.columns.update(dict.fromkeys(record))
        check_width(len(self.columns))
        self.records.append(record)
        self.lines.append(line)

    def grid(self) -> Grid:
        columns = tuple(self.columns)
        self.problems.extend(self._missing_keys())
        rows = [[record.get(column) for column in columns] for record in self.records]
        return Grid(rows, self.lines, self.problems, columns)

    def _missing_keys(self) -> Iterator[Problem]:
        for column in self.columns:
            lines = [
                line
                for line, record in zip(self.lines, self.records, strict=True)
                if column not in record
            ]
            if lines:
                yield Problem(
                    "missing key",
                    f"{counted(len(lines), 'record')} {'has' if len(lines) == 1 else 'have'} no"
                    f" {names_of([column])}, first in line {lines[0]}; the cell is empty.",
                    "Nothing to do unless it is the text or the label.",
                    "note",
                    line=lines[0],
                    column=column,
                    count=len(lines),
                )


def _lines(text: str) -> _Found:
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except _BROKEN:
            yield number, {}, ("broken JSON", line.strip())
            continue
        yield _checked(number, record, line.strip())


def _found(text: str) -> _Found:
    """Every record with its line, however the text writes them one after another."""
    start = len(text) - len(text.lstrip())
    if text.startswith("[", start):
        return _elements(text, start + 1)
    if not _is_container(text):
        return _lines(text) if _mostly_objects(text) else _elements(text, start)
    inside = _ARRAY_OF_OBJECTS.search(text)
    return _elements(text, inside.end() if inside else start)


def _is_container(text: str) -> bool:
    """One object around one list of records, such as {"data": [{…}, {…}]}."""
    try:
        whole = json.loads(text)
    except _BROKEN:
        return False
    if not isinstance(whole, dict):
        return False
    lists = [value for value in whole.values() if isinstance(value, list) and value]
    return len(lists) == 1 and all(isinstance(value, dict) for value in lists[0])


def _mostly_objects(text: str) -> bool:
    """Whether at least half of the first lines are whole objects."""
    lines = [line.strip() for line in text[:_LOOKED_AT].splitlines() if line.strip()][:20]
    return 2 * sum(line.startswith("{") and line.endswith("}") for line in lines) >= len(lines)


def _elements(text: str, start: int) -> _Found:
    """The objects from `start` on. After a broken one it goes on with a line that opens one."""
    decoder = json.JSONDecoder()
    position, line, counted_to, broken = start, line_of(text, start), start, 0
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        if position >= len(text) or text[position] == "]":
            return
        line += line_of(text[counted_to:position], position - counted_to) - 1
        counted_to = position
        try:
            record, end = decoder.raw_decode(text, position)
            yield _checked(line, record, text[position:end])
        except _BROKEN:
            yield line, {}, ("broken JSON", text[position : position + 200])
            broken += 1
            opening = _OPENING_LINE.search(text, position + 1)
            end = opening.end() if opening and broken < _BROKEN_ELEMENTS else len(text)
        position = end


def _checked(
    line: int, record: object, source: str
) -> tuple[int, dict[str, object], tuple[str, str] | None]:
    if isinstance(record, dict):
        return line, record, None
    return line, {}, ("not an object", source[:200])
