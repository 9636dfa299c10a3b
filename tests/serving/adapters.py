"""Finished adapters of every method that can share a batch, on a tiny model, and each one alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from playground import methods
from playground.methods.cards import cards
from playground.models.answer_logits import answer_logits
from playground.models.families import Encoded, collate
from playground.models.language_model import LanguageModel
from playground.scoring import score
from playground.serving import mixable
from playground.serving.asking import Asked
from playground.serving.injection import Injection, read
from playground.serving.lines import Line
from playground.tasks.classification import Task
from tests.tiny import SEQ2SEQ, tiny_model

# Adapters of one method differ in size, so that stacking them has to fill up.
SETTINGS: dict[str, tuple[dict, ...]] = {
    "lora": (
        {},
        {"placement": "attention", "rank": 3, "alpha": 5.0},
        {"dora": True, "rank": 2},
        {"rslora": True, "rank": 4},
    ),
    "soft_prompt": ({"length": 5}, {"length": 2}),
    "prefix_tuning": ({"length": 4}, {"length": 4, "reparametrise": False}, {"length": 2}),
    "p_tuning": ({"length": 3},),
    "p_tuning_v2": ({"length": 4},),
    "adapter": ({}, {"placement": "pfeiffer", "bottleneck": 7, "layer_norms": False}),
}
TASKS = (
    Task("Review: {text}\nSentiment:", {"p": "positive", "n": "negative"}, "label"),
    # words of one and of several tokens; one begins another one; two share a first token
    Task(
        "{text} It was",
        {"p": "positive", "g": "good film", "h": "good", "n": "not bad", "m": "not great"},
        "label",
        "Say what it is.",
    ),
    Task("Q: {text}\nWhat is it about?", {"a": "great", "b": "terrible film"}, "label"),
)
TEXTS = ("a good film", "a dull and lifeless film, a moving and funny film", "bad")


@dataclass(frozen=True)
class Made:
    """One finished adapter: where it is saved, and the network it is part of when it is alone."""

    method: str
    folder: Path
    model: LanguageModel
    network: torch.nn.Module

    def logits(self, line: Line) -> torch.Tensor:
        """What it gives alone, one row, without any padding."""
        return logits_alone(self.network, line)


def make(method_name: str, settings: dict, architecture: str, folder: Path) -> Made | None:
    """An adapter with random weights on the tiny model; None where the method refuses it."""
    model = tiny_model(architecture)
    method = methods.create(method_name, settings)
    if method.refuse(model):
        return None
    torch.manual_seed(len(str(settings)))
    network = method.build(model)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight += torch.randn_like(weight) / 10
    method.save(network, folder)
    return Made(method_name, folder, model, network.requires_grad_(False).eval())


def make_all(architecture: str, home: Path) -> list[Made]:
    """One or more of each mixable method."""
    names = [name for name in cards() if mixable(name)]
    wanted = [(name, settings) for name in names for settings in SETTINGS.get(name, ({},))]
    found = [make(*one, architecture, home / str(i)) for i, one in enumerate(wanted)]
    return [one for one in found if one is not None]


def injections(model: LanguageModel, made: Sequence[Made]) -> list[Injection]:
    return [read(model, one.method, one.folder) for one in made]


def logits_alone(network: torch.nn.Module, line: Line) -> torch.Tensor:
    batch = collate([Encoded(line.ids, line.rows, line.decoder)], pad_id=0)
    with torch.inference_mode():
        return answer_logits(network, batch)[0]


def line(architecture: str, number: int, user: int | None) -> Line:
    """A sequence of 3 to 9 tokens, asked at its last two positions, or at the decoder's."""
    ids = (1, *range(90 + number, 91 + number + number * 5 % 7), 2)
    if architecture in SEQ2SEQ:
        return Line(ids, (0, 1), (), user, (1, 60 + number))
    return Line(ids, (len(ids) - 2, len(ids) - 1), (), user)


def asked_of(users: Sequence[int | None]) -> list[Asked]:
    """A row for each user, of different tasks and lengths."""
    return [
        Asked(TASKS[i % len(TASKS)], {"text": TEXTS[i // 2 % len(TEXTS)]}, user)
        for i, user in enumerate(users)
    ]


def scores_alone(asked: Asked, made: Sequence[Made], base: LanguageModel) -> tuple[float, ...]:
    """Total and restricted scores of a row, by its adapter on a base of its own."""
    model, network = base, base.network
    if asked.user is not None:
        model, network = made[asked.user].model, made[asked.user].network
    found = score(model, network, asked.task, [asked.row]).scores[0]
    return (*found.total, *found.restricted)
