"""LoRA: a trainable low-rank branch beside each chosen linear layer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.peft_layers import (
    chosen_layers,
    merged,
    open_saved,
    save,
    saved_settings,
    target_fields,
    transposed,
    wrap,
)
from playground.methods.common.saving import read_config
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

# Fields of a saved configuration that are restored; any other one changes the computation.
RESTORED = (
    "r",
    "lora_alpha",
    "lora_dropout",
    "rank_pattern",
    "alpha_pattern",
    "use_rslora",
    "use_dora",
)
REFUSED = ("megatron_config", "lora_bias", "alora_invocation_tokens")
# Initialisations that take what B A begins with out of the base's own weights
CHANGES_THE_BASE = ("pissa", "olora", "corda", "loftq")


@dataclass(frozen=True)
class LoRA:
    """The model's weights stay as they are; beside each chosen layer a narrow branch of low rank
    learns what to add. After training the branch can be merged into the weights, so answering costs
    nothing extra.

    h = W x + (alpha / rank) B A x, with A (rank x inputs) random and B (outputs x rank) zero, so
    training starts from the base. Trainable parameters: rank * (inputs + outputs) per layer (Hu et
    al. 2021, arXiv:2106.09685, section 4.1). The paper adapts query and value, which is
    "attention"; GPT-2 and GPT-NeoX keep query, key and value in one layer, so there the key is
    adapted too. "all linear" adapts every layer of a block (Dettmers et al. 2023, arXiv:2305.14314,
    section 4). Training goes through peft.

    DoRA: h = m * (W + (alpha / rank) B A) x / norm, with the norm of each row of the sum and a
    trained magnitude m that starts at the norm of W: magnitude and direction train apart, for one
    parameter more per output (Liu et al. 2024, arXiv:2402.09353, section 4). rsLoRA: alpha /
    sqrt(rank) in place of alpha / rank, so that high ranks learn as fast as low ones (Kalajdzievski
    2023, arXiv:2312.03732, section 3).

    Tasks of many labels still gain from more steps.
    """

    title = "LoRA"
    paper = "https://arxiv.org/abs/2106.09685"
    paper_rate = (5e-4, 125_000_000)  # of 4e-4 to 5e-4, for RoBERTa-base
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True

    rank: int = setting(8, "Rank of the update: higher fits more", low=1, high=64)
    alpha: float = setting(16.0, "Scale: the update is multiplied by alpha / rank", low=1, high=128)
    dropout: float = setting(0.0, "Dropout on the input of the low-rank branch", low=0, high=0.5)
    placement: str = setting(
        "all linear",
        "Which linear layers of each block get a low-rank branch",
        choices=("attention", "feed-forward", "all linear"),
    )
    dora: bool = setting(False, "DoRA: train the magnitude of each output apart from its direction")
    rslora: bool = setting(False, "rsLoRA: scale by alpha / sqrt(rank) instead")
    learning_rate: float = setting(2e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(120, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_layers(model.network, self.placement):
            return None
        return f"LoRA finds no {self.placement} layers in {model.id}; try another placement."

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        chosen = chosen_layers(model.network, self.placement)
        config = peft.LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,  # type: ignore[arg-type]  # peft divides it: any number will do
            lora_dropout=self.dropout,
            use_dora=self.dora,
            use_rslora=self.rslora,
            fan_in_fan_out=transposed(model.network, chosen),
            **target_fields(model, chosen),
        )
        return wrap(model, config)

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A LoRA saved here or by peft itself. The base it names is not opened."""
        return open_saved(model, folder, peft.LoraConfig, lora_settings(folder))

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return merged(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


def lora_settings(folder: Path) -> dict[str, Any]:
    """What a saved LoRA is built with. UserError where it changes more than its layers."""
    settings, saved = saved_settings(folder, "LORA", RESTORED), read_config(folder, "LORA")
    foreign = [name for name in REFUSED if saved.get(name)]
    if str(saved.get("init_lora_weights")).lower().startswith(CHANGES_THE_BASE):
        foreign.append("init_lora_weights")
    if foreign:
        raise UserError(f"This LoRA also uses {foreign[0]}, which is not opened.")
    return settings


METHOD = LoRA
