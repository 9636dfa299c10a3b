"""What a task is: it starts episodes, and an episode gives examples that one prompt can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.pretraining.mixture.world import World

Texts = tuple[str, ...]
Pools = Mapping[str, Sequence[str]]  # label word -> texts with that label


@dataclass(frozen=True)
class Episode:
    """One prompt's question, with a source of examples for it.

    labels: the words to choose from, or () where the answer is free text.
    draw: a label's word -> the texts of an example with that answer; with free answers "" -> the
        texts and, last, the answer.
    question: what is asked, where the texts alone do not say it; "" if nothing must be said.
    readable: whether the labels say what they stand for. If not, they are arbitrary, and only
        the demonstrations tell.
    """

    labels: Texts
    draw: Callable[[str], Texts]
    question: str = ""
    readable: bool = True


Start = Callable[[Random, "World"], Episode | None]


@dataclass(frozen=True)
class Task:
    """type: tasks that ask the same kind of thing; a study holds whole types apart.

    inputs: the family of field names of each text (see names.py). output: that of the answer.
    start: begins an episode, or None while the text read so far has nothing for it.
    weight: how often, next to other tasks. questions, endings: ways of asking of its own.
    """

    name: str
    type: str
    inputs: Texts
    output: str
    start: Start
    weight: float = 1.0
    questions: Texts = ()
    endings: Texts = ()


def classes(pools: Pools, rng: Random, question: str = "") -> Episode | None:
    """An episode over pools of single texts; None unless two of them or more hold something."""
    full = {label: texts for label, texts in pools.items() if len(texts) >= 2}
    if len(full) < 2:
        return None
    choice = rng.choice
    return Episode(tuple(full), lambda label: (choice(full[label]),), question)


def some(pools: Pools, rng: Random, most: int = 12, least: int = 2) -> Pools:
    """A random choice of `least` to `most` of the pools, small numbers more often."""
    names = [name for name, texts in pools.items() if len(texts) >= 2]
    count = min(len(names), rng.randint(least, rng.randint(least, most)))
    return {name: pools[name] for name in rng.sample(names, count)}


def yes_no(pools: Pools, rng: Random, asked: str, question: str) -> Episode | None:
    """Whether a text has the label `asked`; the other texts come from all other pools."""
    others = [texts for name, texts in pools.items() if name != asked and len(texts) >= 2]
    own = pools.get(asked, ())
    if len(own) < 2 or not others:
        return None

    def draw(label: str) -> Texts:
        return (rng.choice(own if label == "yes" else rng.choice(others)),)

    return Episode(("yes", "no"), draw, question)


def free(make: Callable[[], Texts], question: str = "") -> Episode:
    """An episode whose answers are free text: `make` gives the texts and, last, the answer."""
    return Episode((), lambda _: make(), question)


def perhaps_asked(make: Callable[[], Texts], question: str, rng: Random) -> Episode:
    """As `free`, but in half of the prompts only the demonstrations tell what is wanted."""
    asked = rng.random() < 0.5
    return Episode((), lambda _: make(), question if asked else "", readable=asked)


def pairs(yes: Callable[[], Texts], no: Callable[[], Texts], question: str = "") -> Episode:
    """An episode of yes and no, with a maker for each."""
    return Episode(("yes", "no"), lambda label: yes() if label == "yes" else no(), question)
