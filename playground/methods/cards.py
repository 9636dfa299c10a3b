"""What the page says about each method, read from its source without importing torch."""

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
    about: str  # the docstring: what it does, the equation, where the defaults come from
    settings: tuple[Setting, ...]  # its own, then those it shares with others
    shelf: str = "main"  # "more": one of the less common ones
    merges: bool = False  # whether what is learnt can be folded into the weights, exactly
    head: bool = False  # whether it answers by a classifier head, which reads no label words
    paper_rate: tuple[float, float] | None = None  # a rate in use on a model of so many parameters

    def setting(self, name: str) -> Setting:
        return next(setting for setting in self.settings if setting.name == name)


SHARED = {  # of every method that answers with label words
    "objective": Setting(
        "objective",
        "str",
        "label words",
        "What competes with the right label word: the other label words, or all words",
        choices=("label words", "all words"),
    )
}


@cache
def cards() -> dict[str, MethodCard]:
    """The card of every method file of this folder, by name."""
    found = sources(Path(__file__).parent, "METHOD")
    return {name: _card(source) for name, source in found.items()}


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
        about=source.about,
        settings=(*source.settings, *(() if head else SHARED.values())),
        shelf=source.literal("shelf", "main"),
        merges=source.literal("merges", False),
        head=head,
        paper_rate=source.literal("paper_rate"),
    )
