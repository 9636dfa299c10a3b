"""MiSS: one small matrix for each layer, repeated along its inputs."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch

from playground.errors import UserError
from playground.methods import setting
from playground.methods.peft_layers import (
    chosen_layers,
    folded_in,
    no_linear_layers,
    open_saved,
    places,
    save,
    saved_settings,
    wrap,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

TAKEN = ("r", "mini_r", "init_weights", "miss_dropout")


@dataclass(frozen=True)
class MiSS:
    """Like LoRA, but with one matrix in place of two: the inputs of a layer are summed into a few
    groups, and the matrix says what each sum adds to each output. It used to be called Bone.

    h = W x + D s(x), with s the sums of every rank-th input and D (outputs x rank) starting at
    zero, so training starts from the base. It trains rank * outputs numbers per linear layer of a
    block (Kang & Yin 2024, arXiv:2409.15371, the section on the method). Training goes through
    peft.

    Rate: preliminary, LoRA's own; no other was tried. With it the training loss falls in 30 updates
    of four examples on trec6 with the bundled model, one seed; accuracy was not compared.
    tests/benchmarks/sweep_defaults.py is still to try it.
    """

    title = "MiSS"
    paper = "https://arxiv.org/abs/2409.15371"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True

    rank: int = setting(16, "Sums the inputs are folded into", low=1, high=256)
    learning_rate: float = setting(1e-3, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return no_linear_layers(model, self.title)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        chosen = chosen_layers(model.network, "all linear")
        config = peft.MissConfig(r=self.rank, **places(model, chosen))
        return wrap(model, config)

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        settings = saved_settings(folder, "MISS", TAKEN)
        return open_saved(model, folder, peft.MissConfig, settings)

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return folded_in(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


METHOD = MiSS
