"""Which tasks a study trains on: an order for every seed, and the first ones of it."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from playground.errors import UserError
from playground.pretraining import text
from playground.pretraining.mixture.registry import LABELLERS, TASKS, without
from playground.pretraining.mixture.sets import read_sets
from playground.pretraining.mixture.world import World
from playground.pretraining.study_options import ALL

FIRST = 300  # texts: as many as the mixture reads before its first prompt
TRIES, ENOUGH = 50, 15  # beginnings of a task, and how many of them must give something to ask


@dataclass(frozen=True)
class Drawn:
    """The tasks of one network: the first ones of a seed's order."""

    seed: int
    tasks: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{len(self.tasks)}-{self.seed}"


def drawable(given: argparse.Namespace) -> tuple[str, ...]:
    """Tasks of types that are not held out, but for those with nothing to ask of the first texts:
    alone they could not begin."""
    world = World(read_sets(given.sets), LABELLERS)
    for kind, words in islice(text.mixed(text.files(given.text)), FIRST):
        world.read(kind, words)
    names = [name for name in without(given.types_held_out) if name not in given.tasks_held_out]
    return tuple(name for name in names if _begins(name, world))


def _begins(name: str, world: World) -> bool:
    draw = Random(0)
    return sum(TASKS[name].start(draw, world) is not None for _ in range(TRIES)) >= ENOUGH


def draws(given: argparse.Namespace, names: tuple[str, ...]) -> Iterator[Drawn]:
    """For every seed an order of all tasks, and the first ones of it for every count."""
    counts = [len(names) if count == ALL else count for count in given.counts]
    if max(counts) > len(names):
        raise UserError(f"{max(counts)} tasks are asked for; there are {len(names)} to draw from.")
    for seed in given.seeds:
        order = Random(seed).sample(sorted(names), len(names))
        yield from (Drawn(seed, tuple(order[:count])) for count in dict.fromkeys(counts))
