"""Rows with more cells than columns: the delimiters that belong to their text put back into it."""

from collections import Counter
from collections.abc import Sequence

from playground.data.names import LABEL_NAMES, TEXT_NAMES, key
from playground.data.problem import Problem, counted, shown
from playground.data.readers.divided_lines import are_labels

_OTHER_TEXT = 3.0  # words on average from which on a second column may hold the delimiter too
Row = tuple[int, list[str]]  # its line, its cells


def rejoined(rows: Sequence[list[str]], ragged: Sequence[Row], delimiter: str) -> list[Row]:
    """The ragged rows as wide as the others, as far as that is certain: one column holds the
    texts, another one of a few labels, which a row must have where the others have it."""
    wide = len(rows[0]) if rows else 0
    longer = [(line, cells) for line, cells in ragged if len(cells) > wide]
    at = _text_column(rows) if wide > 1 and longer else None
    if at is None:
        return []
    mended = [(line, _narrow(cells, wide, at, delimiter)) for line, cells in longer]
    found = {
        i: _values(i, rows[1:], [cells for _, cells in mended]) for i in range(wide) if i != at
    }
    labels = [i for i, counts in found.items() if are_labels(counts)]
    named = [i for i in labels if key(rows[0][i]) in LABEL_NAMES] or labels[-1:]
    if not named:
        return []
    known = found[named[0]]
    return [(line, cells) for line, cells in mended if known[cells[named[0]].strip()] > 1]


def rejoined_note(mended: Sequence[Row], delimiter: str) -> list[Problem]:
    """The note that says so, with the rows as they were."""
    line, cells = mended[0]
    return [
        Problem(
            "delimiters in texts",
            f"{counted(len(mended), 'row')}, first in line {line}, with more {shown(delimiter)}"
            " than columns: the labels show that they belong to the text.",
            "Put double quotes around such a text if another program reads the file.",
            "note",
            line=line,
            value=delimiter.join(cells)[:200],
            count=len(mended),
        )
    ]


def _text_column(rows: Sequence[list[str]]) -> int | None:
    """The one column of sentences, by its name or by what stands in it."""
    named = [i for i, cell in enumerate(rows[0]) if key(cell) in TEXT_NAMES]
    words = [sum(len(row[i].split()) for row in rows[1:]) for i in range(len(rows[0]))]
    best = max(range(len(words)), key=words.__getitem__)
    others = [count for i, count in enumerate(words) if i != best]
    alone = max(others, default=0) < _OTHER_TEXT * max(1, len(rows) - 1)
    return best if alone and (not named or named == [best]) else None


def _narrow(cells: Sequence[str], wide: int, at: int, delimiter: str) -> list[str]:
    end = at + len(cells) - wide + 1
    between = delimiter if delimiter == "\t" else f"{delimiter} "
    text = between.join(cell.strip() for cell in cells[at:end])
    return [*cells[:at], text, *cells[end:]]


def _values(i: int, rows: Sequence[list[str]], mended: Sequence[list[str]]) -> Counter[str]:
    return Counter(row[i].strip() for row in [*rows, *mended])
