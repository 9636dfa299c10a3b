"""Every method's default settings on every architecture, and each other choice of each setting on
one architecture of every family: what physics is tried on. A new method file is in it by itself.

Nothing here asks a method anything when it is imported: whether one refuses a model is found out
when a test wants to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pytest
import torch
from _pytest.mark import ParameterSet

from playground.methods import Method, Value, cards, create
from playground.models.answer_logits import answer_logits, plain_network
from playground.models.answer_words import AnswerWords
from playground.models.families import Batch, Encoded, collate
from playground.models.language_model import LanguageModel
from tests.tiny import ARCHITECTURES, FAST, tiny_model

WORDS = AnswerWords(("good", "bad"), ((60, 61), (70,)))
SEQUENCES = ((1, 90, 91, 92, 93, 94, 2), (1, 120, 121, 2), (1, 200, 201, 202, 203, 204, 205, 2))
DECODED = ((0, 60), (0, 80, 81, 70), (0, 82, 60))  # what a decoder has before its next token
GOLD = torch.tensor([[60, 61], [70, 5], [60, 61]])  # what follows the last two positions
LONG_TEXT = "What a film"  # for settings that take any text
CHOICES_ON = ("gpt2", "bert", "t5")
# The ways of keeping linear layers, tied ones included. To the less common methods, which are
# peft's tuners on those layers, the other architectures are the same.
LINEAR_KINDS = ("gpt2", "llama", "gpt_neox", "bert", "albert", "t5")

Settings = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Case:
    """One method with settings, on one architecture."""

    name: str
    settings: Settings
    architecture: str

    @property
    def method(self) -> Method:
        return create(self.name, dict(self.settings))

    @property
    def id(self) -> str:
        chosen = (
            f"{key}={value}" if type(value) is bool else value for key, value in self.settings
        )
        return "-".join([self.name, *chosen, self.architecture])


def settings_of(name: str) -> list[Settings]:
    """The defaults, then each other choice of each setting by itself."""
    own = [one for one in cards.cards()[name].settings if one.name not in cards.SHARED]
    texts = tuple((s.name, LONG_TEXT) for s in own if s.kind == "str" and not s.choices)
    chosen = [(s.name, choice) for s in own for choice in s.choices if choice != s.default]
    switched = [(s.name, not s.default) for s in own if s.kind == "bool"]
    return [(), *((choice, *texts) for choice in [*chosen, *switched])]


def all_cases() -> list[Case]:
    return [
        Case(name, settings, architecture)
        for name in cards.cards()
        for settings in settings_of(name)
        for architecture in (CHOICES_ON if settings else architectures_of(name))
    ]


def architectures_of(name: str) -> Sequence[str]:
    """Those that a method with its defaults is tried on."""
    return ARCHITECTURES if cards.cards()[name].tier == "main" else LINEAR_KINDS


@cache
def refusal(case: Case) -> str | None:
    """Why the method cannot tune the model, where it says so."""
    return case.method.refuse(_model(case.architecture))


def fitting(name: str, architectures: Sequence[str]) -> list[Case]:
    """A method's cases on these architectures, without those that it refuses."""
    found = [case for case in all_cases() if case.name == name]
    return [one for one in found if one.architecture in architectures and refusal(one) is None]


@cache
def _model(architecture: str) -> LanguageModel:
    """One to ask about, which nothing is built on."""
    return tiny_model(architecture)


def parameters(cases: Sequence[Case]) -> list[ParameterSet]:
    """The cases for pytest: the defaults on one architecture of each family are fast, the others
    marked slow."""
    fast = [(architecture, ()) for architecture in FAST]
    return [
        pytest.param(
            case,
            id=case.id,
            marks=() if (case.architecture, case.settings) in fast else pytest.mark.slow,
        )
        for case in cases
    ]


def batch_of(
    sequences: tuple[tuple[int, ...], ...] = SEQUENCES,
    decoded: tuple[tuple[int, ...], ...] = (),
) -> Batch:
    """Right-padded, asked for the logits of the last two positions of each."""
    answering = decoded or sequences
    rows = [(len(ids) - 2, len(ids) - 1) for ids in answering]
    items = [
        Encoded(ids, at, decoder)
        for ids, at, decoder in zip(sequences, rows, decoded or [()] * len(sequences), strict=True)
    ]
    return collate(items, pad_id=0)


def batch_for(network: torch.nn.Module, only: int | None = None) -> Batch:
    """The sequences, or only one of them, as a network of this family is given them."""
    chosen = slice(None) if only is None else slice(only, only + 1)
    decodes = plain_network(network).config.is_encoder_decoder
    return batch_of(SEQUENCES[chosen], DECODED[chosen] if decodes else ())


def logits(network: torch.nn.Module, batch: Batch | None = None) -> torch.Tensor:
    with torch.no_grad():
        return answer_logits(network, batch or batch_for(network))


def logits_by_row(network: torch.nn.Module) -> list[torch.Tensor]:
    """The plain call, for each sequence at every position that is not padding. Virtual positions
    that peft prepends are cut off."""
    batch = batch_for(network)
    decodes = batch.decoder_input_ids is not None
    lengths = [len(ids) for ids in (DECODED if decodes else SEQUENCES)]
    with torch.no_grad():
        whole = network(**batch.inputs()).logits[:, -max(lengths) :]
    return [row[:length] for row, length in zip(whole, lengths, strict=True)]


def all_logits(network: torch.nn.Module) -> torch.Tensor:
    """The same, one sequence after the other."""
    return torch.cat(logits_by_row(network))
