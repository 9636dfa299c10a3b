"""LoHa: LoRA whose update is the product, number by number, of two low-rank matrices."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, everywhere
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class LoHa(Tuner):
    """Like LoRA, but what is added to a layer's weights is two low-rank matrices multiplied number
    by number: of rank up to rank * rank for twice LoRA's numbers.

    h = W x + (alpha / rank) ((A B) * (C D)) x, with one factor starting at zero, so training starts
    from the base. It trains 2 rank * (inputs + outputs) numbers per linear layer of a block
    (Hyeon-Woo et al. 2022, arXiv:2108.06098, the section on the method; for language and image
    models Yeh et al. 2024, arXiv:2309.14859). Training goes through peft.
    """

    title = "LoHa"
    paper = "https://arxiv.org/abs/2108.06098"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.LoHaConfig
    taken = ("r", "alpha", "rank_dropout", "module_dropout", "rank_pattern", "alpha_pattern")

    rank: int = setting(8, "Width of each of the two factors' products", low=1, high=64)
    alpha: float = setting(16.0, "The update counts alpha / rank times", low=1, high=128)
    learning_rate: float = setting(1e-2, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.LoHaConfig(r=self.rank, alpha=self.alpha, **everywhere(model))


METHOD = LoHa
