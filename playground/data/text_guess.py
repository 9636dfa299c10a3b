"""Which column a person would take for the text, and which second one makes a pair with it."""

import re
from collections.abc import Mapping, Sequence

from playground.data.folding import folded
from playground.data.names import (
    CLEANED_PARTS,
    ID_NAMES,
    ID_PARTS,
    LABEL_NAMES,
    PAIRS,
    PERSON_PARTS,
    TEXT_NAMES,
    is_unnamed,
    key,
    parts,
    words,
)
from playground.data.profile import MOSTLY, Profile

NEARLY_ALL = 0.95  # share of the rows a second text must be filled in
COPIED = 0.8  # share of the words of one column that another repeats, from which on it is a copy
CLEANED = 0.35  # share of a text's words that cleaning leaves at least
SENTENCE = 4  # words
_ASIDE = words("title headline subject summary source context abstract input description")
_COMPARED = 200  # rows
_LETTERS = 0.35  # share of letters below which a column holds no words
_NUMBERED = re.compile(r"(.*?)_?([12ab])")


def best_texts(profiles: Sequence[Profile], rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """One or two columns, in the table's order: two only when they are filled nearly everywhere
    and a pair, by their names or, without names, as sentences that are not copies."""
    filled = [p for p in profiles if not p.mostly_empty and key(p.column) not in ID_NAMES]
    pool = [p for p in filled if not p.is_data] or [p for p in filled if _is_text_by_name(p)]
    pool.sort(key=lambda p: (-_text_score(p), p.position))
    if not pool:
        return ()
    first = pool[0]
    second = next((p for p in pool[1:] if _makes_pair(first, p, rows)), None)
    pair = [first] if second is None else sorted([first, second], key=lambda p: p.position)
    return tuple(p.column for p in pair)


def like_text(p: Profile) -> bool:
    """Sentences that differ from row to row."""
    return not p.is_data and p.words >= SENTENCE and p.varied >= 0.3 and p.letters >= _LETTERS


def are_copies(rows: Sequence[Mapping[str, str]], one: str, other: str) -> bool:
    """Whether one column has nearly the same words as the other: a text raw and cleaned."""
    shares = []
    for row in rows[:_COMPARED]:
        first, second = (set(folded(row[column]).split()) for column in (one, other))
        if first and second:
            fewer, more = sorted((len(first), len(second)))
            shares.append(len(first & second) / fewer if fewer >= CLEANED * more else 0.0)
    return bool(shares) and sum(shares) / len(shares) >= COPIED


def _is_text_by_name(p: Profile) -> bool:
    return key(p.column) in TEXT_NAMES and max(p.number, p.date) < MOSTLY


def _text_score(p: Profile) -> float:
    """More for what a reader would read: telling names, long cells that vary, letters."""
    score = min(p.length, 400) ** 0.5 * (0.1 + p.varied) * p.share * _by_name(p)
    score *= 0.1 if p.letters < _LETTERS else 1.0
    return score * (0.2 if p.several >= MOSTLY else 1.0)


def _by_name(p: Profile) -> float:
    name, said = key(p.column), set(parts(p.column))
    telling = 1.0
    if name in TEXT_NAMES or said & TEXT_NAMES:
        telling = 2.0 if said & _ASIDE else 4.0 if name in TEXT_NAMES else 3.5
    if said & (ID_PARTS | PERSON_PARTS) or (said & LABEL_NAMES and name not in TEXT_NAMES):
        telling *= 0.3
    return telling * (0.5 if said & CLEANED_PARTS else 1.0)


def _makes_pair(first: Profile, second: Profile, rows: Sequence[Mapping[str, str]]) -> bool:
    if second.share < NEARLY_ALL or first.share < NEARLY_ALL:
        return False
    if _is_pair(first.column, second.column):
        return second.words >= 1.5
    if not (is_unnamed(first.column) and is_unnamed(second.column)):
        return False
    sentences = like_text(first) and like_text(second)
    return sentences and not are_copies(rows, first.column, second.column)


def _is_pair(one: str, other: str) -> bool:
    """By name: premise and hypothesis, sentence1 and sentence2, review_title and review_body."""
    if frozenset((key(one), key(other))) in PAIRS:
        return True
    first, second = parts(one), parts(other)
    left = frozenset(("_".join(w for w in a if w not in b)) for a, b in _both(first, second))
    if left in PAIRS:
        return True
    numbered = [_NUMBERED.fullmatch(key(name)) for name in (one, other)]
    stems = {match.group(1) for match in numbered if match}
    return all(numbered) and len(stems) == 1 and not is_unnamed(one)


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    return ((one, other), (other, one))
