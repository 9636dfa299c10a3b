"""What a column looks like: the measurements that guesses and warnings are made from."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+)([eE][+-]?\d+)?\s*%?")
DATE = re.compile(
    r"""\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}          # 2024-05-01, 1.5.2024
        ([T\ ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d|[AaPp][Mm])?)?
      | \d{1,2}:\d{2}(:\d{2})?                  # 12:30""",
    re.VERBOSE,
)
CODE = re.compile(r"(?=\S*\d)[\w.:/@#-]+")  # one word with a digit in it: A-17, 3f9c…, a file name

MOSTLY = 0.9  # share of the cells from which on a column is what they are


@dataclass(frozen=True)
class Profile:
    """filled, distinct: cells with text, different ones. length: mean characters of those.
    words: their mean number of blank-separated words. number, date, code: shares of them."""

    column: str
    position: int
    filled: int
    distinct: int
    length: float
    words: float
    number: float
    date: float
    code: float

    @property
    def varied(self) -> float:
        """Distinct cells per filled cell: 1 when no two are equal."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def is_data(self) -> bool:
        """Numbers, dates or ids: neither text nor, when they hardly repeat, labels."""
        return max(self.number, self.date, self.code) >= MOSTLY


def is_number(text: str) -> bool:
    return NUMBER.fullmatch(text.strip()) is not None


def is_date(text: str) -> bool:
    return DATE.fullmatch(text.strip()) is not None


def profile(columns: Sequence[str], position: int, rows: Sequence[Mapping[str, str]]) -> Profile:
    """The profile of one column."""
    counts = Counter(cell for row in rows if (cell := row[columns[position]].strip()))
    filled = counts.total()
    each = max(1, filled)
    return Profile(
        column=columns[position],
        position=position,
        filled=filled,
        distinct=len(counts),
        length=sum(len(cell) * n for cell, n in counts.items()) / each,
        words=sum(len(cell.split()) * n for cell, n in counts.items()) / each,
        number=sum(n for cell, n in counts.items() if NUMBER.fullmatch(cell)) / each,
        date=sum(n for cell, n in counts.items() if DATE.fullmatch(cell)) / each,
        code=sum(n for cell, n in counts.items() if CODE.fullmatch(cell)) / each,
    )
