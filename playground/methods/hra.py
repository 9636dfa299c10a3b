"""HRA: the inputs of every layer pass a chain of trained Householder reflections."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, all_linear_fields
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class HRA(Tuner):
    """What goes into a layer is reflected at a few trained planes, one after the other (Householder
    reflections): a rotation, as with OFT, and a low-rank update, as with LoRA, at once.

    h = W H_1 ... H_rank x, with H = I - 2 u u' / |u|^2. The reflections come in equal pairs at the
    start, which undo each other, so training starts from the base. Trainable parameters: rank *
    inputs per linear layer of a block (Yuan et al. 2024, arXiv:2405.17484, the section on the
    method). Training goes through peft.
    """

    title = "HRA"
    paper = "https://arxiv.org/abs/2405.17484"
    tier = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.HRAConfig
    restored = ("r", "apply_GS", "init_weights")

    rank: int = setting(8, "Rank: Householder reflections in a row, made even", low=2, high=64)
    learning_rate: float = setting(1e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.HRAConfig(r=self.rank + self.rank % 2, **all_linear_fields(model))


METHOD = HRA
