"""What counts as one label: cells that look alike are, a list of one is its item, more is none."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playground import limits
from playground.data.folding import look, tidy
from playground.data.listing import lists_in

_WHOLE = re.compile(r"([+-]?\d+)(?:\.0+|,0)")
_LONGEST = 500  # characters up to which a cell may be a label in disguise
_MOST = 4 * limits.LABELS  # different cells after which a column holds no labels anyway


@dataclass(frozen=True)
class Labels:
    """of: the label of every cell, blanks around it aside; "" where it has none or several.
    alike: labels that are written in several ways, and these ways.
    several: cells that name several labels. lists: cells that are lists of any length.
    """

    of: Mapping[str, str]
    alike: Mapping[str, tuple[str, ...]]
    several: frozenset[str]
    lists: frozenset[str]

    def label(self, cell: str) -> str:
        return self.of.get(cell.strip(), "")


def read_labels(cells: Iterable[str]) -> Labels:
    """The labels of a column.

    Written alike: the same letters composed otherwise (NFC, NFD), other blanks, characters that
    cannot be seen, 1.0 beside 1. Upper and lower case, punctuation and signs tell labels apart:
    C, C++ and C# are three.
    """
    counts = Counter(cell.strip() for cell in cells)
    counts.pop("", None)
    lists = lists_in(counts)
    single = {cell: _single(cell, lists) for cell in counts}
    several = frozenset(cell for cell, items in lists.items() if len(items) > 1)
    if len(set(single.values())) > _MOST:
        return Labels(single, {}, several, frozenset(lists))
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for cell, label in single.items():
        ways[label_key(label)][label] += counts[cell]
    chosen = {key: _best(forms) for key, forms in ways.items()}
    of = {cell: chosen[label_key(label)] for cell, label in single.items()}
    alike = {chosen[key]: tuple(forms) for key, forms in ways.items() if key and len(forms) > 1}
    return Labels(of, alike, several, frozenset(lists))


def label_key(label: str) -> str:
    """What all ways of writing one label have in common."""
    seen = look(label) if len(label) <= _LONGEST else label
    whole = _WHOLE.fullmatch(seen)
    return whole.group(1) if whole else seen


def _single(cell: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    items = lists.get(cell, (cell,))
    return items[0] if len(items) == 1 else ""


def _best(forms: Mapping[str, int]) -> str:
    """The way of writing that hides nothing, or else the most frequent one, tidied."""
    best = max(forms, key=lambda form: (form == label_key(form), forms[form]))
    return tidy(best) if len(best) <= _LONGEST else best
