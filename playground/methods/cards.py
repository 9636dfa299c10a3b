"""What the page says about each method, read from its source without importing torch."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playground.cards import Setting, Source, Value, checked_values, sources
from playground.errors import UserError


@dataclass(frozen=True)
class MethodCard:
    name: str  # of its file, and in a RunSpec
    title: str
    paper: str
    summary: str  # one line: what trains
    about: str  # the docstring: what it does, the equation, where the defaults come from
    settings: tuple[Setting, ...]  # its own, then those it shares with others
    tier: str = "main"  # "more": one of the less common ones
    merges: bool = False  # whether the update can be merged into the weights, exactly
    head: bool = False  # whether it answers by a classifier head, which reads no label words
    paper_rate: tuple[float, float] | None = (
        None  # a learning rate, of a model of so many parameters
    )

    def setting(self, name: str) -> Setting:
        return next(setting for setting in self.settings if setting.name == name)


SHARED = {  # of every method that answers with label words
    "objective": Setting(
        "objective",
        "str",
        "label words",
        "The softmax of the loss: over the label words alone, or over all words",
        choices=("label words", "all words"),
    )
}


@cache
def cards() -> dict[str, MethodCard]:
    """The card of every method file, by name: those of every folder on this package's path."""
    package = importlib.import_module("playground.methods")
    folders = [Path(folder) for folder in package.__path__]
    found = {name: one for folder in folders for name, one in sources(folder, "METHOD").items()}
    return {name: _card(found[name]) for name in sorted(found)}


def checked(name: str, settings: Mapping[str, Value]) -> dict[str, Value]:
    """Every setting of a method, those given checked, the others at their default.

    Raises UserError for a method or setting that is not there and for a value out of its range.
    """
    card = cards().get(name)
    if card is None:
        raise UserError(f"There is no method {name!r}. Choose one of {', '.join(cards())}.")
    return checked_values(card.title, card.settings, settings)


def _card(source: Source) -> MethodCard:
    head = bool(source.literal("head", False))
    return MethodCard(
        name=source.name,
        title=source.literal("title"),
        paper=source.literal("paper"),
        summary=_summary(source.file_about),
        about=source.about,
        settings=(*source.settings, *(() if head else SHARED.values())),
        tier=source.literal("tier", "main"),
        merges=source.literal("merges", False),
        head=head,
        paper_rate=source.literal("paper_rate"),
    )


def _summary(docstring: str) -> str:
    """The first paragraph of a method's file, without the title before its colon."""
    return " ".join(docstring.split("\n\n")[0].split()).partition(": ")[2].rstrip(".")
