"""Parallel adapter: two small layers beside every block's feed-forward layer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import from_settings, setting
from playground.methods.cards import checked
from playground.methods.common.attached import attached
from playground.methods.common.blocks import (
    blocks,
    feed_forward_linears,
    output_projections,
    sizes,
    weight_of,
)
from playground.methods.common.bottlenecks import Bottleneck
from playground.methods.common.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    write_config,
    write_tensors,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KIND = "PLAYGROUND_PARALLEL_ADAPTER"  # not one of peft's types
SCALE = 4.0  # of the adapter branch (He et al. 2022, section 4.5)


class Branch(torch.nn.Module):
    """An adapter branch from what a feed-forward part reads to what it writes."""

    def __init__(self, bottleneck: Bottleneck) -> None:
        super().__init__()
        self.bottleneck = bottleneck
        self.waiting: torch.Tensor | None = None  # between the part's first and its last layer

    def read(self, layer: torch.nn.Module, inputs: tuple[Any, ...]) -> None:
        """Forward pre-hook of the part's first layer."""
        self.waiting = SCALE * self.bottleneck(inputs[0])

    def add(
        self, layer: torch.nn.Module, inputs: tuple[Any, ...], output: torch.Tensor
    ) -> torch.Tensor:
        """Forward hook of its last one, so before the residual is added."""
        waiting, self.waiting = self.waiting, None
        return output if waiting is None else output + waiting


class Branches(torch.nn.Module):
    """Every adapter branch of a network, and its hooks."""

    def __init__(self, network: PreTrainedModel, method: "ParallelAdapter", base: str) -> None:
        super().__init__()
        self.method, self.base = method, base
        self.positions = method.positions(network)
        self.branches: list[Branch] = []
        self.handles: list[torch.utils.hooks.RemovableHandle] = []
        for first, last in self.positions:
            begins, ends = network.get_submodule(first), network.get_submodule(last)
            width, device = sizes(begins)[0], weight_of(begins).device
            branch = Branch(Bottleneck(width, method.bottleneck, method.non_linearity, device))
            self.branches.append(branch)
            self.handles.append(begins.register_forward_pre_hook(branch.read))
            self.handles.append(ends.register_forward_hook(branch.add))
        self.each = torch.nn.ModuleList(self.branches)

    def tensors(self) -> dict[str, torch.Tensor]:
        """What is saved, named by the layer to whose result it is added."""
        pairs = zip(self.positions, self.branches, strict=True)
        return {
            f"{last}.{key}": parameter
            for (_, last), branch in pairs
            for key, parameter in branch.bottleneck.named_parameters()
        }

    def undo(self) -> None:
        for handle in self.handles:
            handle.remove()


@dataclass(frozen=True)
class ParallelAdapter:
    """Beside every block's feed-forward layer a narrow adapter branch reads the same input and adds
    to the result; only the branches train. The model gets wider, not deeper, and they cannot be
    merged into its weights.

    FFN(x) + 4 (U f(D x + b) + c), with D (bottleneck x width) and U (width x bottleneck); U starts
    at zero, so training starts from the base. Trainable parameters: 2 * width * bottleneck + width
    + bottleneck per block (He et al. 2022, arXiv:2110.04366, sections 3.3 and 4.5: parallel, at the
    feed-forward layer, scaled by 4). With the non-linearity "none" it is FFN(x) + 4 U D x, a linear
    branch around the whole feed-forward block: LoRA's product, but around the block's own
    non-linearity instead of beside one matrix, so it cannot be merged either. A model that shares
    one block among its layers (ALBERT) shares the branch too.
    """

    title = "Parallel adapter"
    paper = "https://arxiv.org/abs/2110.04366"
    weight_decay = 0.01
    schedule = "linear"
    starts_as_base = True

    bottleneck: int = setting(64, "Bottleneck dimension", low=1, high=512)
    non_linearity: str = setting(
        "relu",
        "Activation in the bottleneck; none: a linear branch of that rank",
        choices=("relu", "none"),
    )
    learning_rate: float = setting(2e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        found = list(blocks(model.network))
        if len(self.positions(model.network)) < len(found):
            return (
                f"{model.id} keeps its feed-forward weights in a form no branch can run beside"
                " (a mixture of experts, for one). Try LoRA."
            )
        return None if found else f"{model.id} has no blocks to set them in. Try soft prompts."

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        return self._attach(model)

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        branches = attached(network, "parallel_adapter", Branches)
        write_tensors(folder, branches.tensors())
        settings = {
            "bottleneck": branches.method.bottleneck,
            "non_linearity": branches.method.non_linearity,
            "reads": [first for first, _ in branches.positions],
        }
        base = {"peft_type": KIND, "base_model_name_or_path": branches.base}
        write_config(folder, {**base, **settings})

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        saved = read_config(folder, KIND)
        names = ("bottleneck", "non_linearity")
        chosen = checked("parallel_adapter", {name: saved[name] for name in names if name in saved})
        given = read_tensors(folder)
        network = from_settings(ParallelAdapter, {name: chosen[name] for name in names})._attach(
            model
        )
        try:
            fill(attached(network, "parallel_adapter", Branches).tensors(), given)
        except UserError:
            self.remove(network)  # the base stays usable
            raise
        return network.requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        attached(network, "parallel_adapter", Branches).undo()
        del network.parallel_adapter
        return network

    def positions(self, network: PreTrainedModel) -> list[tuple[str, str]]:
        """Of every block's feed-forward part, the layer that reads its input and the one that
        writes its result; blocks where one of them is missing are left out."""
        width, found = network.config.hidden_size, []
        for path, block in blocks(network):
            linears = feed_forward_linears(block)
            first = next((name for name, one in linears.items() if sizes(one)[0] == width), None)
            _, last = output_projections(block, width)
            if first and last:
                found.append((f"{path}.{first}", f"{path}.{last}"))
        return found

    def _attach(self, model: LanguageModel) -> PreTrainedModel:
        network = model.network
        if hasattr(network, "parallel_adapter"):
            raise ValueError("this network has a parallel adapter already: remove that one first")
        network.requires_grad_(False)
        network.parallel_adapter = Branches(network, self, public_id(model.id))
        return network


METHOD = ParallelAdapter
