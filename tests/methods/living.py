"""A method's whole life on a tiny model, and what is noted of it for the laws of physics."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from playground.models.answer_logits import answer_logits, virtual_tokens
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES
from tests.methods.cases import CHOICES_ON, GOLD, WORDS, Case, batch_for, logits, logits_by_row
from tests.tiny import tiny_model

SHORTEST = 1  # the sequence that is padded the most


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
