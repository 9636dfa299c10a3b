"""Numbers that grade a sentiment, as words: 0 and 1, -1 to 1, 1 to 5."""

from collections.abc import Sequence
from itertools import pairwise

from playground.data.wording import label_words

_GRADES = {
    2: ("negative", "positive"),
    3: ("negative", "neutral", "positive"),
    5: ("very negative", "negative", "neutral", "positive", "very positive"),
}
GRADES = frozenset(grade for grades in _GRADES.values() for grade in grades)
_WIDEST = 5  # the largest number of stars


def grades(labels: Sequence[str]) -> dict[str, str] | None:
    """A word for each label where they are two, three or five whole numbers, evenly spaced as
    grades are, the smallest the worst; None for other labels."""
    words = label_words(labels)
    numbers = {label: int(word) for label, word in zip(labels, words, strict=True) if _whole(word)}
    named = _GRADES.get(len(labels))
    if named is None or len(set(numbers.values())) != len(labels):
        return None
    ordered = sorted(numbers, key=numbers.__getitem__)
    steps = {numbers[high] - numbers[low] for low, high in pairwise(ordered)}
    if len(steps) > 1 or max(map(abs, numbers.values())) > _WIDEST:
        return None
    return dict(zip(ordered, named, strict=True))


def _whole(word: str) -> bool:
    return word.lstrip("+-").isdecimal()
