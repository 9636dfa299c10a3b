"""Which column a person would take for the label: by its name, and by what stands in it."""

from collections.abc import Sequence

from playground import limits
from playground.data.names import (
    ID_PARTS,
    LABEL_NAMES,
    MEASURE_PARTS,
    PERSON_PARTS,
    PREDICTED_PARTS,
    SPLIT_NAMES,
    SPLITTING_PARTS,
    TEXT_NAMES,
    is_unnamed,
    key,
    parts,
    words,
)
from playground.data.profile import MOSTLY, Profile

_CODED = words("id idx index number num key")  # class_index: the class's number
_REPEATED = 3  # rows for each value from which on codes and counts may be labels
_SCALE = 20  # different small numbers that may be labels without a telling name


def best_label(profiles: Sequence[Profile]) -> Profile | None:
    """The column most like labels, if any is: few values that repeat, a telling name, filled in
    more than half of the rows. Without a telling name it is not taken where a column that has one
    is mostly empty: that one was meant."""
    scored = [(score, p.position, p) for p in profiles if (score := _label_score(p)) > 0]
    if not scored:
        return None
    best = max(scored)[2]
    meant = any(p.mostly_empty and names_labels(p.column) for p in profiles)
    return None if meant and not names_labels(best.column) else best


def names_labels(column: str) -> bool:
    """Whether a column's name says that it holds labels: "airline_sentiment", "Class Index"."""
    said = parts(column)
    if key(column) in LABEL_NAMES:
        return True
    if not set(said) & LABEL_NAMES:
        return False
    return said[-1] in LABEL_NAMES | _CODED or not set(said) & (MEASURE_PARTS | ID_PARTS)


def _label_score(p: Profile) -> float:
    named = names_labels(p.column)
    if p.mostly_empty or not _may_be_labels(p, named) or (not named and _says_otherwise(p)):
        return 0.0
    score = 1.0 - p.varied + (0.5 if p.words <= 3 else 0.0)
    if named:
        score += 2.5 if key(p.column) in LABEL_NAMES else 2.0
        score += 0.5 if key(p.column) in ("label", "labels", "target") else 0.0
    score -= 1.0 if key(p.column) in TEXT_NAMES else 0.0
    score -= 0.5 if max(p.code, p.number) >= MOSTLY and not named else 0.0
    score -= 1.0 if set(parts(p.column)) & PREDICTED_PARTS else 0.0
    score -= 2.0 if p.distinct == 1 else 0.0
    return score - (2.0 if p.several > 0 else 0.0)


def _may_be_labels(p: Profile, named: bool) -> bool:
    """By what stands in it: short, repeated, no dates or links."""
    dated = p.date >= MOSTLY and not (key(p.column) in LABEL_NAMES and _repeats(p))
    if dated or p.link >= MOSTLY:
        return False
    if p.several and named:
        return True  # the labels are what is in the lists
    if p.words > (8 if named else 5):
        return False
    if p.distinct > limits.LABELS or (p.distinct == p.filled > 3 and (not named or p.words > 3)):
        return False
    return named or p.distinct <= max(2, p.filled / 2)


def _says_otherwise(p: Profile) -> bool:
    """Ids, people, counts and parts of a split, by name or by value; a column without a name is
    judged by its values alone."""
    said = set(parts(p.column))
    if is_split_like(p):
        return True
    if not is_unnamed(p.column) and said & (ID_PARTS | PERSON_PARTS | MEASURE_PARTS):
        return True
    if p.number >= MOSTLY:
        return p.small < MOSTLY or p.distinct > _SCALE or not _repeats(p)
    return p.code >= MOSTLY and not _repeats(p)


def is_split_like(p: Profile) -> bool:
    """Folds by number, "is_train", and columns of a split's name that hold nothing but a part."""
    said = set(parts(p.column))
    if said & SPLITTING_PARTS:
        return p.distinct <= 2
    return bool(said & SPLIT_NAMES) and (p.number >= MOSTLY or p.distinct == 1)


def _repeats(p: Profile) -> bool:
    return p.distinct <= 2 or p.distinct * _REPEATED <= p.filled
