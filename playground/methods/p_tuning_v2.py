"""P-tuning v2: deep prompts, a trainable prefix for every layer."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.attached import attached
from playground.methods.common.prefix_states import prefix_refusal, start_states
from playground.methods.common.prefixes import Prefix, load_prefix, save_prefix
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class PTuningV2:
    """Prefix tuning for understanding rather than writing: made-up words that only every layer's
    attention sees, learnt as they are, without the reparametrisation.

    K' = [P_K; K] and V' = [P_V; V] in each layer, with P_K and P_V (heads x length x head width)
    learnt: 2 * length * layers * width parameters (Liu et al. 2022, arXiv:2110.07602, section 3.2).
    The mathematics is prefix tuning's without its MLP, which section 3.3 finds of no steady use;
    the length is what to try out, short for easy tasks and around a hundred for hard ones. The
    paper reads the answer off a classification head of its own and has no label words; here, like
    all methods of this page but the heads, it is asked through the template and the label words, so
    the paper's figures are not to be expected. Saved in peft's format where peft has it: as prefix
    tuning. Which models read it how, its card says.

    It is initialised from the activations of the label words, then of frequent ones; the paper
    starts at random. Without the MLP the learning rate has to be large.
    """

    title = "P-tuning v2"
    paper = "https://arxiv.org/abs/2110.07602"
    paper_rate = (5e-3, 335_000_000)  # of BERT-large
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(
        20, "Prefix length: keys and values prepended in each layer", low=1, high=200
    )
    start: str = setting(
        "label words",
        "Initialisation of the prefix",
        choices=("label words", "frequent words", "random"),
    )
    learning_rate: float = setting(3e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(240, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return prefix_refusal(model, self.length)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        start = start_states(model, words, self.start, self.length)
        return Prefix(model, start).attach(model.network)

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        save_prefix(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A prefix saved here or by peft itself. The base it names is not opened."""
        return load_prefix(model, folder)

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return attached(network, "prefix", Prefix).detach(network)


METHOD = PTuningV2
