"""Classifier head fine-tuning: a fresh output for every label, and every weight trains."""

from dataclasses import dataclass
from pathlib import Path

import torch

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common import heads
from playground.methods.common.heads import Classifier
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KIND = "PLAYGROUND_CLASSIFIER_HEAD"


@dataclass(frozen=True)
class ClassifierHead:
    """The classic way: the model's own output is taken off, a fresh layer with one score for each
    label is put in its place, and every weight trains. It reads the text alone: no template, no
    label words, so nothing the model knows about words answers, and the new layer starts from
    nothing. With few examples that is what prompting and tuning with label words are up against.

    p(label | text) = softmax(W h + b), h the state of the last token of a causal model (Radford et
    al. 2018, GPT, section 3.2; without its auxiliary loss), or a decoder's first state. For a
    masked model h = tanh(D c), c the state of [CLS] (Devlin et al. 2019, arXiv:1810.04805, section
    4.1), with D started afresh as in RoBERTa: a masked language model keeps no pooler. W and D
    start from N(0, 0.02). Two texts have the tokenizer's separator between them. The base is copied
    first; a whole model is stored for every task.
    """

    title = "Classifier head"
    paper = "https://arxiv.org/abs/1810.04805"
    paper_rate = (3e-5, 110_000_000)  # of 2e-5 to 5e-5, for BERT-base
    weight_decay = 0.01
    schedule = "linear"
    starts_as_base = False
    head = True

    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-7, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if not model.dtype.is_floating_point:
            return f"The weights of {model.id} are quantised and cannot train. Try a linear probe."
        return heads.refusal(model)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        classes = heads.classes_in(words)
        network = heads.own_copy(model.network).requires_grad_(False)
        for weight in heads.body(network).values():
            weight.data = weight.data.float()  # bfloat16 would round small updates away
            weight.requires_grad_(True)
        head = heads.fresh_head(model, classes, dense=model.family.name == "masked")
        return Classifier(model, network, head, classes)

    def save(self, network: Classifier, folder: Path) -> None:
        heads.save(network, folder, KIND, whole=True)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A second copy beside the base, with its head."""
        return heads.load(model, folder, KIND, whole=True)

    def remove(self, network: Classifier) -> torch.nn.Module:
        return network.base.network


METHOD = ClassifierHead
