"""One stage of a recipe, and what it costs."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.events import Event

if TYPE_CHECKING:
    from playground.recipes.bench import Bench

BACKWARD = 3  # a text that is trained on costs as much as so many that are read


@dataclass(frozen=True)
class Cost:
    """At most: optimiser steps, texts they train on, and texts that are only read."""

    steps: int = 0
    trained: int = 0
    read: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.steps + other.steps, self.trained + other.trained, self.read + other.read)

    def seconds(self, texts_per_second: float) -> float:
        """At most, on a machine that reads so many texts a second."""
        return (BACKWARD * self.trained + self.read) / texts_per_second


@dataclass(frozen=True)
class Outcome:
    """What a stage brought. said: a sentence. done: whether it came to its end, not stopped."""

    said: str
    done: bool = True


Work = Generator[Event, None, Outcome]  # its events, and at its end what it brought


@dataclass(frozen=True)
class Stage:
    """title: what is done, a short phrase. work: does it, given the bench and the stage's number,
    counted from 1; what it makes goes to the folder `Bench.place` gives, and where that has
    something already, from before a stop, it goes on from there."""

    title: str
    cost: Cost
    work: "Callable[[Bench, int], Work]"
