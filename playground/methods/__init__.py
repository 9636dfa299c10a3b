"""Ways of tuning a model, one file each: a file that ends in `METHOD = …` is in the menu.

This module and cards.py stay light; METHODS imports the method files, and with them torch and
peft, on first use.
"""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playground.cards import Value, setting
from playground.methods import cards

if TYPE_CHECKING:  # a page that lists methods must not import torch
    import torch

    from playground.models.answer_words import AnswerWords
    from playground.models.language_model import LanguageModel

__all__ = ["Method", "Value", "create", "setting"]


class Method(Protocol):
    """A frozen dataclass whose fields are `setting`s and whose docstring is the card.

    Every method has the settings learning_rate, steps and batch_size, with defaults of its own.
    Five things are optional: `shelf = "more"`, which a page shows apart from the main ones;
    `paper_rate = (rate, parameters)`, of a model larger than the bundled one, towards which the
    default rate falls (`playground.methods.common.rates`);
    `head = True`, for a network that answers by a classifier head: `build` is given the labels in
    place of label words, and there is no choice of what competes with the right one;
    `merge(network)` with `merges = True`, which gives a copy of the plain network with what was
    learnt folded into its weights, answering the same, where that is exact; and `kept(network)`,
    how many numbers of four bytes `save` writes, where these are not those that train.
    """

    title: str
    paper: str
    weight_decay: float  # of what it trains
    schedule: str  # of the learning rate after its warm-up: "linear" to zero or "constant"
    starts_as_base: bool  # whether it answers as the base does before its first update
    learning_rate: float
    steps: int
    batch_size: int

    def refuse(self, model: "LanguageModel") -> str | None:
        """Why this method cannot tune this model, as a sentence; None when it can."""
        ...

    def build(
        self, model: "LanguageModel", words: "AnswerWords | None" = None
    ) -> "torch.nn.Module":
        """The network to train, called as the plain one is; only what trains requires a gradient.

        `words`: what the network is to answer with (`methods.common.heads.words_for`). The
        model's network may be changed in place: it belongs to this network until `remove`.
        """
        ...

    def save(self, network: "torch.nn.Module", folder: Path) -> None:
        """What was learnt, as safetensors and JSON, without the base."""
        ...

    def load(self, model: "LanguageModel", folder: Path) -> "torch.nn.Module":
        """The saved network on a base, ready to be asked. Its own files say its settings."""
        ...

    def remove(self, network: "torch.nn.Module") -> "torch.nn.Module":
        """The base, bit for bit as it was before `build` or `load`."""
        ...


def create(name: str, settings: Mapping[str, Value]) -> Method:
    """A method with its own settings checked; what is not given takes its default. Those that
    methods share, which are for the training loop, are passed over."""
    chosen = cards.checked(name, _own(settings))
    return _methods()[name](**_own(chosen))


def _own(settings: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in settings.items() if key not in cards.SHARED}


def _methods() -> dict[str, type]:
    return {
        name: importlib.import_module(f"playground.methods.{name}").METHOD for name in cards.cards()
    }


def __getattr__(name: str) -> dict[str, type]:
    if name == "METHODS":
        return _methods()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
