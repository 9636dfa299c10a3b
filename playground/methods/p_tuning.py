"""P-tuning: prepended embeddings, made by a prompt encoder that is dropped afterwards."""

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
    embedding_width,
    load_vectors,
    peft_fields,
    too_long,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

LAYERS = 2  # of the LSTM, as in the paper's program


@dataclass(frozen=True)
class PTuning:
    """A soft prompt whose vectors do not train one by one: a small network, the prompt encoder,
    makes them all from placeholders, so that they depend on each other. Afterwards it is dropped,
    and what is saved is a soft prompt.

    [P; X] instead of X, with P = MLP(E) or MLP(LSTM(E)), E (length x width) and the encoder learnt
    (Liu et al. 2021, arXiv:2103.10385, section 3.2). length * width parameters are saved. The paper
    sets such vectors anywhere in the template and often trains the whole model with them; here they
    are prepended to the text and the model stays as it is, so the paper's figures are not to be
    expected. The encoder is peft's: three layers, or a two-layer bidirectional LSTM followed by two
    layers. Saved in peft's format.

    It learns more slowly than most, so it gets more steps.
    """

    title = "P-tuning"
    paper = "https://arxiv.org/abs/2103.10385"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(20, "Virtual tokens prepended to the text", low=1, high=150)
    encoder: str = setting("MLP", "Prompt encoder that makes them", choices=("MLP", "LSTM"))
    hidden: int = setting(128, "Hidden size of the prompt encoder", low=1, high=2048)
    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(240, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return too_long(model, self.length)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        width = embedding_width(model)
        config = peft.PromptEncoderConfig(
            num_virtual_tokens=self.length,
            token_dim=width,
            num_transformer_submodules=1,
            encoder_reparameterization_type=self.encoder,
            encoder_hidden_size=self.hidden,
            encoder_num_layers=LAYERS,
        )
        encoder = peft.PromptEncoder(config).to(model.device)
        nothing = torch.zeros(self.length, width, device=model.device)
        return VirtualTokens(nothing, model, encoder).attach(model.network)

    def saved_parameters(self, network: PreTrainedModel) -> int:
        return attached(network, "soft_prompt", VirtualTokens).prompt_embeddings.numel()

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        with torch.no_grad():  # as when it answers: an LSTM rounds differently with gradients
            write_tensors(folder, {KEY: attached(network, "soft_prompt", VirtualTokens).vectors()})
        peft.PromptEncoderConfig(**peft_fields(network)).save_pretrained(str(folder))

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """Vectors saved here or by peft itself. The base they name is not opened."""
        return load_vectors(model, folder, "P_TUNING")

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return attached(network, "soft_prompt", VirtualTokens).detach(network)


METHOD = PTuning
