"""Soft prompt: trainable embeddings prepended to the text, and nothing else."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.attached import attached
from playground.methods.common.saving import write_tensors
from playground.methods.common.virtual_tokens import (
    KEY,
    VirtualTokens,
    embedded,
    embedding_width,
    frequent_tokens,
    load_vectors,
    peft_fields,
    too_long,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class SoftPrompt:
    """A few vectors are prepended to every text, as if they were words (virtual tokens), and only
    these train: length * width parameters, the least to store per task. They take room in the
    context as words do.

    [P; X] instead of X, where X are the embeddings of the text and P (length x width) is learnt
    (Lester et al. 2021, arXiv:2104.08691, section 2). Started from the label words' embeddings,
    then frequent words, as section 3.2 found best for small models. Small models gain less from it
    than large ones: the paper's figure 1 closes the gap only at billions of parameters. Saved in
    peft's format.

    It wants a large learning rate and no weight decay, and it learns more with "label words" than
    with "all words": 0.38 against 0.20 on 240 rows of trec6 with the bundled model of then,
    tiny-v0, one seed. A linear schedule did better than the paper's constant one.
    """

    title = "Soft prompt"
    paper = "https://arxiv.org/abs/2104.08691"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(8, "Virtual tokens prepended to the text", low=1, high=150)
    start: str = setting(
        "label words",
        "Initialisation of the virtual tokens",
        choices=("label words", "vocabulary", "text", "random"),
    )
    text: str = setting("", "The text to initialise from, where that is chosen")
    learning_rate: float = setting(1e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(120, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if reason := too_long(model, self.length):
            return reason
        if self.start == "text" and not self.text.strip():
            return "The soft prompt is to start from a text, and the text is empty. Type one."
        return None

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        return VirtualTokens(self._start(model, words), model).attach(model.network)

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        write_tensors(folder, {KEY: attached(network, "soft_prompt", VirtualTokens).vectors()})
        peft.PromptTuningConfig(**peft_fields(network)).save_pretrained(str(folder))

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A soft prompt saved here or by peft itself. The base it names is not opened."""
        return load_vectors(model, folder, "PROMPT_TUNING")

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return attached(network, "soft_prompt", VirtualTokens).detach(network)

    def _start(self, model: LanguageModel, words: AnswerWords | None) -> torch.Tensor:
        if self.start == "random":  # as in the paper
            return torch.rand(self.length, embedding_width(model), device=model.device) - 0.5
        if self.start == "text":
            ids = model.tokens(self.text)
            return embedded(model, [ids[index % len(ids)] for index in range(self.length)])
        rows = embedded(model, frequent_tokens(model, self.length))
        if self.start == "label words" and words is not None:
            means = [embedded(model, path).mean(0) for path in words.ids[: self.length]]
            rows[: len(means)] = torch.stack(means)
        return rows


METHOD = SoftPrompt
