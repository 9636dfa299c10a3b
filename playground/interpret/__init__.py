"""Looking inside a tuned network, one file a view: a file that ends in `VIEW = …` is found.

This module stays light; `create` imports the view's file, and with it torch.
"""

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playground.cards import Card, Value, cards_in, checked_of

if TYPE_CHECKING:  # a page that lists views must not import torch
    from playground.interpret.seen import Opened, Seen

__all__ = ["View", "cards", "checked", "create"]


class View(Protocol):
    """A frozen dataclass whose fields are `setting`s and whose docstring is the card; its title is
    a question.

    `look` moves nothing: weights, mode and random numbers are afterwards as they were, and the same
    network is seen the same way.
    """

    title: str
    paper: str

    def refuse(self, opened: "Opened") -> str | None:
        """Why there is nothing to see in this network, as a sentence; None when there is."""
        ...

    def look(self, opened: "Opened") -> "Seen":
        """The answer, and what it is read from. Raises UserError where `refuse` has a reason."""
        ...


@cache
def cards() -> dict[str, Card]:
    """The card of every view of this folder, by name."""
    return cards_in(Path(__file__).parent, "VIEW")


def checked(name: str, settings: Mapping[str, Value]) -> dict[str, Value]:
    """Every setting of a view, those given checked, the others at their default. UserError."""
    return checked_of("view", cards(), name, settings)


def create(name: str, settings: Mapping[str, Value]) -> View:
    """A view with its settings checked; what is not given takes its default."""
    chosen = checked(name, settings)
    view: View = importlib.import_module(f"playground.interpret.{name}").VIEW(**chosen)
    return view
