"""Delimited lines to rows of cells: every row with its line, and whether its quotes are sound."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from playground import limits

csv.field_size_limit(limits.FILE_BYTES)  # cells are cut to our own cap, with a word about it


@dataclass(frozen=True)
class Dialect:
    """quoted: quotes enclose cells. escaped: a backslash before a quote keeps it. loose: a quote
    inside a cell is one of its characters, though it is not doubled. quote: which one it is."""

    delimiter: str
    quoted: bool = True
    escaped: bool = False
    loose: bool = False
    quote: str = '"'

    def reader(self, lines: Iterator[str], strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            map(self._mended, lines) if self.loose else lines,
            quotechar=self.quote,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar="\\" if self.escaped else None,
            skipinitialspace=self.delimiter != " ",  # as people type: a, "b, c"
            strict=strict,
        )

    def _mended(self, line: str) -> str:
        """The line with the quotes doubled that stand inside its cells, and without blanks between
        a quote and a delimiter."""
        q, d = self.quote, re.escape(self.delimiter)
        if q not in line:
            return line
        line = re.sub(rf"(?<={d}) +(?={q})|(?<={q}) +(?={d}|$)", "", line)
        return re.sub(rf"(?<=[^{d}{q}]){q}(?=[^{d}{q}\r\n])", q + q, line)


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
    """The lines with their ends, split at LF, CR and CRLF only; those over the cap left out."""
    return list(islice(io.StringIO(text, newline=""), limits.LINES))


def scan(lines: Sequence[str], dialect: Dialect) -> Iterator[Scanned]:
    """The rows that are not blank. After a quote that never closes it goes on with the next
    line, so that one slip costs one line; but nothing is read for ever again."""
    at, room = 0, 2 * sum(map(len, lines))
    while at < len(lines):
        feed = _Feed(lines, at)
        for cells in dialect.reader(feed):
            start, at = at, feed.at
            if not cells:
                continue
            row = _judged(lines[start:at], start + 1, cells, dialect)
            if row.broken and (size := sum(map(len, lines[start:at]))) <= room:
                room, at = room - size, start + 1
                yield row
                break
            yield row


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
    if not dialect.quoted or dialect.quote not in (span[0] if len(span) == 1 else "".join(span)):
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
