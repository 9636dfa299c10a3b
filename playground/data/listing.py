"""Several labels in one cell: ["a", "b"], ['a' 'b'], a;b, a|b, <a><b>."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from playground import limits

_CHARACTERS = 500  # a longer cell is a text, whatever signs are in it
_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'|([^\s,\[\](){}"\']+)')
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TAG = re.compile(r"<([^<>]+)>")
_BRACKETS = {"[": "]", "(": ")", "{": "}"}
_SEPARATORS = (";", "|", ",", "\n")
LARGE = 0.2  # share of the rows with several from which on a separator is taken for one
RECURRING = 0.5  # share of the parts that must come in more than one combination


def items_of(cell: str) -> tuple[str, ...] | None:
    """The items of a list as JSON, Python or NumPy write one; None for anything else, such as a
    word in brackets."""
    text = cell.strip()
    if len(text) < 2 or len(text) > _CHARACTERS or _BRACKETS.get(text[0]) != text[-1]:
        return None
    inside = text[1:-1].strip()
    found = [match.groups() for match in _ITEM.finditer(inside)]
    left = _ITEM.sub("", inside).replace(",", "").strip()
    plain = all(bare is None or _NUMBER.fullmatch(bare) for _, _, bare in found)
    quoted = bool(found) and all(bare is None for _, _, bare in found)
    if left or not plain or (text[0] != "[" and not quoted):
        return None  # (1) and {x} are labels by themselves
    return tuple(next(filter(None, item), "").strip() for item in found)


def lists_in(counts: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """The items of every cell that is a list of labels; cells that are one label are not in it.

    counts: rows of each cell. A separator counts as one only where a large share of the rows has
    it and its parts come in other combinations too ("Paris, France" is one label), or where every
    part is also a label by itself.
    """
    lists = {cell: items for cell in counts if (items := items_of(cell)) is not None}
    lists |= _tagged(counts)
    if any(len(items) > 1 for items in lists.values()):
        return lists
    short = {cell: n for cell, n in counts.items() if len(cell) <= _CHARACTERS}
    for separator in _SEPARATORS:
        split = {cell: _parts(cell, separator) for cell in short if separator in cell}
        together = {cell: items for cell, items in split.items() if len(items) > 1}
        if together and _are_lists(short, together, separator):
            return lists | together
    return lists


def _tagged(counts: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """<python><pandas>, as Stack Overflow writes tags, where every cell is written so."""
    found = {cell: tuple(_TAG.findall(cell)) for cell in counts if cell[:1] == "<"}
    whole = all("".join(f"<{tag}>" for tag in tags) == cell for cell, tags in found.items())
    several = any(len(tags) > 1 for tags in found.values())
    return found if whole and several and len(found) == len(counts) else {}


def _parts(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for piece in cell.split(separator) if (part := piece.strip())))


def _are_lists(
    counts: Mapping[str, int], together: Mapping[str, Sequence[str]], separator: str
) -> bool:
    parts = {part for items in together.values() for part in items}
    pairs = max(map(len, together.values())) < 3
    if separator == "," and pairs and all(_NUMBER.fullmatch(part) for part in parts):
        return False  # 1,5 and 2,0 are numbers in many countries
    alone = {cell for cell in counts if cell not in together}
    if parts <= alone and len(parts) <= limits.LABELS:
        return True
    rows = sum(counts[cell] for cell in together)
    combinations = Counter(part for items in together.values() for part in items)
    recurring = sum(combinations[part] + (part in alone) > 1 for part in parts)
    return rows >= LARGE * sum(counts.values()) and recurring >= RECURRING * len(parts)
