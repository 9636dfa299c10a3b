"""Which columns hold the text, the label and the split: guesses a person can change."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from playground.data.label_guess import best_label, names_labels
from playground.data.names import SPLIT_NAMES, TO_HELD_OUT, TO_LABELLED, key
from playground.data.one_hot import HotColumns, separate_labels
from playground.data.profile import Profile, looked_at, profile
from playground.data.text_guess import best_texts
from playground.data.twins import names_of_numbers

FEW = 3  # columns of a label each from which on no other nameless column is the label
_PARTS = 10  # different names of parts a split column has at most


def guess_columns(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> tuple[tuple[str, ...], str | None, str | None]:
    """(text columns, label column, split column) by the names and by what stands in the rows."""
    looked = looked_at(rows)
    profiles = [profile(columns, i, looked) for i in range(len(columns))]
    split = next((p.column for p in profiles if _is_split(p, looked)), None)
    open_to = [p for p in profiles if p.column != split and p.filled]
    label = _label(open_to, looked) if len(open_to) > 1 else None
    named = names_of_numbers(label, open_to, looked) if label else None
    taken = {p.column for p in (label, named) if p}
    texts = best_texts([p for p in open_to if p.column not in taken], looked)
    chosen = named or label
    return texts, chosen.column if chosen else None, split


def _label(profiles: Sequence[Profile], rows: Sequence[Mapping[str, str]]) -> Profile | None:
    """The best column of labels. Of columns that are each one label, with a yes or no, only that
    is taken which the others are kinds of."""
    best = best_label(profiles)
    hot = separate_labels([p.column for p in profiles], rows)
    if hot is None or (best and best.column not in hot.columns and _is_better(best, hot)):
        return best
    return next((p for p in profiles if p.column == hot.wider), None)


def _is_better(best: Profile, hot: HotColumns) -> bool:
    return names_labels(best.column) or len(hot.columns) < FEW


def _is_split(p: Profile, rows: Sequence[Mapping[str, str]]) -> bool:
    """A column named so that has both parts, or one of any name that has nothing else."""
    if p.mostly_empty or p.distinct > _PARTS:
        return False
    values = {key(cell) for cell in set(map(itemgetter(p.column), rows))} - {""}
    both = bool(values & TO_LABELLED) and bool(values & TO_HELD_OUT)
    return both and (key(p.column) in SPLIT_NAMES or values <= TO_LABELLED | TO_HELD_OUT)
