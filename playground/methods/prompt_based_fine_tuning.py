"""Prompt-based fine-tuning: every weight of the model trains, on the template's answers."""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class PromptBasedFineTuning:
    """Every weight of the model trains, and the task stays a text with a gap: the template asks, a
    label word answers. No parameter is added, so nothing starts from scratch; the price is a whole
    model to store for every task, and memory for a gradient and Adam's two moments per weight.

    p(label | text) = softmax over the label words of the model's score at the gap (Schick &
    Schuetze 2021, arXiv:2001.07676, section 3.1). The lecture calls it prompt tuning; the soft
    prompt is another method. The base is copied first, so that zero-shot answers stay what they
    were.
    """

    title = "Prompt-based fine-tuning"
    paper = "https://arxiv.org/abs/2001.07676"
    paper_rate = (1e-5, 355_000_000)  # of RoBERTa-large
    weight_decay = 0.01
    schedule = "linear"
    starts_as_base = True

    learning_rate: float = setting(3e-4, "Learning rate at its peak", low=1e-7, high=1)
    steps: int = setting(120, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if not model.dtype.is_floating_point:
            return f"The weights of {model.id} are quantised and cannot train. Try LoRA."
        return None

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        network = copy.deepcopy(model.network)
        _remember(network, model.network)
        return network.float().requires_grad_(True)  # bfloat16 would round small updates away

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        network.save_pretrained(folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A second copy beside the base, read from safetensors only."""
        if not any(folder.glob("*.safetensors")):
            raise UserError("The run kept no weights as safetensors; other formats are not opened.")
        network = type(model.network).from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=model.dtype
        )
        _remember(network, model.network)
        network.to(model.device)  # type: ignore[arg-type]  # annotated as an unbound function
        return network.requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return network.__dict__["base"]


def _remember(network: PreTrainedModel, base: PreTrainedModel) -> None:
    """The base the copy was made of, kept out of the copy's own modules and weights."""
    network.__dict__["base"] = base


METHOD = PromptBasedFineTuning
