"""How a delimited text is written: its delimiter, and whether quotes mean anything."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from playground import limits

SAMPLE = 200_000  # characters that are looked at
SAMPLE_ROWS = 500
NO_DELIMITER = "\x1f"  # a character nobody types: one column
FEW_AGREE = 0.2  # share of rows as wide as the first one from which on that one is the header
MOST_AGREE = 0.8  # share of rows of one width from which on the lines above them are a preamble
MENDED = 200  # lines read again after a quote that never closes; more are left out whole

csv.field_size_limit(limits.FILE_BYTES)  # cells are cut to our own cap, with a word about it


@dataclass(frozen=True)
class Dialect:
    """quoted: double quotes enclose cells. escaped: a backslash before a quote keeps it."""

    delimiter: str
    quoted: bool = True
    escaped: bool = False

    def reader(self, lines: Iterator[str], strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar="\\" if self.escaped else None,
            skipinitialspace=True,  # as people type: a, "b, c"; cells are stripped anyway
            strict=strict,
        )


COMMON = tuple(Dialect(delimiter) for delimiter in "\t,;|")
UNQUOTED = Dialect("\t", quoted=False)


@dataclass(frozen=True)
class Scanned:
    """A row as it stands: its first line, 1-based, its cells, and whether its quotes are sound.

    broken: a quote opens in it and swallows lines that follow; only the first line is taken.
    """

    line: int
    cells: list[str]
    sound: bool = True
    broken: bool = False


def lines_of(text: str) -> list[str]:
    """The lines with their ends, split at LF, CR and CRLF only."""
    return list(io.StringIO(text, newline=""))


def scan(lines: Sequence[str], dialect: Dialect) -> Iterator[Scanned]:
    """The rows that are not blank. After a quote that never closes it goes on with the next
    line, so that one slip costs one line."""
    at = mended = 0
    while at < len(lines):
        feed = _Feed(lines, at)
        for cells in dialect.reader(feed):
            start, at = at, feed.at
            row = _judged(lines[start:at], start + 1, cells, dialect)
            if row.broken and mended < MENDED:
                mended, at = mended + 1, start + 1
                yield row
                break
            if cells:
                yield row


def sniff(lines: Sequence[str]) -> Dialect:
    """The dialect under which most rows are equally wide and no quote is out of place."""
    sample = _sample(lines)
    escapes = any('\\"' in line for line in sample)
    escaped = [replace(dialect, escaped=True) for dialect in COMMON if escapes]
    candidates = [*COMMON, *escaped, UNQUOTED]
    scores = [_score(dialect, sample) for dialect in candidates]
    best = max(scores)  # of equal ones the first
    return candidates[scores.index(best)] if best[1] > 1 else Dialect(NO_DELIMITER)


def width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells a row should have: as many as the first one, or as nearly all others."""
    widths = Counter(len(row) for row in rows[1:])
    first, total = len(rows[0]) if rows else 0, widths.total()
    if first > 1 and widths[first] >= FEW_AGREE * total:
        return first
    common, times = widths.most_common(1)[0] if widths else (first, 0)
    return common if common > 1 < times and times >= MOST_AGREE * total else first


class _Feed:
    """An iterator over lines that knows how many it has given."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self.lines, self.at = lines, at

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def _judged(span: Sequence[str], line: int, cells: list[str], dialect: Dialect) -> Scanned:
    if not dialect.quoted or not any('"' in text for text in span):
        return Scanned(line, cells)
    try:
        for _ in dialect.reader(iter(span), strict=True):
            pass
    except csv.Error:
        broken = len(span) > 1 or _is_open(span[0], dialect)
        return Scanned(line, [span[0].rstrip("\r\n")] if broken else cells, False, broken)
    return Scanned(line, cells)


def _is_open(text: str, dialect: Dialect) -> bool:
    """Whether a quote is still open at the end: then a further line belongs to the same row."""
    return len(list(dialect.reader(iter([text.rstrip("\r\n") + "\n", "x"])))) == 1


def _sample(lines: Sequence[str]) -> list[str]:
    taken: list[str] = []
    size = 0
    for line in lines[: 4 * SAMPLE_ROWS]:
        if size >= SAMPLE:
            break
        taken.append(line)
        size += len(line)
    return taken


def _score(dialect: Dialect, sample: Sequence[str]) -> tuple[float, int]:
    """(share of rows that are as wide as they should be and well quoted, that width)."""
    rows = [row for row, _ in zip(scan(sample, dialect), range(SAMPLE_ROWS), strict=False)]
    wide = width([row.cells for row in rows])
    good = sum(len(row.cells) == wide and _well_quoted(row, dialect) for row in rows)
    return (good / len(rows), wide) if wide > 1 else (0.0, 0)


def _well_quoted(row: Scanned, dialect: Dialect) -> bool:
    """Sound quotes, and none around whole cells where they are taken as plain characters."""
    wrapped = any(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in row.cells)
    return row.sound and (dialect.quoted or not wrapped)
