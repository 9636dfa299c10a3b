"""LoHa: LoRA whose update is the Hadamard product of two low-rank matrices."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, all_linear_fields
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class LoHa(Tuner):
    """Like LoRA, but what is added to a layer's weights is two low-rank matrices multiplied element
    by element (their Hadamard product): of rank up to rank * rank for twice LoRA's parameters.

    h = W x + (alpha / rank) ((A B) * (C D)) x, with one factor starting at zero, so training starts
    from the base. Trainable parameters: 2 rank * (inputs + outputs) per linear layer of a block
    (Hyeon-Woo et al. 2022, arXiv:2108.06098, the section on the method; for language and image
    models Yeh et al. 2024, arXiv:2309.14859). Training goes through peft.
    """

    title = "LoHa"
    paper = "https://arxiv.org/abs/2108.06098"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.LoHaConfig
    restored = ("r", "alpha", "rank_dropout", "module_dropout", "rank_pattern", "alpha_pattern")

    rank: int = setting(8, "Rank of each of the two low-rank matrices", low=1, high=64)
    alpha: float = setting(16.0, "Scale: the update is multiplied by alpha / rank", low=1, high=128)
    learning_rate: float = setting(1e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.LoHaConfig(
            r=self.rank,
            alpha=self.alpha,  # type: ignore[arg-type]  # peft divides it: any number will do
            **all_linear_fields(model),
        )


METHOD = LoHa
