"""The cells of one sheet of an Excel workbook: values, formulas without one, merged areas."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO

from playground import limits
from playground.data.grid import check_width
from playground.data.readers.workbook_parts import Shared, unescaped
from playground.data.readers.xml_events import Attributes, Enough, parse

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGED = 100_000  # areas that are looked at


@dataclass
class Cells:
    """rows: (row number, value by column), those without a value left out. unsolved: cells whose
    formula has no stored value. filled: cells that a merged area fills. more: the row after which
    nothing was read."""

    rows: list[tuple[int, dict[int, object]]] = field(default_factory=list)
    unsolved: list[tuple[int, int]] = field(default_factory=list)
    areas: list[tuple[int, int, int]] = field(default_factory=list)  # column, first and last row
    filled: int = 0
    more: int = 0


def read_cells(file: IO[bytes], shared: Shared) -> Cells:
    """Raises ValueError for a damaged sheet, UserError for one that is too wide."""
    reader = _Reader(shared)
    parse(file, reader.start, reader.end, reader.text)
    _fill(reader.cells)
    return reader.cells


class _Reader:
    """The state between two events of one sheet."""

    def __init__(self, shared: Shared) -> None:
        self.cells = Cells()
        self._shared = shared
        self._row: dict[int, object] = {}
        self._number = self._column = self._taken = 0
        self._attributes: Attributes = {}
        self._inside = ""
        self._pieces: list[str] = []
        self._formula = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self._number = int(number) if number.isdecimal() else self._number + 1
            self._row, self._column = {}, -1
        elif name in ("v", "t"):
            self._inside = name
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._inside = "rPh"
        elif name == "mergeCell" and len(self.cells.areas) < _MERGED:
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = ""
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._row:
            self.cells.rows.append((self._number, self._row))
            self._taken += max(self._row) + 1
            if len(self.cells.rows) > limits.ROWS + 1 or self._taken > limits.CELLS:
                self.cells.more = self._number
                raise Enough

    def text(self, piece: str) -> None:
        if self._inside in ("v", "t"):
            self._pieces.append(piece)

    def _begin_cell(self, attributes: Attributes) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = _column(place.group(1)) if place else self._column + 1
        self._attributes, self._pieces, self._formula = attributes, [], False

    def _end_cell(self) -> None:
        text = "".join(self._pieces)
        kind = self._attributes.get("t", "n")
        if not text.strip():
            if self._formula and kind != "str":
                self.cells.unsolved.append((self._number, self._column))
            return
        value = self._value(text, kind)
        if value is None or value == "":
            return
        check_width(self._column + 1)
        self._row[self._column] = value

    def _value(self, text: str, kind: str) -> object:
        if kind == "s":
            number = int(text)
            return self._shared.texts[number] if 0 <= number < len(self._shared.texts) else ""
        if kind in ("inlineStr", "str", "d"):
            return unescaped(text)
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return None
        style = self._attributes.get("s", "")
        return self._number_of(text, style.isdecimal() and int(style) in self._shared.dates)

    def _number_of(self, text: str, is_date: bool) -> object:
        number = float(text)
        if is_date and 0 <= number < 2_958_466:  # the year 9999
            return _date(number, self._shared.since_1904)
        whole = number.is_integer() and abs(number) < 1e15
        return int(number) if whole else number

    def _merge(self, reference: str) -> None:
        begin, _, end = reference.partition(":")
        first, last = _REFERENCE.fullmatch(begin), _REFERENCE.fullmatch(end)
        if first and last and int(last.group(2)) > int(first.group(2)):
            rows = int(first.group(2)), int(last.group(2))
            self.cells.areas.append((_column(first.group(1)), *rows))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _date(number: float, since_1904: bool) -> object:
    """Days since the end of 1899, as Excel counts them; a moment with its time, if it has one."""
    beginning = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    moment = beginning + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.time()
    return moment if number % 1 else moment.date()


def _fill(cells: Cells) -> None:
    """Gives the rows of an area that is merged over several of them the value it shows."""
    at = {number: i for i, (number, _) in enumerate(cells.rows)}
    numbers = [number for number, _ in cells.rows]
    room = limits.CELLS
    for column, first, last in cells.areas:
        value = cells.rows[at[first]][1].get(column) if first in at else None
        if value is None:
            continue
        for i in range(at[first] + 1, len(numbers)):
            if numbers[i] > last or room < 0:
                break
            room -= 1
            if column not in cells.rows[i][1]:
                cells.rows[i][1][column] = value
                cells.filled += 1
