"""What a column looks like: the measurements that guesses and warnings are made from."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from playground.data.listing import lists_in

NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+)([eE][+-]?\d+)?\s*%?")
DATE = re.compile(
    r"""\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}          # 2024-05-01, 1.5.2024
        ([T\ ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d|[AaPp][Mm])?)?
      | \d{1,2}:\d{2}(:\d{2})?                  # 12:30
      | \d{4}-\d{2}                             # 2024-05
      | ([A-Z][a-z]{2,8},?\ )?                 # Mon Apr 06 22:19:45 PDT 2009, 6 May 2024
        (\d{1,2}\.?\ (MONTH)[a-z]*|(MONTH)[a-z]*\.?\ \d{1,2}),?(\ [\d:+A-Z]{2,8}){1,4}""".replace(
        "MONTH", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    ),
    re.VERBOSE,
)
LINK = re.compile(r"(https?://|www\.|[\w.+-]+@|@(?=\w))\S+|(/[\w.-]+){2,}")  # URL, e-mail, @name
SMALL = re.compile(r"[+-]?\d{1,2}([.,]0+)?")  # a count, a grade, a code: a whole number below 100
_SIGNS = "[\u0e00-\u0edf\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
_UNSPACED = re.compile(_SIGNS)  # scripts without blanks
# One word with a digit in it, A-17, 3f9c…, a file name; no sentence of a script without blanks.
CODE = re.compile(rf"(?=\S*\d)(?!\S*{_SIGNS}{{4}})[\w.:/@#-]+")

MOSTLY = 0.9  # share of the cells from which on a column is what they are
FILLED = 0.5  # share of the rows below which a column is mostly empty
PROFILED = 5_000  # rows looked at, drawn from all of them
_CELLS = 200_000  # looked at in all, so that of a wide table fewer rows are
_SHORT = 300  # characters of a cell that may still be a number, a date, a code or a link
_LETTERED = 200  # cells, and characters of each, whose letters are counted


@dataclass(frozen=True)
class Profile:
    """rows: those looked at. filled, distinct: cells with text, different ones.
    length: mean characters of those. words: their mean number of words (two characters each where
    a script has no blanks). number, small, date, code, link: shares of them; several: share that
    names several things. letters: mean share of letters in a cell."""

    column: str
    position: int
    rows: int
    filled: int
    distinct: int
    length: float
    words: float
    number: float
    small: float
    date: float
    code: float
    link: float
    several: float
    letters: float

    @property
    def varied(self) -> float:
        """Distinct cells per filled cell: 1 when no two are equal."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def share(self) -> float:
        """Filled cells per row."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def mostly_empty(self) -> bool:
        return self.share < FILLED

    @property
    def is_data(self) -> bool:
        """Numbers, dates, links or ids: neither text nor, when they hardly repeat, labels."""
        return max(self.number, self.date, self.code, self.link) >= MOSTLY


def is_number(text: str) -> bool:
    return NUMBER.fullmatch(text.strip()) is not None


def is_date(text: str) -> bool:
    return DATE.fullmatch(text.strip()) is not None


def looked_at(rows: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """All rows of a small table; of a large one the same few, drawn from everywhere in it."""
    enough = min(PROFILED, _CELLS // max(1, len(rows[0]))) if rows else 0
    if len(rows) <= enough:
        return rows
    return [rows[i] for i in sorted(random.Random(0).sample(range(len(rows)), enough))]


def profiles(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[Profile]:
    """The profile of every column, by the rows that are looked at."""
    looked = looked_at(rows)
    return [profile(columns, position, looked) for position in range(len(columns))]


def profile(columns: Sequence[str], position: int, rows: Sequence[Mapping[str, str]]) -> Profile:
    """The profile of one column by all the rows given."""
    counts = _cell_counts(columns[position], rows)
    filled = counts.total()
    each = max(1, filled)
    short = {cell: n for cell, n in counts.items() if len(cell) <= _SHORT}
    lists = lists_in(counts)
    return Profile(
        column=columns[position],
        position=position,
        rows=len(rows),
        filled=filled,
        distinct=len(counts),
        length=sum(len(cell) * n for cell, n in counts.items()) / each,
        words=sum(word_count(cell) * n for cell, n in counts.items()) / each,
        number=_share(short, NUMBER) / each,
        small=_share(short, SMALL) / each,
        date=_share(short, DATE) / each,
        code=_share(short, CODE) / each,
        link=_share(short, LINK) / each,
        several=sum(counts[cell] for cell, items in lists.items() if len(items) > 1) / each,
        letters=_letters(list(counts)[:_LETTERED]),
    )


def _cell_counts(column: str, rows: Sequence[Mapping[str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for cell, number in Counter(map(itemgetter(column), rows)).items():
        counts[cell.strip()] += number
    del counts[""]
    return counts


def word_count(text: str) -> int:
    """Words between blanks; of a script without blanks, every two characters."""
    spaced = len(text.split())
    return spaced if text.isascii() else max(spaced, len(_UNSPACED.findall(text)) // 2)


def _share(counts: Mapping[str, int], pattern: re.Pattern[str]) -> int:
    return sum(n for cell, n in counts.items() if pattern.fullmatch(cell))


def _letters(cells: Sequence[str]) -> float:
    shares = [sum(map(str.isalpha, cell[:_LETTERED])) / len(cell[:_LETTERED]) for cell in cells]
    return sum(shares) / len(shares) if shares else 0.0
