"""Which columns hold the text, the label and the split: guesses a person can change."""

from collections.abc import Mapping, Sequence

from playground import limits
from playground.data.names import (
    ID_NAMES,
    LABEL_NAMES,
    PAIRS,
    SPLIT_NAMES,
    TEXT_NAMES,
    TO_HELD_OUT,
    TO_LABELLED,
    key,
)
from playground.data.profile import Profile, profile

PROFILED = 5_000  # rows looked at


def guess_columns(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> tuple[tuple[str, ...], str | None, str | None]:
    """(text columns, label column, split column) by the names and the first rows."""
    looked = rows[:PROFILED]
    profiles = [profile(columns, i, looked) for i in range(len(columns))]
    split = next((p.column for p in profiles if _is_split(p, looked)), None)
    open_to = [p for p in profiles if p.column != split and p.filled]
    label = best_label(open_to) if len(open_to) > 1 else None
    texts = _texts([p for p in open_to if p is not label])
    return texts, label.column if label else None, split


def best_label(profiles: Sequence[Profile]) -> Profile | None:
    """The column most like labels, if any is: few values that repeat, a telling name."""
    scored = [(score, p.position, p) for p in profiles if (score := _label_score(p)) > 0]
    return max(scored)[2] if scored else None


def _label_score(p: Profile) -> float:
    named = key(p.column) in LABEL_NAMES or key(p.column).split("_")[-1] in LABEL_NAMES
    if p.distinct > limits.LABELS or p.date >= 0.9 or key(p.column) in ID_NAMES:
        return 0.0
    if p.words > 8 or (not named and (p.words > 5 or p.distinct > max(2, p.filled / 2))):
        return 0.0
    if p.distinct == p.filled > 3 and (not named or p.words > 3):
        return 0.0
    score = 1.0 - p.varied + (2.0 if named else 0.0) + (0.5 if p.words <= 3 else 0.0)
    if named and key(p.column) in ("label", "labels", "target"):
        score += 0.5
    if key(p.column) in TEXT_NAMES:
        score -= 1.0
    return score + (0.0 if p.distinct > 1 else -1.0)


def _texts(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """One or two columns, in the table's order: two only when both are like sentences."""
    pool = [p for p in profiles if not p.is_data and key(p.column) not in ID_NAMES]
    pool.sort(key=lambda p: (-_text_score(p), p.position))
    if not pool:
        return ()
    first, rest = pool[0], pool[1:]
    second = next((p for p in rest if _makes_pair(first, p)), None)
    pair = [first] if second is None else sorted([first, second], key=lambda p: p.position)
    return tuple(p.column for p in pair)


def _text_score(p: Profile) -> float:
    """Characters a reader would read, more when they vary and when the name says text."""
    return min(p.length, 400) * (0.2 + p.varied) * (3 if key(p.column) in TEXT_NAMES else 1)


def _makes_pair(first: Profile, second: Profile) -> bool:
    if frozenset((key(first.column), key(second.column))) in PAIRS:
        return second.words >= 1.5
    return min(first.words, second.words) >= 4 and second.varied >= 0.3


def _is_split(p: Profile, rows: Sequence[Mapping[str, str]]) -> bool:
    if key(p.column) not in SPLIT_NAMES or p.distinct > 10:
        return False
    values = {key(row[p.column]) for row in rows} - {""}
    return bool(values & TO_LABELLED) and bool(values & TO_HELD_OUT)
