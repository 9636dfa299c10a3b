"""OFT: the inputs of every layer are rotated, in orthogonal blocks, and never stretched."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, all_linear_fields
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class OFT(Tuner):
    """Nothing is added to the weights: what goes into a layer is rotated, one block of activations
    at a time, so the angles between a layer's neurons stay and little is forgotten.

    h = W R x, with R of orthogonal blocks, each (I + S)(I - S)^-1 of a matrix with S' = -S that
    starts at zero (the Cayley transform), so training starts from the base. Trainable parameters:
    inputs * (block - 1) / 2 per linear layer of a transformer block; a width that no whole number
    of blocks fills takes the nearest that does (Qiu et al. 2023, arXiv:2306.07280, the section on
    the method). Training goes through peft.
    """

    title = "OFT"
    paper = "https://arxiv.org/abs/2306.07280"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.OFTConfig
    restored = (
        "r",
        "oft_block_size",
        "module_dropout",
        "coft",
        "eps",
        "block_share",
        "use_cayley_neumann",
        "num_cayley_neumann_terms",
    )

    block: int = setting(32, "Size of the orthogonal blocks", low=2, high=256)
    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.OFTConfig(
            r=0, oft_block_size=self.block, use_cayley_neumann=False, **all_linear_fields(model)
        )


METHOD = OFT
