"""MiSS: one small matrix for each layer, repeated along its inputs."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, all_linear_fields
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class MiSS(Tuner):
    """Like LoRA, but with one matrix in place of two: the inputs of a layer are summed into a few
    groups, and the matrix says what each sum adds to each output. It used to be called Bone.

    h = W x + D s(x), with s the sums of every rank-th input and D (outputs x rank) starting at
    zero, so training starts from the base. Trainable parameters: rank * outputs per linear layer of
    a block (Kang & Yin 2024, arXiv:2409.15371, the section on the method). Training goes through
    peft.
    """

    title = "MiSS"
    paper = "https://arxiv.org/abs/2409.15371"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.MissConfig
    restored = ("r", "mini_r", "init_weights", "miss_dropout")

    rank: int = setting(16, "Rank: how many groups the inputs are summed into", low=1, high=256)
    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.MissConfig(r=self.rank, **all_linear_fields(model))


METHOD = MiSS
