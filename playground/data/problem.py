"""One thing that is wrong with a table, said so that a person can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 60  # characters of a value that are shown
LISTED = 5  # places or names that are listed before "and 12 more"


@dataclass(frozen=True)
class Problem:
    """All rows with the same trouble, told by the first of them.

    severity: "error" (rows are left out, or one cannot go on), "warning" or "note".
    """

    kind: str
    message: str
    way_out: str
    severity: str
    line: int | None = None  # 1-based line (or row) of the source
    column: str | None = None
    value: str | None = None
    count: int = 1  # rows of this kind


def shown(value: str) -> str:
    """A value in quotes, on one line and short enough for a sentence."""
    flat = " ".join(value.split())
    return f"“{flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + '…'}”"


def listed(things: Sequence[object]) -> str:
    """ "2, 5, 9 and 14 more": the first few of them."""
    more = len(things) - LISTED
    start = ", ".join(str(thing) for thing in things[:LISTED])
    return start if more <= 0 else f"{start} and {more} more"


def counted(number: int, thing: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def at_lines(lines: Sequence[int]) -> str:
    """ "Line 4" or "Lines 4, 9, 12 and 3 more"."""
    different = list(dict.fromkeys(lines))
    return f"Line {lines[0]}" if len(different) == 1 else f"Lines {listed(different)}"
