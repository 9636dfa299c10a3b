"""Bottleneck adapter: two small layers with a non-linearity between them, inside every block."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import from_settings, setting
from playground.methods.cards import checked
from playground.methods.common.attached import attached
from playground.methods.common.blocks import blocks, norms, output_projections, sizes, weight_of
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

KIND = "PLAYGROUND_ADAPTER"  # not one of peft's types: peft has no bottleneck adapter
Hook = Callable[[torch.nn.Module, tuple[Any, ...], torch.Tensor], torch.Tensor]


class Adapters(torch.nn.Module):
    """Every bottleneck of a network, the layer norms that train with them, and their hooks."""

    def __init__(self, network: PreTrainedModel, method: "Adapter", base: str) -> None:
        super().__init__()
        self.method, self.base = method, base
        self.positions = method.positions(network)
        layers = [network.get_submodule(name) for name in self.positions]
        bottlenecks = [
            Bottleneck(sizes(layer)[1], method.bottleneck, "gelu", weight_of(layer).device)
            for layer in layers
        ]
        self.bottlenecks = torch.nn.ModuleList(bottlenecks)
        pairs = zip(layers, bottlenecks, strict=True)
        self.handles = [layer.register_forward_hook(_after(one)) for layer, one in pairs]
        self.norms = dict(_norm_parameters(network)) if method.layer_norms else {}
        self.before = {name: tensor.detach().clone() for name, tensor in self.norms.items()}

    def tensors(self) -> dict[str, torch.Tensor]:
        """What is saved, named by the layer it follows."""
        pairs = zip(self.positions, self.bottlenecks, strict=True)
        own: dict[str, torch.Tensor] = {
            f"{name}.{key}": p for name, one in pairs for key, p in one.named_parameters()
        }
        return own | self.norms

    def undo(self) -> None:
        for handle in self.handles:
            handle.remove()
        with torch.no_grad():
            for name, tensor in self.norms.items():
                tensor.copy_(self.before[name])


@dataclass(frozen=True)
class Adapter:
    """Small extra layers are set inside every block; they and the layer norms train, the rest stays
    frozen. They make the model a little deeper, so answering takes a little longer, and they cannot
    be merged into the weights.

    h + U gelu(D h + b) + c, with D (bottleneck x width) and U (width x bottleneck), put before the
    block's result is added to the residual stream; U starts at zero, so training starts from the
    base. "houlsby": one after attention and one after the feed-forward layer, layer norms trained
    (Houlsby et al. 2019, arXiv:1902.00751, section 2.1). "pfeiffer": one, after the feed-forward
    layer (Pfeiffer et al. 2020, arXiv:2005.00247, section 3); that paper leaves the layer norms as
    they are: switch them off to follow it. A model that shares one block among its layers (ALBERT)
    shares the adapter too.
    """

    title = "Adapter"
    paper = "https://arxiv.org/abs/1902.00751"
    paper_rate = (3e-4, 335_000_000)  # of 3e-5 to 3e-3, for BERT-large
    weight_decay = 0.01
    schedule = "linear"
    starts_as_base = True

    placement: str = setting(
        "houlsby", "Two per block (houlsby) or one (pfeiffer)", choices=("houlsby", "pfeiffer")
    )
    bottleneck: int = setting(32, "Bottleneck dimension", low=1, high=512)
    layer_norms: bool = setting(True, "Train the blocks' layer norms too")
    learning_rate: float = setting(2e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        width = model.network.config.hidden_size
        for _, block in blocks(model.network):
            attention, forward = output_projections(block, width)
            if forward is None or (self.placement == "houlsby" and not attention):
                return (
                    f"{model.id} keeps its feed-forward or attention weights in a form adapters"
                    " cannot follow (a mixture of experts, for one). Try LoRA."
                )
        return (
            None if self.positions(model.network) else f"{model.id} has no blocks to set them in."
        )

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        return self._attach(model)

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        adapters = attached(network, "adapters", Adapters)
        write_tensors(folder, adapters.tensors())
        settings = {
            "placement": adapters.method.placement,
            "bottleneck": adapters.method.bottleneck,
            "layer_norms": adapters.method.layer_norms,
        }
        base = {"peft_type": KIND, "base_model_name_or_path": adapters.base}
        write_config(folder, {**base, **settings})

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        saved = read_config(folder, KIND)
        names = ("placement", "bottleneck", "layer_norms")
        chosen = checked("adapter", {name: saved[name] for name in names if name in saved})
        given = read_tensors(folder)
        network = from_settings(Adapter, {name: chosen[name] for name in names})._attach(model)
        try:
            fill(attached(network, "adapters", Adapters).tensors(), given)
        except UserError:
            self.remove(network)  # the base stays usable
            raise
        return network.requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        attached(network, "adapters", Adapters).undo()
        del network.adapters
        return network

    def positions(self, network: PreTrainedModel) -> list[str]:
        """Names of the layers a bottleneck follows."""
        found: list[str] = []
        for path, block in blocks(network):
            attention, forward = output_projections(block, network.config.hidden_size)
            both = [*attention, forward] if self.placement == "houlsby" else [forward]
            found.extend(f"{path}.{name}" for name in both)
        return found

    def _attach(self, model: LanguageModel) -> PreTrainedModel:
        network = model.network
        if hasattr(network, "adapters"):
            raise ValueError("this network has adapters already: remove those first")
        adapters = Adapters(network.requires_grad_(False), self, public_id(model.id))
        network.adapters = adapters
        for norm in adapters.norms.values():
            norm.requires_grad_(True)
        return network


def _after(bottleneck: Bottleneck) -> Hook:
    """A forward hook of a block's output projection: its output goes through the bottleneck before
    the residual is added."""
    return lambda layer, inputs, output: output + bottleneck(output)


def _norm_parameters(network: PreTrainedModel) -> Iterator[tuple[str, torch.nn.Parameter]]:
    for path, block in blocks(network):
        for name, norm in norms(block, network.config.hidden_size).items():
            for key, parameter in norm.named_parameters(recurse=False):
                yield f"{path}.{name}.{key}", parameter


METHOD = Adapter
