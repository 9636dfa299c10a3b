"""Cells of every kind as text."""

import json
import re
from datetime import date, datetime, time

from playground import limits

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")


_NESTED = frozenset({dict, list, tuple})


def is_nested(value: object) -> bool:
    return type(value) in _NESTED


def as_text(value: object) -> str:
    """What a reader would see: "" for nothing, JSON for nested values; not longer than a cell."""
    if isinstance(value, str):
        return _clean(value)
    if value is None or value != value:  # NaN is the one value that differs from itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(*([" "] if isinstance(value, datetime) else []))
    if isinstance(value, bytes):
        return _clean(value[: 4 * limits.CELL_CHARACTERS].decode("utf-8", errors="replace"))
    if is_nested(value):
        short = _shortened(value, [limits.CELL_CHARACTERS])
        return _clean(json.dumps(short, ensure_ascii=False, default=as_text))
    return _clean(str(value))


def _shortened(value: object, room: list[int]) -> object:
    """A nested value without what is beyond the length of a cell; room: characters left."""
    if room[0] < 0:
        return ""
    if isinstance(value, dict):
        return {
            str(name): _shortened(inner, room)
            for name, inner in value.items()
            if room[0] >= 0 and _spent(len(str(name)), room)
        }
    if isinstance(value, list | tuple):
        return [_shortened(inner, room) for inner in value if _spent(1, room)]
    if isinstance(value, str):
        _spent(len(value), room)
        return value[: limits.CELL_CHARACTERS + 1]
    _spent(4, room)
    return value


def _spent(characters: int, room: list[int]) -> bool:
    """Takes characters from the room; whether there was any."""
    there = room[0] >= 0
    room[0] -= characters
    return there


def _clean(text: str) -> str:
    """Without what no file could hold again: half characters and NUL; line ends as \\n."""
    if len(text) > limits.CELL_CHARACTERS:
        text = text[: limits.CELL_CHARACTERS + 1]  # one more, so that the cut can be counted
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    if "\0" in text:
        text = text.replace("\0", "")
    return text.strip()
