"""(IA)³: every key, value and feed-forward activation is rescaled by a trained vector."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import peft
import torch
from peft.tuners.ia3 import IA3Layer
from torch.nn.utils import parametrize
from transformers import PretrainedConfig, PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.blocks import (
    attention_linears,
    blocks,
    output_projections,
    target_modules,
)
from playground.methods.common.peft_layers import (
    ADAPTER,
    merged,
    open_saved,
    saved_settings,
    target_fields,
    transposed,
    wrap,
)
from playground.methods.common.saving import write_tensors
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KEY_OR_VALUE = {"k", "v", "key", "value"}  # parts of a layer's name
FUSED = {"qkv", "wqkv", "c_attn", "query_key_value"}  # query, key and value from one layer
# Kinds of models by the order of a fused layer's outputs
ONE_AFTER_THE_OTHER = ("gpt2", "openai-gpt", "modernbert", "phi3")  # queries, keys, values
HEAD_BY_HEAD = ("gpt_neox", "bloom")  # of each head its query, key, value


@dataclass(frozen=True)
class IA3:
    """The model's own activations are rescaled, made larger or smaller, each by a factor that
    trains: few parameters, good with few examples. Afterwards they can be merged into the weights,
    so answering costs nothing extra.

    Keys become l_k * K, values l_v * V, and the inner activation of the feed-forward layer l_ff *
    gamma(W x), elementwise; all l start at one, so training starts from the base. Trainable
    parameters: d_k + d_v + d_ff per block, in a decoder with cross-attention 2 d_k + 2 d_v + d_ff
    (Liu et al. 2022, arXiv:2205.05638, section 3.3). Exactly those, where peft by itself also
    scales BERT's attention output, OPT's queries, and all of a fused projection of query, key and
    value (GPT-2, GPT-NeoX, BLOOM): there the query's factors stay one here. The paper's two extra
    losses are left out.

    The paper's learning rate is 3e-3, for 1000 steps of a far larger model.
    """

    title = "(IA)³"
    paper = "https://arxiv.org/abs/2205.05638"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True

    learning_rate: float = setting(0.1, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        for _, block in blocks(model.network):
            if not _keys_and_values(block) or _inner(block, model.network.config) is None:
                return (
                    f"{model.id} keeps its keys and values or its feed-forward weights in a form"
                    " (IA)³ cannot scale (a mixture of experts, for one). Try LoRA."
                )
        if not any(blocks(model.network)):
            return f"{model.id} has no blocks with keys and values to scale. Try LoRA."
        checked = (*ONE_AFTER_THE_OTHER, *HEAD_BY_HEAD)
        kind = model.network.config.model_type
        if kind not in checked and any(_fused(name) for name in _chosen(model.network)):
            return (
                f"{model.id} ({kind}) has a fused projection of query, key and value, in an order"
                " (IA)³ does not know, so it could not leave the query alone. Try LoRA."
            )
        return None

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        plain = model.network
        chosen, inner = _chosen(plain), _inner_of_all(plain)
        config = peft.IA3Config(
            feedforward_modules=target_modules(plain, inner),
            fan_in_fan_out=transposed(plain, chosen),
            **target_fields(model, chosen),
        )
        network = wrap(model, config)
        for name, layer in _layers(network):
            if _fused(name):
                scale = layer.ia3_l[ADAPTER]
                scatter = KeyValueScale(
                    _keys_and_values_within(plain.config, len(scale)), scale.device
                )
                parametrize.register_parametrization(layer.ia3_l, ADAPTER, scatter)
        return network

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        write_tensors(folder, {f"{n}.ia3_l": one.ia3_l[ADAPTER] for n, one in _layers(network)})
        network.peft_config[ADAPTER].save_pretrained(str(folder))

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """An (IA)³ saved here or by peft itself. The base it names is not opened."""
        settings = saved_settings(folder, "IA3", ("feedforward_modules",))
        return open_saved(model, folder, peft.IA3Config, settings)

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return merged(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


class KeyValueScale(torch.nn.Module):
    """The trained factors at their positions among ones: a query's are not trained."""

    def __init__(self, trained: torch.Tensor, device: torch.device) -> None:
        super().__init__()
        self.outputs = len(trained)
        positions = trained.nonzero()[:, 0].to(device)
        self.positions = torch.nn.Buffer(positions, persistent=False)

    def forward(self, factors: torch.Tensor) -> torch.Tensor:
        """(trained, 1) -> (outputs, 1)."""
        return factors.new_ones(self.outputs, 1).index_copy(0, self.positions, factors)

    def right_inverse(self, scale: torch.Tensor) -> torch.Tensor:
        return scale[self.positions]


def _keys_and_values_within(config: PretrainedConfig, outputs: int) -> torch.Tensor:
    """Which outputs of a fused layer are keys or values: (outputs,) of bool."""
    config = config.get_text_config()
    heads = config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // heads
    index = torch.arange(outputs)
    return (
        index % (3 * width) >= width
        if config.model_type in HEAD_BY_HEAD
        else (index >= heads * width)
    )


def _chosen(network: PreTrainedModel) -> list[str]:
    """Names of all layers to scale, in order."""
    found: list[str] = []
    for path, block in blocks(network):
        own = (*_keys_and_values(block), _inner(block, network.config))
        found.extend(f"{path}.{name}" for name in own)
    return found


def _inner_of_all(network: PreTrainedModel) -> list[str]:
    return [f"{path}.{_inner(block, network.config)}" for path, block in blocks(network)]


def _keys_and_values(block: torch.nn.Module) -> list[str]:
    return [name for name in attention_linears(block) if _makes_key_or_value(name)]


def _inner(block: torch.nn.Module, config: PretrainedConfig) -> str | None:
    """The last feed-forward layer: what goes into it is the inner activation."""
    return output_projections(block, config.hidden_size)[1]


def _makes_key_or_value(name: str) -> bool:
    parts = set(name.rsplit(".", 1)[-1].lower().split("_"))
    return _fused(name) or (bool(KEY_OR_VALUE & parts) and not {"pos", "query"} & parts)


def _fused(name: str) -> bool:
    leaf = name.rsplit(".", 1)[-1].lower()
    return leaf in FUSED or bool(FUSED & set(leaf.split("_")))


def _layers(network: torch.nn.Module) -> Iterator[tuple[str, IA3Layer]]:
    return ((name, one) for name, one in network.named_modules() if isinstance(one, IA3Layer))


METHOD = IA3
