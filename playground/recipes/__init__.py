"""Methods of several stages, one file each: a file that ends in `RECIPE = …` is found.

This module stays light; `create` imports the recipe's file, and with it torch.
"""

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playground.cards import Card, Value, cards_in, checked_of

if TYPE_CHECKING:  # a page that lists recipes must not import torch
    from playground.recipes.bench import Learnt, Sizes
    from playground.recipes.stage import Stage

__all__ = ["Recipe", "cards", "checked", "create"]


class Recipe(Protocol):
    """A frozen dataclass whose fields are `setting`s and whose docstring is the card.

    `stages`: what is done, in order, each with its cost; the same for the same sizes, whatever
    the stages find. `learnt`: where the network of the last stage is kept, an arm of a comparison
    like any other: an adapter of a method. `recipes.running.carry_out` does the rest: events,
    stopping, going on where it was.
    """

    title: str
    paper: str

    def stages(self, sizes: "Sizes") -> "tuple[Stage, ...]":
        """What is done with so many examples. Raises UserError where they cannot do."""
        ...

    def learnt(self, stages: int) -> "Learnt":
        """What the recipe ends with, once so many stages are done."""
        ...


@cache
def cards() -> dict[str, Card]:
    """The card of every recipe of this folder, by name."""
    return cards_in(Path(__file__).parent, "RECIPE")


def checked(name: str, settings: Mapping[str, Value]) -> dict[str, Value]:
    """Every setting of a recipe, those given checked, the others at their default. UserError."""
    return checked_of("recipe", cards(), name, settings)


def create(name: str, settings: Mapping[str, Value]) -> Recipe:
    """A recipe with its settings checked; what is not given takes its default."""
    chosen = checked(name, settings)
    recipe: Recipe = importlib.import_module(f"playground.recipes.{name}").RECIPE(**chosen)
    return recipe
