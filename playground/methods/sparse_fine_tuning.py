"""Sparse fine-tuning: a few chosen weights of every tensor train, all others stay."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import from_settings, setting
from playground.methods.cards import checked
from playground.methods.common.attached import attach, attached
from playground.methods.common.blocks import blocks
from playground.methods.common.hooks import Gradients, Hooks, Preparing
from playground.methods.common.saving import (
    public_id,
    read_config,
    read_tensors,
    write_config,
    write_tensors,
)
from playground.methods.common.sparse_update import SparseUpdate
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KIND = "PLAYGROUND_SPARSE_FINE_TUNING"  # not one of peft's types
SAVED = ("share", "mask", "burn_in")


@dataclass(frozen=True)
class SparseFineTuning:
    """One weight in two hundred trains: those on which the loss depends most. They are chosen once,
    before training, by the gradient at the base; all others stay bit for bit. Their coordinates and
    what was added are saved, and the tuned model answers as fast as ever.

    W + S, where S is zero but at the floor(share * n) coordinates of each tensor of n weights in
    the model's blocks whose |sum of gradients| over some batches is largest. This is the mask of
    the Second-order Approximation Method, "SAM" (Fu et al. 2023, arXiv:2211.15583, the section of
    that name: with one bound for all curvatures, the best mask has the largest squared gradients);
    it has nothing to do with sharpness-aware minimisation. Two masks to compare with: "random", and
    "magnitude", the largest weights. Choosing needs the memory of one gradient per weight.
    """

    title = "Sparse fine-tuning"
    paper = "https://arxiv.org/abs/2211.15583"
    paper_rate = (1e-4, 125_000_000)  # of RoBERTa-base
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True

    share: float = setting(
        0.005, "Density: share of each tensor's weights that trains", low=1e-4, high=0.5
    )
    mask: str = setting(
        "SAM",
        "Mask: weights of largest gradient (SAM), of largest magnitude, or any",
        choices=("SAM", "magnitude", "random"),
    )
    burn_in: int = setting(
        32, "Batches whose gradients are summed for the SAM mask", low=1, high=1000
    )
    learning_rate: float = setting(1e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        tensors = _tensors(model.network)
        if not all(tensor.is_floating_point() for tensor in tensors.values()):
            return f"The weights of {model.id} are quantised and cannot train. Try LoRA."
        if self.counts(model.network):
            return None
        largest = max((tensor.numel() for tensor in tensors.values()), default=0)
        return (
            f"A share of {self.share:g} is not one weight of any tensor in {model.id}, whose"
            f" largest has {largest:,}. Choose a larger share."
        )

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        """For "SAM" the coordinates are random ones until the training loop prepares."""
        if reason := self.refuse(model):
            raise UserError(reason)
        network, tensors = model.network.requires_grad_(False), _tensors(model.network)
        counts = self.counts(network).items()
        pick = _largest if self.mask == "magnitude" else _random
        update = self._set(model, {name: pick(tensors[name], count) for name, count in counts})
        update.attach()
        indices: dict[str, torch.Tensor] = {
            name: one.indices for name, one in update.coordinates.items()
        }
        prepare = partial(_choose, self.burn_in, network) if self.mask == "SAM" else Hooks().prepare
        attach(network, "training_hooks", Hooks(prepare=prepare, state=indices))
        return network

    def saved_parameters(self, network: PreTrainedModel) -> int:
        """A coordinate and a value for each trainable parameter."""
        return 2 * sum(self.counts(network).values())

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        update = attached(network, "sparse_update", SparseUpdate)
        write_tensors(folder, update.saved())
        write_config(folder, update.config)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """The base with the values written into its weights; `remove` takes them out again."""
        config, given = read_config(folder, KIND), read_tensors(folder)
        chosen = checked("sparse_fine_tuning", {k: config[k] for k in SAVED if k in config})
        method = from_settings(SparseFineTuning, {name: chosen[name] for name in SAVED})
        counts, device = method.counts(model.network), model.network.device
        empty = {
            name: torch.zeros(n, dtype=torch.int64, device=device) for name, n in counts.items()
        }
        update = method._set(model, empty)
        try:
            update.take(given)
        except UserError:
            self.remove(model.network)  # the base stays usable
            raise
        update.write()
        return model.network.requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        attached(network, "sparse_update", SparseUpdate).undo()
        del network.sparse_update
        if hasattr(network, "training_hooks"):
            del network.training_hooks
        return network

    def counts(self, network: PreTrainedModel) -> dict[str, int]:
        """How many coordinates of each tensor train; tensors too small for one are left out."""
        counts = {name: int(self.share * one.numel()) for name, one in _tensors(network).items()}
        return {name: count for name, count in counts.items() if count}

    def _set(self, model: LanguageModel, indices: dict[str, torch.Tensor]) -> SparseUpdate:
        if hasattr(model.network, "sparse_update"):
            raise ValueError("this network has a sparse update already: remove that one first")
        config = {"peft_type": KIND, "base_model_name_or_path": public_id(model.id)}
        config |= {name: getattr(self, name) for name in SAVED}
        update = SparseUpdate(model.network, indices, config)
        attach(model.network, "sparse_update", update)
        return update


def _tensors(network: PreTrainedModel) -> dict[str, torch.nn.Parameter]:
    """Every parameter of the blocks, by name."""
    return {
        f"{path}.{name}": parameter
        for path, block in blocks(network)
        for name, parameter in block.named_parameters()
    }


def _choose(batches: int, network: PreTrainedModel, gradients: Gradients) -> Preparing:
    """Set the coordinates to those of the largest summed gradients at the base.

    Without dropout, so that they depend on the weights and the examples only.
    """
    update, was_training = attached(network, "sparse_update", SparseUpdate), network.training
    network.eval()
    for tensor in update.tensors.values():
        tensor.requires_grad_(True)
    try:
        for step in range(1, batches + 1):
            yield f"choosing what trains, batch {step} of {batches}"
            gradients(step)
        for name, tensor in update.tensors.items():
            if tensor.grad is not None:  # else the answers do not depend on it
                coordinates = update.coordinates[name]
                coordinates.indices.copy_(_largest(tensor.grad, len(coordinates.indices)))
    finally:
        for tensor in update.tensors.values():
            tensor.requires_grad_(False).grad = None
        network.train(was_training)


def _random(tensor: torch.Tensor, count: int) -> torch.Tensor:
    if tensor.is_meta:
        return torch.empty(count, dtype=torch.int64, device="meta")
    return torch.randperm(tensor.numel())[:count].to(tensor.device)


def _largest(tensor: torch.Tensor, count: int) -> torch.Tensor:
    """Coordinates of the largest absolute values, counted as if the tensor were flat."""
    return tensor.detach().abs().flatten().topk(count).indices


METHOD = SparseFineTuning
