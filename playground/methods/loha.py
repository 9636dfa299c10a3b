"""LoHa: LoRA whose update is the product, number by number, of two low-rank matrices."""

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

TAKEN = ("r", "alpha", "rank_dropout", "module_dropout", "rank_pattern", "alpha_pattern")


@dataclass(frozen=True)
class LoHa:
    """Like LoRA, but what is added to a layer's weights is two low-rank matrices multiplied number
    by number: of rank up to rank * rank for twice LoRA's numbers.

    h = W x + (alpha / rank) ((A B) * (C D)) x, with one factor starting at zero, so training starts
    from the base. It trains 2 rank * (inputs + outputs) numbers per linear layer of a block
    (Hyeon-Woo et al. 2022, arXiv:2108.06098, the section on the method; for language and image
    models Yeh et al. 2024, arXiv:2309.14859). Training goes through peft.

    Rate: preliminary: some times LoRA's, as products of small numbers are small; with it the
    training loss falls as LoRA's does in 60 updates on trec6 with the bundled model, one seed;
    accuracy was not compared. tests/benchmarks/sweep_defaults.py is still to try it.
    """

    title = "LoHa"
    paper = "https://arxiv.org/abs/2108.06098"
    shelf = "more"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True

    rank: int = setting(8, "Width of each of the two factors' products", low=1, high=64)
    alpha: float = setting(16.0, "The update counts alpha / rank times", low=1, high=128)
    learning_rate: float = setting(5e-3, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return no_linear_layers(model, self.title)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        chosen = chosen_layers(model.network, "all linear")
        config = peft.LoHaConfig(r=self.rank, alpha=self.alpha, **places(model, chosen))
        return wrap(model, config)

    def save(self, network: peft.PeftModel, folder: Path) -> None:
        save(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        settings = saved_settings(folder, "LOHA", TAKEN)
        return open_saved(model, folder, peft.LoHaConfig, settings)

    def merge(self, network: peft.PeftModel) -> torch.nn.Module:
        return folded_in(network)

    def remove(self, network: peft.PeftModel) -> torch.nn.Module:
        return network.unload()


METHOD = LoHa
