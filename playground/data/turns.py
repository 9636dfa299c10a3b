"""The labels taking turns: demonstrations, and orders whose every first part is balanced."""

import random
from collections.abc import Iterable, Sequence

from playground import limits
from playground.data.example import Example


def ordered(
    examples: Iterable[Example], labels: Sequence[str], seed: int
) -> dict[str, list[Example]]:
    """Each label's examples in an order that depends on the seed and the label alone."""
    by_label: dict[str, list[Example]] = {label: [] for label in labels}
    for example in sorted(examples, key=lambda e: e.line):
        by_label[example.label].append(example)
    for label, rows in by_label.items():
        random.Random(f"{seed} {label}").shuffle(rows)
    return {label: rows for label, rows in by_label.items() if rows}


def demonstrations(labelled: Sequence[Example], shots: int, seed: int) -> tuple[Example, ...]:
    """`shots` examples in all, the labels taking turns, in a seeded order."""
    random_order = random.Random(f"demonstrations {seed}")
    chosen = _turns(labelled, random_order, seed)[: max(0, min(shots, limits.SHOTS))]
    random_order.shuffle(chosen)
    return tuple(chosen)


def taking_turns(labelled: Sequence[Example], seed: int = 0) -> tuple[Example, ...]:
    """All the examples, the labels taking turns: any first part of them is balanced."""
    return tuple(_turns(labelled, random.Random(f"turns {seed}"), seed))


def _turns(labelled: Sequence[Example], random_order: random.Random, seed: int) -> list[Example]:
    labels = sorted({example.label for example in labelled})
    random_order.shuffle(labels)
    decks = list(ordered(labelled, labels, seed).values())
    longest = max(map(len, decks), default=0)
    return [deck[i] for i in range(longest) for deck in decks if i < len(deck)]
