"""AdaLoRA: LoRA whose width is handed out among the layers while it trains."""

from dataclasses import dataclass
from pathlib import Path
from types import MethodType

import peft
import torch
from peft.tuners.tuners_utils import BaseTuner

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.hooks import Hooks
from playground.methods.common.peft_layers import (
    ADAPTER,
    chosen_layers,
    folded_in,
    open_saved,
    places,
    save,
    saved_settings,
    transposed,
    wrap,
)
from playground.methods.common.rank_allocation import (
    Allocation,
    keep_apart,
    resize,
    schedule,
    values,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

TAKEN = ("init_r", "target_r", "lora_alpha", "lora_dropout", "total_step", "rank_pattern")
AVERAGING = 0.85  # of a direction's importance, and of how much that varies (section 4.1)


@dataclass(frozen=True)
class AdaLoRA:
    """LoRA in which layers compete for width: all start with half as much again as they will have
    on average, and what matters least to the loss is dropped, so some layers end wide and some
    with nothing. Afterwards the detours can be folded into the weights.

    h = W x + (alpha / first rank) P diag(e) Q x, with e starting at zero, so training starts from
    the base. The importance of a direction is |weight * gradient| of its numbers, averaged over
    updates, times how much it varies; after the first tenth of the steps the number kept falls
    with the cube of the time left, and is final at half (Zhang et al. 2023, arXiv:2303.10512,
    sections 3.2 and 4.1). P and Q are kept close to orthogonal by the gradient of |P'P - I|. It
    trains 1.5 rank * (inputs + outputs + 1) numbers per layer and keeps two thirds. Training goes
    through peft.

    The paper's rates are 5e-4 to 1.2e-3, for far longer runs.
    """

    title = "AdaLoRA"
    paper = "https://arxiv.org/abs/2303.10512"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True

    rank: int = setting(8, "Width of the detours at the end, on average", low=1, high=64)
    alpha: float = setting(32.0, "The detour counts alpha / first rank times", low=1, high=128)
    dropout: float = setting(0.0, "Share of the detour's input left out", low=0, high=0.5)
    orthogonality: float = setting(
        0.1, "How strongly a detour's directions are kept apart", low=0, high=10
    )
    placement: str = setting(
        "all linear",
        "Which layers of each block get a detour",
        choices=("attention", "feed-forward", "all linear"),
    )
    learning_rate: float = setting(2e-2, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_layers(model.network, self.placement):
            return None
        return f"AdaLoRA finds no {self.placement} layers in {model.id}; try another placement."

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        chosen = chosen_layers(model.network, self.placement)
        config = peft.AdaLoraConfig(
            init_r=(3 * self.rank + 1) // 2,
            target_r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            **schedule(self.steps),
            beta1=AVERAGING,
            beta2=AVERAGING,
            orth_reg_weight=self.orthogonality,
            fan_in_fan_out=transposed(model.network, chosen),
            **places(model, chosen),
        )
        network = _plainly_called(wrap(model, config))
        for name, parameter in network.named_parameters():
            if ".ranknum." in name:  # a constant of the scaling, which trains without any weights
                parameter.requires_grad_(False)
        keep_apart(network, self.orthogonality)
        allocation = Allocation(network)
        network.training_hooks = Hooks(updated=allocation.updated, state=allocation.state)
        return network

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        """The directions that were kept. Read off the weights, which may be those of an update
        before the last."""
        kept = {name: (e != 0).flatten().tolist() for name, e in values(network)}
        some = any(any(flags) for flags in kept.values())
        network.peft_config[ADAPTER].rank_pattern = kept if some else None
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """An AdaLoRA saved here or by peft itself. The base it names is not opened."""
        settings = {"total_step": 1, **saved_settings(folder, "ADALORA", TAKEN)}
        return _plainly_called(open_saved(model, folder, peft.AdaLoraConfig, settings, resize))

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return folded_in(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


def _plainly_called(network: peft.PeftModel) -> peft.PeftModel:
    """peft's AdaLoRA calls the network's forward by itself, past every hook on the network: here
    it is called as all others are."""
    network.base_model.forward = MethodType(BaseTuner.forward, network.base_model)
    return network


METHOD = AdaLoRA
