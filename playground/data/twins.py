"""Columns that say the same in other words: label 0 and 1 beside label_text negative, positive."""

from collections.abc import Mapping, Sequence

from playground import limits
from playground.data.label_guess import names_labels
from playground.data.names import SENTIMENT_NAMES, parts, words
from playground.data.profile import MOSTLY, Profile

_NAMING = words("name names text description readable meaning string str")
_WORDS = 8  # of a label's name
_REPEATED = 2  # rows for each label from which on the agreement is no chance


def names_of_numbers(
    label: Profile, profiles: Sequence[Profile], rows: Sequence[Mapping[str, str]]
) -> Profile | None:
    """The column that names what the label column only numbers: one name for each number and one
    number for each name. None where the labels are names, or where there is no such column."""
    if not is_coded(label):
        return None
    fitting = [
        p
        for p in profiles
        if not is_coded(p) and may_be_twins(label, p) and _are_related(label.column, p.column)
    ]
    nearest = sorted(fitting, key=lambda p: abs(p.position - label.position))
    return next((p for p in nearest if one_to_one(rows, label.column, p.column)), None)


def _are_related(numbers: str, names: str) -> bool:
    """Whether a column's name says that it names the labels: two columns of a small table may go
    together by chance."""
    said = set(parts(names))
    return names_labels(names) or bool(said & (_NAMING | SENTIMENT_NAMES | set(parts(numbers))))


def is_coded(p: Profile) -> bool:
    """Numbers or codes, which a reader would have to look up."""
    return max(p.number, p.code) >= MOSTLY


def may_be_twins(one: Profile, other: Profile) -> bool:
    """Whether two columns have as many values, each in several rows, and are as full."""
    few = one.distinct == other.distinct and 2 <= one.distinct <= limits.LABELS
    filled = other.filled >= MOSTLY * one.filled and other.filled >= _REPEATED * other.distinct
    return few and filled and other.words <= _WORDS


def one_to_one(rows: Sequence[Mapping[str, str]], one: str, other: str) -> bool:
    """Whether each value of a column goes with one of the other and the other way round, in the
    rows that have both."""
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for row in rows:
        a, b = row[one].strip(), row[other].strip()
        if a and b and (there.setdefault(a, b) != b or back.setdefault(b, a) != a):
            return False
    return bool(there)
