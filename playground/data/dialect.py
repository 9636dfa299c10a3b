"""Which dialect a delimited text is written in: the one that most of its rows agree with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from playground.data.names import LABEL_NAMES, TEXT_NAMES, key
from playground.data.scanning import Dialect, Scanned, scan

SAMPLE = 200_000  # characters that are looked at
SAMPLE_ROWS = 500
NO_DELIMITER = "\x1f"  # a character nobody types: one column
FEW_AGREE = 0.2  # share of rows as wide as the first one from which on that one is the header
MOST_AGREE = 0.8  # share of rows of one width from which on the lines above them are a preamble
BROAD = 0.75  # share of rows that must agree before a delimiter is believed
MANY = 0.4  # share of lines with apostrophes around a cell; cells may go over several lines
NAMED = 0.05  # the same below a first row that names a text or a label

_BESIDE = (",", ";", "\t", "|", ", ", "; ")  # what stands beside a quoted cell
COMMON = tuple(Dialect(delimiter) for delimiter in "\t,;|")
UNQUOTED = Dialect("\t", quoted=False)
SPACED = Dialect(" ", escaped=True)  # what R writes: texts in quotes, blanks between


def sniff(lines: Sequence[str]) -> Dialect:
    """The dialect under which most rows are equally wide and no quote is out of place; one column
    where no delimiter has broad agreement."""
    sample = _sample(lines)
    escapes = any('\\"' in line for line in sample)
    escaped = [replace(dialect, escaped=True) for dialect in COMMON if escapes]
    spaced = [SPACED] if _mostly_quoted(sample) else []
    quoted = any('"' in line for line in sample)
    loose = [replace(dialect, loose=True) for dialect in COMMON if quoted]
    candidates = [*_single_quoted(sample), *COMMON, *escaped, UNQUOTED, *spaced, *loose]
    scores = [_score(dialect, sample) for dialect in candidates]
    best = max(scores)  # of equal ones the first
    return candidates[scores.index(best)] if best[1] > 1 else Dialect(NO_DELIMITER)


def width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells a row should have: as many as the first one, or as nearly all others.

    Empty cells that a trailing delimiter makes below a first row without it do not count.
    """
    widths = Counter(len(row) for row in rows[1:])
    first, total = len(rows[0]) if rows else 0, widths.total()
    if first > 1 and widths[first] >= FEW_AGREE * total:
        return first
    if first > 1 and sum(filled(row) <= first for row in rows[1:]) >= MOST_AGREE * total:
        longer = sum(len(row) > first for row in rows[1:])
        if longer >= MOST_AGREE * total:
            return first
    common, times = widths.most_common(1)[0] if widths else (first, 0)
    return common if common > 1 < times and times >= MOST_AGREE * total else first


def filled(cells: Sequence[str]) -> int:
    """How many cells there are without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return end


def _sample(lines: Sequence[str]) -> list[str]:
    taken: list[str] = []
    size = 0
    for line in lines[: 4 * SAMPLE_ROWS]:
        if size >= SAMPLE:
            break
        taken.append(line[:SAMPLE])
        size += len(taken[-1])
    return taken


def _single_quoted(sample: Sequence[str]) -> list[Dialect]:
    """Dialects with apostrophes around cells, where many lines have them there."""
    stripped = [line.strip() for line in sample]
    begin = sum(line[:1] == "'" or any(f"{d}'" in line for d in _BESIDE) for line in stripped)
    end = sum(line[-1:] == "'" or any(f"'{d}" in line for d in _BESIDE) for line in stripped)
    if min(begin, end) < max(1, MANY * len(sample)):
        return []
    plain = [replace(dialect, quote="'") for dialect in COMMON]
    escapes = any("\\'" in line for line in sample)
    escaped = [replace(dialect, escaped=True) for dialect in plain if escapes]
    return [*plain, *escaped, *(replace(dialect, loose=True) for dialect in plain)]


def _mostly_quoted(sample: Sequence[str]) -> bool:
    """Whether lines hold texts in quotes with blanks between, as R writes them: they begin and
    end with a quote, or with a number or the like that R leaves bare."""
    spaced = [line.strip() for line in sample if '" ' in line or ' "' in line]
    ends = [line.split()[0][:1] + line.split()[-1][-1:] for line in spaced if line]
    bare = '"0123456789'
    good = sum(end[0] in bare and (end[1] in bare or end[1] in "AE") for end in ends)
    return good >= BROAD * len(sample)


def _score(dialect: Dialect, sample: Sequence[str]) -> tuple[float, int]:
    """(share of rows that are as wide as they should be and well quoted, that width); (0, 0)
    where too few agree, or where the delimiter is only what sentences hold."""
    rows = [row for row, _ in zip(scan(sample, dialect), range(SAMPLE_ROWS), strict=False)]
    cells = [row.cells for row in rows]
    wide = width(cells)
    good = sum(_fits(row, wide) and _well_quoted(row, dialect) for row in rows)
    if wide < 2 or good < _needed(cells[0], wide) * len(rows):
        return (0.0, 0)
    if dialect.delimiter == "," and _is_prose(sample, cells):
        return (0.0, 0)
    return (good / len(rows), wide)


def _fits(row: Scanned, wide: int) -> bool:
    return len(row.cells) == wide or filled(row.cells) <= wide < len(row.cells)


def _needed(first: Sequence[str], wide: int) -> float:
    """The share of rows that must agree, less where the first one names its columns."""
    named = any(key(cell) in LABEL_NAMES | TEXT_NAMES for cell in first)
    short = all(len(cell.split()) <= 3 for cell in first)
    return NAMED if wide == len(first) and named and short else BROAD


def _is_prose(sample: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    """Commas with a blank behind each, sentences on both sides: one sentence a line."""
    commas = sum(line.count(",") for line in sample)
    if commas != sum(line.count(", ") for line in sample) or any('"' in line for line in sample):
        return False
    if _needed(cells[0], len(cells[0])) < BROAD:
        return False
    last = [row[-1].strip() for row in cells]
    return len(cells) > 3 and len(set(last)) > len(last) / 2 and _words(last) >= 2


def _words(cells: Sequence[str]) -> float:
    return sum(len(cell.split()) for cell in cells) / max(1, len(cells))


def _well_quoted(row: Scanned, dialect: Dialect) -> bool:
    """Sound quotes, and none around whole cells where they are taken as plain characters."""
    wrapped = any(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in row.cells)
    return row.sound and (dialect.quoted or not wrapped)
