"""Every method with every choice of its settings, on every architecture: what physics is tried on.

A new method file is in it by itself.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from playground.methods import Method, cards, create
from playground.models.answer_logits import answer_logits, virtual_tokens
from playground.models.answer_words import AnswerWords
from playground.models.families import Batch, Encoded, collate
from playground.models.language_model import LanguageModel
from tests.tiny import ARCHITECTURES, tiny_model

WORDS = AnswerWords(("good", "bad"), ((60, 61), (70,)))
SEQUENCES = ((1, 90, 91, 92, 93, 94, 2), (1, 120, 121, 2), (1, 200, 201, 202, 203, 204, 205, 2))
GOLD = torch.tensor([[60, 61], [70, 5], [60, 61]])
LONG_TEXT = "What a film"  # for settings that take any text


@dataclass(frozen=True)
class Case:
    """One method with settings, on one architecture."""

    name: str
    settings: tuple[tuple[str, str], ...]
    architecture: str

    @property
    def method(self) -> Method:
        return create(self.name, dict(self.settings))

    @property
    def id(self) -> str:
        return "-".join([self.name, *(value for _, value in self.settings), self.architecture])


def settings_of(name: str) -> list[tuple[tuple[str, str], ...]]:
    """The defaults, then each other choice of each setting by itself."""
    own = [one for one in cards.cards()[name].settings if one.name not in cards.SHARED]
    texts = tuple((s.name, LONG_TEXT) for s in own if s.kind == "str" and not s.choices)
    chosen = [(s.name, choice) for s in own for choice in s.choices if choice != s.default]
    return [(), *((choice, *texts) for choice in chosen)]


def all_cases() -> list[Case]:
    return [
        Case(name, settings, architecture)
        for name in cards.cards()
        for settings in settings_of(name)
        for architecture in ARCHITECTURES
    ]


@cache
def supported() -> list[Case]:
    """The cases whose method does not refuse the model."""
    models = {name: tiny_model(name) for name in ARCHITECTURES}
    return [case for case in all_cases() if not case.method.refuse(models[case.architecture])]


def batch_of(sequences: tuple[tuple[int, ...], ...] = SEQUENCES) -> Batch:
    """Right-padded, asked for the logits of the last two positions of each."""
    items = [Encoded(ids, (len(ids) - 2, len(ids) - 1)) for ids in sequences]
    return collate(items, pad_id=0)


def logits(network: torch.nn.Module, batch: Batch | None = None) -> torch.Tensor:
    with torch.no_grad():
        return answer_logits(network, batch or batch_of())


def all_logits(network: torch.nn.Module) -> torch.Tensor:
    """The plain call, at every position that is not padding."""
    batch = batch_of()
    with torch.no_grad():
        output = network(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
    return output.logits[batch.attention_mask.bool()]


@dataclass
class Trained:
    """A method taken through its life on a tiny model: built, three updates, saved, removed."""

    model: LanguageModel
    before: dict[str, torch.Tensor]  # the base's tensors
    base_logits: torch.Tensor
    fresh_logits: torch.Tensor
    frozen_moved: list[str]  # names of frozen parameters that changed
    frozen: int
    without_gradient: list[str]  # trainable parameters with none at the second update
    trainable: int
    logits: torch.Tensor  # after training
    alone: list[torch.Tensor]  # likewise, every sequence by itself
    aligned: torch.Tensor  # likewise, of the plain call, at every position
    virtual: int
    removed_logits: torch.Tensor
    removed: dict[str, torch.Tensor]


def life(case: Case, folder: Path) -> Trained:
    model, method = tiny_model(case.architecture), case.method
    before = {key: tensor.clone() for key, tensor in model.network.state_dict().items()}
    base_logits = logits(model.network)
    torch.manual_seed(0)
    network = method.build(model, WORDS)
    fresh_logits = logits(network)
    kept = {k: p.detach().clone() for k, p in network.named_parameters() if not p.requires_grad}
    without_gradient = _three_updates(network)
    moved = [key for key, old in kept.items() if not torch.equal(network.get_parameter(key), old)]
    method.save(network, folder)
    trained = {
        "trainable": sum(p.numel() for p in network.parameters() if p.requires_grad),
        "logits": logits(network),
        "alone": [logits(network, batch_of((ids,)))[0] for ids in SEQUENCES],
        "aligned": all_logits(network),
        "virtual": virtual_tokens(network),
    }
    base = method.remove(network)
    return Trained(
        model=model,
        before=before,
        base_logits=base_logits,
        fresh_logits=fresh_logits,
        frozen_moved=moved,
        frozen=len(kept),
        without_gradient=without_gradient,
        removed_logits=logits(base),
        removed=dict(base.state_dict()),
        **trained,
    )


def _three_updates(network: torch.nn.Module) -> list[str]:
    """AdamW with weight decay over every parameter, frozen ones included, as a careless loop
    would; what must not move has no gradient. Returns what has none at the second update."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.02, weight_decay=0.1)
    without: list[str] = []
    for update in range(3):
        scores = answer_logits(network, batch_of()).log_softmax(-1)
        optimiser.zero_grad()
        (-scores.gather(-1, GOLD[..., None]).mean()).backward()
        if update == 1:
            without = [
                name
                for name, p in network.named_parameters()
                if p.requires_grad and (p.grad is None or not p.grad.abs().sum() > 0)
            ]
        optimiser.step()
    return without
