"""LoKr: LoRA whose update is a Kronecker product of two small matrices."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, all_linear_fields
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class LoKr(Tuner):
    """Like LoRA, but what is added to a layer's weights is a small matrix whose every element is
    multiplied by one and the same other matrix (their Kronecker product): a few hundred parameters
    make an update of full rank.

    h = W x + (alpha / rank) (A kron B) x, with A and B about the square root of W in size, the
    larger factorised to that rank where it is wider, and one factor starting at zero, so training
    starts from the base. Trainable parameters: some hundreds to thousands per linear layer of a
    block (Yeh et al. 2024, arXiv:2309.14859, the section on the library's methods). Training goes
    through peft.
    """

    title = "LoKr"
    paper = "https://arxiv.org/abs/2309.14859"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.LoKrConfig
    restored = (
        "r",
        "alpha",
        "rank_dropout",
        "module_dropout",
        "use_effective_conv2d",
        "decompose_both",
        "decompose_factor",
        "rank_pattern",
        "alpha_pattern",
    )

    rank: int = setting(8, "Rank of the larger factor, where it is factorised", low=1, high=64)
    alpha: float = setting(16.0, "Scale: the update is multiplied by alpha / rank", low=1, high=128)
    learning_rate: float = setting(5e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.LoKrConfig(
            r=self.rank,
            alpha=self.alpha,  # type: ignore[arg-type]  # peft divides it: any number will do
            **all_linear_fields(model),
        )


METHOD = LoKr
