"""Near-duplicates (equal but for case, punctuation and blanks): kept on one side of a split."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from playground.data.example import Example
from playground.data.folding import near_key

Families = Mapping[int, int]  # by an example's identity, as two rows may share a line
ByLabel = Mapping[str, list[Example]]


def families(examples: Sequence[Example]) -> Families:
    """The number of its family for every example that has a near-duplicate."""
    alike: dict[bytes, list[Example]] = defaultdict(list)
    for example in examples:
        alike[near_key(example.row.values())].append(example)
    several = [group for group in alike.values() if len(group) > 1]
    return {id(example): number for number, group in enumerate(several) for example in group}


def side_by_side(by_label: ByLabel, alike: Families, share: bool) -> dict[str, list[Example]]:
    """Each label's examples in their order, but near-duplicates where the first of theirs
    stands, so that a cut seldom comes between them.

    share: the labels are cut at a share of their rows, not all at the same number.
    """
    if not alike:
        return {label: list(rows) for label, rows in by_label.items()}
    place: dict[int, float] = {}
    first: dict[int, float] = {}
    for rows in by_label.values():
        for i, example in enumerate(rows):
            place[id(example)] = i / len(rows) if share else i
    for rows in by_label.values():
        for example in sorted(rows, key=lambda e: e.line):
            if (family := alike.get(id(example))) is not None:
                place[id(example)] = first.setdefault(family, place[id(example)])
    return {
        label: sorted(rows, key=lambda e: (place[id(e)], alike.get(id(e), -1)))
        for label, rows in by_label.items()
    }


def apart_from(by_label: ByLabel, others: Iterable[Example], alike: Families) -> ByLabel:
    """The examples that are no near-duplicates of the others."""
    there = {alike[id(example)] for example in others if id(example) in alike}
    if not there:
        return by_label
    left = {
        label: [example for example in rows if alike.get(id(example)) not in there]
        for label, rows in by_label.items()
    }
    return {label: rows for label, rows in left.items() if rows}
