"""MiSS: one small matrix for each layer, repeated along its inputs."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, everywhere
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class MiSS(Tuner):
    """Like LoRA, but with one matrix in place of two: the inputs of a layer are summed into a few
    groups, and the matrix says what each sum adds to each output. It used to be called Bone.

    h = W x + D s(x), with s the sums of every rank-th input and D (outputs x rank) starting at
    zero, so training starts from the base. It trains rank * outputs numbers per linear layer of a
    block (Kang & Yin 2024, arXiv:2409.15371, the section on the method). Training goes through
    peft.
    """

    title = "MiSS"
    paper = "https://arxiv.org/abs/2409.15371"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.MissConfig
    taken = ("r", "mini_r", "init_weights", "miss_dropout")

    rank: int = setting(16, "Sums the inputs are folded into", low=1, high=256)
    learning_rate: float = setting(1e-3, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.MissConfig(r=self.rank, **everywhere(model))


METHOD = MiSS
