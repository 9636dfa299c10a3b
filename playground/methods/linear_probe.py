"""Linear probe: one linear layer over the frozen model's hidden states, and nothing else trains."""

from dataclasses import dataclass
from pathlib import Path

import torch

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common import heads
from playground.methods.common.heads import Classifier
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KIND = "PLAYGROUND_LINEAR_PROBE"


@dataclass(frozen=True)
class LinearProbe:
    """The model stays as it is and only a linear layer on top of it trains, with one score for each
    label: it asks how much of the answer the hidden state already says. It reads the text alone: no
    template, no label words. (width + 1) x labels parameters are stored for a task.

    p(label | text) = softmax(W h + b), h the frozen state of the last token of a causal model or of
    [CLS] in a masked one, taken as it is so that the probe stays linear (Alain & Bengio 2016,
    arXiv:1610.01644, section 3). W starts from N(0, 0.02). Two texts have the tokenizer's separator
    between them. A hidden state made for the next word is no summary of a text, so a small model's
    may say little.
    """

    title = "Linear probe"
    paper = "https://arxiv.org/abs/1610.01644"
    weight_decay = 0.01
    schedule = "linear"
    starts_as_base = False
    head = True

    learning_rate: float = setting(1e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(240, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(16, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return heads.refusal(model)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        classes = heads.classes_in(words)
        head = heads.fresh_head(model, classes, dense=False)
        return Classifier(model, model.network.requires_grad_(False), head, classes)

    def save(self, network: Classifier, folder: Path) -> None:
        heads.save(network, folder, KIND, whole=False)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        return heads.load(model, folder, KIND, whole=False)

    def remove(self, network: Classifier) -> torch.nn.Module:
        return network.base.network


METHOD = LinearProbe
