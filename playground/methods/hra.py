"""HRA: the inputs of every layer are mirrored at a few trained planes."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner, everywhere
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class HRA(Tuner):
    """What goes into a layer is mirrored at a few planes, one after the other: a turn, as with OFT,
    and a low-rank change, as with LoRA, at once.

    h = W H_1 ... H_rank x, with H = I - 2 u u' / |u|^2. The planes come in equal pairs at the
    start, which undo each other, so training starts from the base. It trains rank * inputs numbers
    per linear layer of a block (Yuan et al. 2024, arXiv:2405.17484, the section on the method).
    Training goes through peft.
    """

    title = "HRA"
    paper = "https://arxiv.org/abs/2405.17484"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.HRAConfig
    taken = ("r", "apply_GS", "init_weights")

    rank: int = setting(8, "Mirrors in a row, made even", low=2, high=64)
    learning_rate: float = setting(1e-2, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        return peft.HRAConfig(r=self.rank + self.rank % 2, **everywhere(model))


METHOD = HRA
