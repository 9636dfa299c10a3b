"""Cells that hold lists: those of one item become their item."""

import json
import re
from collections.abc import Iterator, Sequence

from playground.data.grid import names_of
from playground.data.problem import Problem, counted
from playground.data.values import as_text

_LONGEST = 1_000  # characters of a cell that may be a list written as text
_QUOTED = r"""(?:'[^'\\]*'|"[^"\\]*")"""
_AS_PYTHON_WRITES = re.compile(rf"\[\s*(?:{_QUOTED}(?:,?\s+{_QUOTED}|,{_QUOTED})*)?\s*\]")
_ITEM = re.compile(_QUOTED)


def without_lists(
    columns: Sequence[str], rows: Sequence[list[object]], lines: Sequence[int]
) -> list[Problem]:
    """Replaces, in place, one-item lists by their item in columns that hold nothing longer.

    Other lists stay, and become JSON text. Returns what is to be said.
    """
    return [
        problem for i, column in enumerate(columns) for problem in _problems(i, column, rows, lines)
    ]


def _problems(
    i: int, column: str, rows: Sequence[list[object]], lines: Sequence[int]
) -> Iterator[Problem]:
    found = _lists(i, rows)
    if not found:
        return
    if any(isinstance(item, dict | list | tuple) for items in found.values() for item in items):
        return
    if any(found.values()) and all(len(items) < 2 for items in found.values()):
        for n, items in found.items():
            rows[n][i] = items[0] if items else ""
        yield _one_item(column, lines[next(iter(found))], len(found))


def _lists(i: int, rows: Sequence[list[object]]) -> dict[int, list[object]]:
    """The lists of a column by their row, none where a filled cell is no list."""
    found: dict[int, list[object]] = {}
    for n, row in enumerate(rows):
        items = _items(row[i])
        if items is not None:
            found[n] = items
        elif as_text(row[i]):
            return {}
    return found


def _items(value: object) -> list[object] | None:
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = value.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return _as_python_writes(text)
    return items if isinstance(items, list) else None


def _as_python_writes(text: str) -> list[object] | None:
    if not _AS_PYTHON_WRITES.fullmatch(text):
        return None
    return [item[1:-1] for item in _ITEM.findall(text)]


def _one_item(column: str, line: int, count: int) -> Problem:
    return Problem(
        "one-item lists",
        f"{names_of([column])} holds lists of one item in {counted(count, 'row')}, first in line"
        f" {line}; the items are used.",
        "Nothing to do.",
        "note",
        line=line,
        column=column,
        count=count,
    )
