"""LoRA: a trainable low-rank update beside each chosen linear layer."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch
from transformers.pytorch_utils import Conv1D

from playground.errors import UserError
from playground.methods import setting
from playground.methods.blocks import (
    attention_linears,
    blocks,
    feed_forward_linears,
    query_and_value,
    target_modules,
)
from playground.methods.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    task_type,
    write_tensors,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

# What of a saved LoRA is taken over; anything else that is set changes the computation.
TAKEN = (
    "r",
    "lora_alpha",
    "lora_dropout",
    "target_modules",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "rank_pattern",
    "alpha_pattern",
    "fan_in_fan_out",
    "use_rslora",
    "use_dora",
)
REFUSED = (
    "modules_to_save",
    "megatron_config",
    "trainable_token_indices",
    "layer_replication",
    "target_parameters",
    "lora_bias",
    "alora_invocation_tokens",
)


@dataclass(frozen=True)
class LoRA:
    """The model's weights stay as they are; beside each chosen layer a narrow detour learns what
    to add. After training the detour can be folded into the weights, so answering costs nothing
    extra.

    h = W x + (alpha / rank) B A x, with A (rank x inputs) random and B (outputs x rank) zero, so
    training starts from the base. It trains rank * (inputs + outputs) numbers per layer
    (Hu et al. 2021, arXiv:2106.09685, section 4.1). The paper adapts query and value, which is
    "attention"; GPT-2 and GPT-NeoX keep query, key and value in one layer, so there the key is
    adapted too. "all linear" adapts every layer of a block (Dettmers et al. 2023,
    arXiv:2305.14314, section 4). Training goes through peft.

    Rate: of 5e-4, 1e-3 and 2e-3 with the bundled model the middle one did about as well as any on
    film reviews, support tickets, sst2 and trec6 (32 or 64 labels per class, one seed;
    tests/benchmarks/sweep_defaults.py). Steps: about 15 seconds on two cores; tasks of many labels
    still gain from twice as many.
    """

    title = "LoRA"
    paper = "https://arxiv.org/abs/2106.09685"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True

    rank: int = setting(8, "Width of the detour: wider fits more", low=1, high=64)
    alpha: float = setting(16.0, "The detour counts alpha / rank times", low=1, high=128)
    dropout: float = setting(0.0, "Share of the detour's input left out", low=0, high=0.5)
    placement: str = setting(
        "all linear",
        "Which layers of each block get a detour",
        choices=("attention", "feed-forward", "all linear"),
    )
    learning_rate: float = setting(1e-3, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if self._chosen(model.network):
            return None
        return f"LoRA finds no {self.placement} layers in {model.id}; try another placement."

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        chosen = self._chosen(model.network)
        config = peft.LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules=target_modules(model.network, chosen),
            fan_in_fan_out=isinstance(model.network.get_submodule(chosen[0]), Conv1D),
            task_type=task_type(model),
        )
        return _wrap(model, config)

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        write_tensors(folder, peft.get_peft_model_state_dict(network, save_embedding_layers=False))
        network.peft_config["default"].save_pretrained(str(folder))

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A LoRA saved here or by peft itself. The base it names is not opened."""
        saved = read_config(folder, "LORA")
        foreign = [name for name in REFUSED if saved.get(name)]
        if foreign or saved.get("bias", "none") != "none":
            raise UserError(f"This LoRA also uses {[*foreign, 'bias'][0]}, which is not opened.")
        taken = {name: saved[name] for name in TAKEN if name in saved}
        given = read_tensors(folder)
        network = _wrap(model, peft.LoraConfig(**taken, task_type=task_type(model)))
        own = peft.get_peft_model_state_dict(network, save_embedding_layers=False)
        try:
            fill(own, given)
        except UserError:
            self.remove(network)  # the base stays usable
            raise
        return network.requires_grad_(False).eval()

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()

    def _chosen(self, network: torch.nn.Module) -> list[str]:
        pick = {"attention": query_and_value, "feed-forward": feed_forward_linears}
        wanted = pick.get(self.placement, _all_linears)
        return [f"{path}.{name}" for path, block in blocks(network) for name in wanted(block)]


def _all_linears(block: torch.nn.Module) -> dict[str, torch.nn.Module]:
    return attention_linears(block) | feed_forward_linears(block)


def _wrap(model: LanguageModel, config: peft.LoraConfig) -> peft.PeftModel:
    network = peft.get_peft_model(model.network, config)
    config.base_model_name_or_path = public_id(model.id)  # peft would write this machine's path
    return network


METHOD = LoRA
