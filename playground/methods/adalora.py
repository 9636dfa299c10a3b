"""AdaLoRA: LoRA whose rank is allocated among the layers while it trains."""

from dataclasses import dataclass
from pathlib import Path
from types import MethodType

import peft
import torch
from peft.tuners.tuners_utils import BaseTuner

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.attached import attach
from playground.methods.common.hooks import Hooks
from playground.methods.common.peft_layers import (
    adapter_config,
    chosen_layers,
    merged,
    open_saved,
    save,
    saved_settings,
    target_fields,
    transposed,
    wrap,
)
from playground.methods.common.rank_allocation import (
    Allocation,
    add_orthogonality_gradient,
    resize_to_pattern,
    schedule,
    singular_values,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

RESTORED = ("init_r", "target_r", "lora_alpha", "lora_dropout", "total_step", "rank_pattern")
AVERAGING = 0.85  # of a direction's sensitivity and its uncertainty (section 4.1)


@dataclass(frozen=True)
class AdaLoRA:
    """LoRA in which layers compete for rank: all start with half as much again as they will have on
    average, and what matters least to the loss is pruned, so some layers end with a high rank and
    some with none. Afterwards the branches can be merged into the weights.

    h = W x + (alpha / first rank) P diag(e) Q x, with e starting at zero, so training starts from
    the base. The importance score of a singular direction is the sensitivity |weight * gradient|,
    averaged over steps, times its uncertainty; after the first tenth of the steps the rank budget
    falls with the cube of the time left, and is final at half (Zhang et al. 2023, arXiv:2303.10512,
    sections 3.2 and 4.1). P and Q stay close to orthogonal by the gradient of |P'P - I|. Trainable
    parameters: 1.5 rank * (inputs + outputs + 1) per layer, of which two thirds are retained.
    Training goes through peft.

    The paper's rates are 5e-4 to 1.2e-3, for far longer runs.
    """

    title = "AdaLoRA"
    paper = "https://arxiv.org/abs/2303.10512"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True

    rank: int = setting(8, "Mean rank of a layer at the end", low=1, high=64)
    alpha: float = setting(
        32.0, "Scale: the update is multiplied by alpha / first rank", low=1, high=128
    )
    dropout: float = setting(0.0, "Dropout on the input of the low-rank branch", low=0, high=0.5)
    orthogonality: float = setting(0.1, "Weight of the orthogonality regulariser", low=0, high=10)
    placement: str = setting(
        "all linear",
        "Which linear layers of each block get a low-rank branch",
        choices=("attention", "feed-forward", "all linear"),
    )
    learning_rate: float = setting(2e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

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
            lora_alpha=self.alpha,  # type: ignore[arg-type]  # peft divides it: any number will do
            lora_dropout=self.dropout,
            **schedule(self.steps),
            beta1=AVERAGING,
            beta2=AVERAGING,
            orth_reg_weight=self.orthogonality,
            fan_in_fan_out=transposed(model.network, chosen),
            **target_fields(model, chosen),
        )
        network = _called_as_a_module(wrap(model, config))
        for name, parameter in network.named_parameters():
            if ".ranknum." in name:  # a constant of the scaling, which trains without any weights
                parameter.requires_grad_(False)
        add_orthogonality_gradient(network, self.orthogonality)
        allocation = Allocation(network)
        attach(network, "training_hooks", Hooks(updated=allocation.updated, state=allocation.state))
        return network

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        """The directions that were retained. Read off the weights, which may be those of a step
        before the last."""
        retained = {name: (e != 0).flatten().tolist() for name, e in singular_values(network)}
        some = any(any(flags) for flags in retained.values())
        adapter_config(network, peft.AdaLoraConfig).rank_pattern = retained if some else None
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """An AdaLoRA saved here or by peft itself. The base it names is not opened."""
        settings = {"total_step": 1, **saved_settings(folder, "ADALORA", RESTORED)}
        return _called_as_a_module(
            open_saved(model, folder, peft.AdaLoraConfig, settings, resize_to_pattern)
        )

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return merged(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


def _called_as_a_module(network: peft.PeftModel) -> peft.PeftModel:
    """peft's AdaLoRA calls the network's forward by itself, past every hook on the network: here
    it is called as all others are."""
    network.base_model.forward = MethodType(BaseTuner.forward, network.base_model)
    return network


METHOD = AdaLoRA
