"""Lines that a sign of their own divides: “text ::: label”, “text => label”, “[label] text”."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from playground.data.grid import Grid, left_out, most_rows, over_the_cap
from playground.data.names import LABEL_NAMES, TEXT_NAMES, key
from playground.data.problem import Problem, counted, shown

_SIGNS = (  # of several characters, which sentences hardly hold: they divide into any columns
    *("+++$+++", "####", "###", "##", ":::", "::", "|||", "||", "==>", "-->", "=>", "->"),
    *("_!_", "@@", "~~", "^^", "<sep>", "[SEP]", "<tab>", "\\t"),
)
_WEAK = (  # that sentences may hold too: only the last or the first of them divides
    *("\t", ";", "|", ",", " - ", " – ", " — ", " : ", "=", "@", "#", "~", "^", "/", "\\"),
    "  ",
)
_AROUND = (  # a label in brackets or beside quotes, as (text, label) or (label, text)
    (re.compile(r"(.*\S)\s*\(([^()]{1,40})\)"), False),
    (re.compile(r"(.*\S)\s*\[([^\[\]]{1,40})\]"), False),
    (re.compile(r"\[([^\[\]]{1,40})\]\s*(\S.*)"), True),
    (re.compile(r"\(([^()]{1,40})\)\s*(\S.*)"), True),
    (re.compile(r"<([^<>/]{1,40})>(.*)</\1>"), True),
    (re.compile(r'"(.*)"\s+([^\s"]{1,40})'), False),
)
_NEARLY_ALL = 0.95  # share of lines that must be divided alike
_FIRST = 200  # lines by which most files are told apart
_LONGEST = 20_000  # characters of a line that are looked at
_LABELS = 50
_LABEL_CHARACTERS = 40
_LABEL_WORDS = 3
_LOOKED_AT = 1_000  # characters of a text whose words are counted
_TEXT_WORDS = 2  # that the texts have on average at least
Divide = Callable[[str], tuple[str, ...] | None]


def read_divided(lines: Sequence[str]) -> Grid | None:
    """The columns of lines that nearly all hold a sign of several characters equally often; None
    for other lines."""
    for sign in _SIGNS:
        first = [line.count(sign) for line in lines[:_FIRST] if line.strip()]
        common, times = Counter(first).most_common(1)[0] if first else (0, 0)
        if common and len(first) > 3 and times >= _NEARLY_ALL * len(first):
            grid = _grid(lines, partial(_all, sign=sign, wide=common + 1), None)
            grid.problems.append(_problems(grid, f"{shown(sign)} divides them"))
            return grid
    return None


def read_ends(lines: Sequence[str]) -> Grid | None:
    """Text and label of lines that nearly all begin or end with one of a few labels, divided by a
    sign; None for other lines."""
    for divide, header in _ways():
        if not _are_labelled(lines[:_FIRST], divide, header) or not _are_labelled(
            lines, divide, header
        ):
            continue
        first = next((line for line in lines if line.strip()), "")
        names = _names(divide(first.strip()), header)
        grid = _grid(lines, divide, names or header)
        if names:
            del grid.rows[0], grid.lines[0]
        place = "begin" if header[0] == "label" else "end"
        grid.problems.append(_problems(grid, f"they {place} with one of a few labels"))
        return grid
    return None


def are_labels(counts: Counter[str]) -> bool:
    """Whether a few short values come again and again."""
    short = all(
        0 < len(label) <= _LABEL_CHARACTERS and len(label.split()) <= _LABEL_WORDS
        for label in counts
    )
    return short and 1 < len(counts) <= _LABELS and 2 * len(counts) <= counts.total()


def _ways() -> list[tuple[Divide, tuple[str, str]]]:
    last, first = ("text", "label"), ("label", "text")
    ways: list[tuple[Divide, tuple[str, str]]] = []
    for sign in _WEAK:
        ways.append((partial(_last, sign=sign), last))
        ways.append((partial(_first, sign=sign), first))
    around = [
        (partial(_matched, pattern=pattern), first if label_first else last)
        for pattern, label_first in _AROUND
    ]
    return [*around, *ways]


def _all(line: str, sign: str, wide: int) -> tuple[str, ...] | None:
    cells = tuple(cell.strip() for cell in line.split(sign))
    return cells if len(cells) == wide else None


def _last(line: str, sign: str) -> tuple[str, str] | None:
    text, found, label = line.rpartition(sign)
    return (_bare(text), _bare(label)) if found else None


def _first(line: str, sign: str) -> tuple[str, str] | None:
    label, found, text = line.partition(sign)
    return (_bare(label), _bare(text)) if found else None


def _bare(cell: str) -> str:
    """A cell without quotes around it."""
    plain = cell.strip()
    quoted = len(plain) > 1 and plain[0] == plain[-1] == '"'
    return plain[1:-1].replace('""', '"').strip() if quoted else plain


def _matched(line: str, pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    match = pattern.fullmatch(line[:_LONGEST])
    return tuple(cell.strip() for cell in match.groups()) if match else None


def _are_labelled(lines: Sequence[str], divide: Divide, header: tuple[str, str]) -> bool:
    found = [divide(line.strip()) for line in lines if line.strip()]
    pairs = [pair for pair in found if pair and all(pair)]
    if len(pairs) < max(4, _NEARLY_ALL * len(found)):
        return False
    rest = pairs[1:] if _names(pairs[0], header) else pairs
    label = header.index("label")
    texts = [pair[1 - label] for pair in rest]
    wordy = sum(len(text[:_LOOKED_AT].split()) for text in texts) >= _TEXT_WORDS * len(texts)
    return (
        wordy and len(set(texts)) * 2 > len(texts) and are_labels(Counter(p[label] for p in rest))
    )


def _names(cells: tuple[str, ...] | None, header: tuple[str, str]) -> tuple[str, ...] | None:
    """The first line's cells where they name the columns."""
    if not cells or len(cells) != len(header):
        return None
    known = {"text": TEXT_NAMES, "label": LABEL_NAMES}
    said = [key(cell) in known[name] for cell, name in zip(cells, header, strict=True)]
    return cells if all(said) else None


def _problems(grid: Grid, how: str) -> Problem:
    message = f"{counted(len(grid.rows), 'line')} are read as texts with their labels: {how}."
    way_out = "Bring one text a line, or a table with a header, if that is not what they are."
    return Problem("divided lines", message, way_out, "note", count=len(grid.rows))


def _grid(lines: Sequence[str], divide: Divide, header: tuple[str, ...] | None) -> Grid:
    grid, most = Grid([], [], header=header), most_rows(2)
    others: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(grid.rows) > most or len(others) > most:
            grid.problems.append(over_the_cap(number))
            break
        cells = divide(line.strip())
        if cells:
            grid.rows.append(list(cells))
            grid.lines.append(number)
        else:
            others.append((number, line.strip()))
    reason = "not divided as the other lines are"
    grid.problems.extend(left_out("ragged row", reason, "Write it as the others.", others))
    return grid
