"""QLoRA: LoRA beside layers that are stored in four bits."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.four_bit import installed, quantise, restore
from playground.methods.common.peft_layers import (
    chosen_layers,
    open_saved,
    save,
    target_fields,
    wrap,
)
from playground.methods.lora import lora_settings
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

EVERYWHERE = "all linear"


@dataclass(frozen=True)
class QLoRA:
    """LoRA, while the layers of the model's blocks are stored in four bits a number: a model of a
    quarter of the size on an accelerator, a little less exact, and the branches learn around that.
    It needs bitsandbytes. Answers before training are those of the model in four bits, not quite
    the base's; the merged model would be the same again, so there is none.

    h = X dequantised(W) + (alpha / rank) X A B: the weights in NF4, 16 values at the quantiles of a
    normal distribution, for each 64 weights a scale, and the scales themselves in eight bits
    (double quantisation), beside every linear layer of a block a low-rank branch (Dettmers et al.
    2023, arXiv:2305.14314, section 3). Computed in bfloat16 on an accelerator, in float32 on a CPU.
    As measured, 4.13 bits a weight; embeddings, norms and the output head stay whole. The whole
    layers wait in main memory to be restored. The paper's paged optimiser is left out. Trainable
    parameters: rank * (inputs + outputs) per layer. Training goes through peft.
    """

    title = "QLoRA"
    paper = "https://arxiv.org/abs/2305.14314"
    paper_rate = (2e-4, 7_000_000_000)  # of LLaMA
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    rank: int = setting(8, "Rank of the update: higher fits more", low=1, high=64)
    alpha: float = setting(16.0, "Scale: the update is multiplied by alpha / rank", low=1, high=128)
    dropout: float = setting(0.0, "Dropout on the input of the low-rank branch", low=0, high=0.5)
    learning_rate: float = setting(2e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if not installed():
            return (
                "QLoRA needs bitsandbytes, which is not installed here. Install it with"
                " 'pip install bitsandbytes' and start again, or use LoRA."
            )
        if not chosen_layers(model.network, EVERYWHERE):
            return f"QLoRA finds no linear layers in {model.id}. Try LoRA."
        return None

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        config = peft.LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,  # type: ignore[arg-type]  # peft divides it: any number will do
            lora_dropout=self.dropout,
            **target_fields(model, chosen_layers(model.network, EVERYWHERE)),
        )
        originals = _quantised(model)
        return _remember(wrap(model, config), originals, model.device)

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A LoRA made beside four bits, saved here or by peft itself, beside four bits again."""
        if reason := self.refuse(model):
            raise UserError(reason)
        settings = lora_settings(folder)
        originals = _quantised(model)
        try:
            network = open_saved(model, folder, peft.LoraConfig, settings)
        except UserError:
            restore(model.network, originals, model.device)
            raise
        return _remember(network, originals, model.device)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        originals, device = network.__dict__["originals"], network.__dict__["own_device"]
        base = network.unload()
        restore(base, originals, device)
        return base


def _quantised(model: LanguageModel) -> dict[str, torch.nn.Module]:
    """Puts the layers of the model's blocks into four bits, in place; returns the whole ones.

    Not those the architecture computes apart: a T5 casts what its `wo` reads to the format that
    the weights are stored in, which would be bytes.
    """
    model.network.requires_grad_(False)
    whole = model.network._keep_in_fp32_modules or ()
    chosen = chosen_layers(model.network, EVERYWHERE)
    stored = [name for name in chosen if name.rsplit(".", 1)[-1] not in whole]
    return quantise(model.network, stored, model.device)


def _remember(
    network: peft.PeftModel, originals: dict[str, torch.nn.Module], device: torch.device
) -> peft.PeftModel:
    """The whole layers, kept out of the network's own modules and weights."""
    network.__dict__["originals"], network.__dict__["own_device"] = originals, device
    return network


METHOD = QLoRA
