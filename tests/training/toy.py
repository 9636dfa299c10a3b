"""A task a tiny model learns in a few steps: the first word gives the label away."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import torch

from playground.data.example import Example
from playground.events import Event
from playground.methods import Value, create
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.tasks.classification import Task
from playground.training import Plan, TrainingData, train
from tests.tiny import tiny_model

TASK = Task("Review: {text}\nSentiment:", {"pos": "positive", "neg": "negative"}, "label")
TEXTS = (
    "a good film",
    "a moving and funny film that was great",
    "good, and good again",
    "great",
    "it was a good and moving film, a great film",
    "funny",
)
PLAN = Plan(
    steps=12, batch_size=4, learning_rate=2e-2, seed=0, evaluate_every=6, precision="float32"
)


def examples(count: int = 12) -> list[Example]:
    """Half of each label, of several lengths."""
    made = []
    for index in range(count):
        text, label = TEXTS[index // 2 % len(TEXTS)], ("pos", "neg")[index % 2]
        word = "Good" if label == "pos" else "Bad"
        made.append(Example({"text": f"{word} {text} {index}"}, label, index + 1))
    return made


def swapped(given: list[Example]) -> list[Example]:
    """The same texts with the other label."""
    other = {"pos": "neg", "neg": "pos"}
    return [replace(example, label=other[example.label]) for example in given]


class Toy:
    """A method built on a tiny model, with data to train it on."""

    def __init__(
        self,
        method: str = "lora",
        architecture: str = "llama",
        settings: Mapping[str, Value] | None = None,
    ) -> None:
        self.model: LanguageModel = tiny_model(architecture)
        words = answer_words(self.model, TASK)
        torch.manual_seed(0)
        self.method = create(method, settings or {})
        self.network = self.method.build(self.model, words)
        self.data = TrainingData(TASK, words, examples(), (), examples(20)[12:])

    def train(self, plan: Plan = PLAN, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        return train(self.network, self.model, self.data, plan, stop)

    def learnt(self) -> dict[str, torch.Tensor]:
        named = self.network.named_parameters()
        return {name: p.detach().clone() for name, p in named if p.requires_grad}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)
