"""Every method's default settings on every architecture, and each other choice of each setting on
one architecture of every family: what physics is tried on. A new method file is in it by itself.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import torch

from playground.methods import Method, Value, cards, create
from playground.models.answer_logits import answer_logits, plain_network, virtual_tokens
from playground.models.answer_words import AnswerWords
from playground.models.families import Batch, Encoded, collate
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES
from tests.tiny import ARCHITECTURES, tiny_model

WORDS = AnswerWords(("good", "bad"), ((60, 61), (70,)))
SEQUENCES = ((1, 90, 91, 92, 93, 94, 2), (1, 120, 121, 2), (1, 200, 201, 202, 203, 204, 205, 2))
DECODED = ((0, 60), (0, 80, 81, 70), (0, 82, 60))  # what a decoder has before its next token
GOLD = torch.tensor([[60, 61], [70, 5], [60, 61]])
SHORTEST = 1  # the sequence that is padded the most
LONG_TEXT = "What a film"  # for settings that take any text
CHOICES_ON = ("gpt2", "bert", "t5")

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
        for architecture in (CHOICES_ON if settings else ARCHITECTURES)
    ]


@cache
def refusals() -> dict[Case, str]:
    """Why a method cannot tune a model, for the cases where it says so."""
    models = {name: tiny_model(name) for name in ARCHITECTURES}
    said = {case: case.method.refuse(models[case.architecture]) for case in all_cases()}
    return {case: reason for case, reason in said.items() if reason}


@cache
def supported() -> list[Case]:
    """The cases whose method does not refuse the model."""
    return [case for case in all_cases() if case not in refusals()]


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
    that peft leaves in front are cut off."""
    batch = batch_for(network)
    decodes = batch.decoder_input_ids is not None
    lengths = [len(ids) for ids in (DECODED if decodes else SEQUENCES)]
    with torch.no_grad():
        whole = network(**batch.given()).logits[:, -max(lengths) :]
    return [row[:length] for row, length in zip(whole, lengths, strict=True)]


def all_logits(network: torch.nn.Module) -> torch.Tensor:
    """The same, one sequence behind the other."""
    return torch.cat(logits_by_row(network))


@dataclass
class Trained:
    """A method taken through its life on a tiny model: built, two updates, saved, removed."""

    parameters: int  # of the base
    base_logits: torch.Tensor
    fresh_logits: torch.Tensor
    frozen_moved: list[str]  # names of frozen parameters that changed
    frozen: int
    without_gradient: list[str]  # trainable parameters with none at the second update
    trainable: int
    logits: torch.Tensor  # after training
    alone: torch.Tensor  # likewise, the shortest sequence by itself
    by_row: list[torch.Tensor]  # likewise, of the plain call, at every position
    virtual: int
    removed_logits: torch.Tensor
    changed_by_removal: list[str]  # names in the base's state that are not what they were
    saved: list[Path]
    counted_without_weights: int | None  # parameters that train, of one built on the meta device


def life(case: Case, folder: Path) -> Trained:
    """Lived on a network that the cases of an architecture share, unless it comes back changed."""
    base = _bases.pop(case.architecture, None) or Base.of(case.architecture)
    torch.manual_seed(0)
    model, method = replace(base.model), case.method
    network = method.build(model, WORDS)
    kept = {k: p.detach().clone() for k, p in network.named_parameters() if not p.requires_grad}
    trainable = sum(p.numel() for p in network.parameters() if p.requires_grad)
    fresh, without_gradient = _two_updates(network)
    now = dict(network.named_parameters())
    moved = [key for key, old in kept.items() if not torch.equal(now[key], old)]
    method.save(network, folder)
    answers = {
        "logits": logits(network),
        "alone": logits(network, batch_for(network, SHORTEST))[0],
        "by_row": logits_by_row(network),
        "virtual": virtual_tokens(network),
    }
    given_back = method.remove(network)
    removed, changed = logits(given_back), base.changed(given_back)
    if given_back is base.model.network and not changed and torch.equal(removed, base.logits):
        _bases[case.architecture] = base
    return Trained(
        parameters=base.model.parameters,
        base_logits=base.logits,
        fresh_logits=fresh,
        frozen_moved=moved,
        frozen=len(kept),
        without_gradient=without_gradient,
        trainable=trainable,
        removed_logits=removed,
        changed_by_removal=changed,
        saved=sorted(folder.iterdir()),
        counted_without_weights=_counted(case),
        **answers,
    )


@dataclass(frozen=True)
class Base:
    """A tiny model with what its network was before anything was built on it."""

    model: LanguageModel
    before: dict[str, torch.Tensor]
    logits: torch.Tensor

    @staticmethod
    def of(architecture: str) -> "Base":
        model = tiny_model(architecture)
        model.network.requires_grad_(False)
        before = {key: tensor.clone() for key, tensor in model.network.state_dict().items()}
        return Base(model, before, logits(model.network))

    def changed(self, network: torch.nn.Module) -> list[str]:
        """Names of tensors that came, went or moved, and of modules with a hook left on them."""
        now = network.state_dict()
        moved = {
            key for key in now.keys() & self.before if not torch.equal(now[key], self.before[key])
        }
        hooked = {k for k, m in network.named_modules() if m._forward_hooks or m._forward_pre_hooks}
        return sorted((now.keys() ^ self.before.keys()) | moved | hooked)


_bases: dict[str, Base] = {}  # by architecture, between two lives
_empty: dict[str, LanguageModel] = {}  # likewise, without weights


def _counted(case: Case) -> int | None:
    """Parameters that train, counted on a model of which no weight is in memory; None where one
    architecture of every family has told enough."""
    if case.settings or case.architecture not in CHOICES_ON:
        return None
    model = _empty.pop(case.architecture, None) or _weightless(case.architecture)
    network = case.method.build(replace(model), WORDS)
    counted = sum(p.numel() for p in network.parameters() if p.requires_grad)
    if any(not p.is_meta for p in network.parameters()):
        raise ValueError(f"{case.id} puts weights into memory when it is only counted")
    if case.method.remove(network) is model.network:
        _empty[case.architecture] = model
    return counted


def _weightless(architecture: str) -> LanguageModel:
    model = tiny_model(architecture)
    with torch.device("meta"):
        model.network = AUTO_CLASSES[model.family.name].from_config(model.network.config)
    model.network.requires_grad_(False)
    model.device = torch.device("meta")
    return model


def _two_updates(network: torch.nn.Module) -> tuple[torch.Tensor, list[str]]:
    """AdamW with weight decay over every parameter, frozen ones included, as a careless loop
    would; what must not move has no gradient.

    Returns the logits before the first, and what has no gradient at the second.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.02, weight_decay=0.1)
    batch, fresh = batch_for(network), None
    for _ in range(2):
        found = answer_logits(network, batch)
        fresh = found.detach() if fresh is None else fresh
        scores = found.log_softmax(-1)
        gold = GOLD % scores.shape[-1]  # a classifier head has fewer outputs than there are ids
        optimiser.zero_grad()
        (-scores.gather(-1, gold[..., None]).mean()).backward()
        optimiser.step()
    return fresh, [
        name
        for name, p in network.named_parameters()
        if p.requires_grad and (p.grad is None or not p.grad.any())
    ]
