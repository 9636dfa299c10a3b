"""The names by which methods and models stand on the page."""

from playground.methods.cards import cards
from playground.models.catalogue import card


def method_title(name: str) -> str:
    """Of a method that is no more here, its name in code."""
    return cards()[name].title if name in cards() else name


def model_title(model: str) -> str:
    """Of a model that is not in the catalogue, its id."""
    known = card(model)
    return known.title if known else model
