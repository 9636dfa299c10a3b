"""JSON values one after another, each with its line: lines, elements of a list, broken ones too."""

import json
import re
from collections.abc import Iterator, Sequence

from playground.data.decoding import line_of
from playground.data.readers.json_loose import end_of
from playground.data.readers.json_values import BROKEN, Noticed
from playground.data.scanning import lines_of

# (line, value, source): the value is BROKEN_VALUE where the source is no JSON.
Element = tuple[int, object, str]
BROKEN_VALUE = object()
COMMENT = object()
_OPENING_LINE = re.compile(r"[\r\n][ \t\ufeff]*(?=\{)")
_BETWEEN = re.compile(r"[ \t\r\n,\ufeff]*")
_SHOWN = 200
_PATIENCE = 200  # times that a text may be gone through for what is broken in it
_DECODER = json.JSONDecoder()


def in_lines(text: str, noticed: Noticed) -> Iterator[Element]:
    """One value a line; blank lines, marks, brackets around all and commas at the ends are
    nothing, a comment is one."""
    for number, line in enumerate(lines_of(text), 1):
        source = line.replace("\ufeff", "").strip().removesuffix(",")
        if not source or source in "[]":
            continue
        if source.startswith(("//", "#")):
            yield number, COMMENT, source
            continue
        try:
            yield number, noticed.value(source, number), source
        except BROKEN:
            yield number, BROKEN_VALUE, source


def in_pieces(text: str, start: int, noticed: Noticed) -> Iterator[Element]:
    """The values from `start` on, up to a bracket that closes their list and opens no other. After
    a broken one it goes on with a line that opens an object; nothing is read for ever again."""
    position, line, counted_to = start, line_of(text, start), start
    room, decoder = _PATIENCE * len(text), noticed.decoder()
    while True:
        position = _after_brackets(text, end_of(_BETWEEN, text, position))
        if position >= len(text) or text[position] == "]":
            return
        line += line_of(text[counted_to:position], position - counted_to) - 1
        counted_to = position
        try:
            value, end = decoder.raw_decode(text, position)
            noticed.at(line)
            yield line, value, text[position : min(end, position + _SHOWN)]
        except BROKEN as error:
            yield line, BROKEN_VALUE, text[position : position + _SHOWN]
            room -= getattr(error, "pos", len(text))  # the error counts the lines before it
            opening = _OPENING_LINE.search(text, position + 1) if room > 0 else None
            end = opening.end() if opening else len(text)
        position = end


def lines_at(text: str, path: Sequence[str], number: int) -> list[int]:
    """The lines of the elements of the list at a path of names in a sound document; counted from 1
    where they cannot be told (a name that stands there twice)."""
    found = [line for line, _, _ in in_pieces(text, _start(text, path), Noticed())]
    return found if len(found) == number else list(range(1, number + 1))


def _start(text: str, path: Sequence[str]) -> int:
    """Where the first element of the list at a path begins."""
    at = end_of(_BETWEEN, text, 0)
    for wanted in path:
        at, name = at + 1, None
        while name != wanted:
            name, at = _DECODER.raw_decode(text, end_of(_BETWEEN, text, at))
            at = end_of(_BETWEEN, text, text.index(":", at) + 1)
            if name != wanted:
                at = _DECODER.raw_decode(text, at)[1]
    return at + 1


def _after_brackets(text: str, position: int) -> int:
    """Behind a list that has ended where another one begins at once: joined files."""
    if position < len(text) and text[position] == "]":
        after = end_of(_BETWEEN, text, position + 1)
        if after < len(text) and text[after] == "[":
            return end_of(_BETWEEN, text, after + 1)
    return position
