"""Prefix tuning: trainable keys and values prepended to every attention layer's own."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.attached import attached
from playground.methods.common.prefix_states import States, prefix_refusal, start_states
from playground.methods.common.prefixes import Prefix, load_prefix, save_prefix
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class PrefixTuning:
    """Every layer of the model attends to a few made-up words that were never there: of these only
    what attention reads of a word, its key and its value, is learnt. It reaches deeper than a soft
    prompt, which is prepended at the embeddings alone.

    K' = [P_K; K] and V' = [P_V; V] in each layer, with P_K and P_V (heads x length x head width)
    learnt and the queries as they are: 2 * length * layers * width parameters (Li and Liang 2021,
    arXiv:2101.00190, section 4.2). They are initialised from the activations of real words, the
    label words first, as section 7.4 found best with few examples. With the reparametrisation
    (section 4.3: P = start + MLP(P')) more parameters train, which steadies training; afterwards
    the MLP is dropped, and only the keys and values are saved, in peft's format.

    The text follows the prefix and counts its positions on from it, as in peft. In models that take
    no key-value cache (DistilBERT, ALBERT, ModernBERT) the prefix is prepended inside attention,
    the text keeps its positions, and the file is not peft's. In sequence-to-sequence models the
    decoder's self-attention gets a prefix, and the paper gives one to the encoder and to
    cross-attention too; there the file is not peft's either, as peft 0.21 hands every second layer
    the prefix of another. A prefix of zeros is not nothing: it draws attention away from the text.
    Layers with sliding-window attention (Gemma 3) lose sight of the prefix beyond their window.
    """

    title = "Prefix tuning"
    paper = "https://arxiv.org/abs/2101.00190"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(
        10, "Prefix length: keys and values prepended in each layer", low=1, high=200
    )
    reparametrise: bool = setting(
        True, "Reparametrise: train through an MLP that is dropped afterwards"
    )
    hidden: int = setting(128, "Hidden size of that MLP", low=1, high=2048)
    start: str = setting(
        "label words",
        "Initialisation of the prefix",
        choices=("label words", "frequent words", "random"),
    )
    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return prefix_refusal(model, self.length)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        start = start_states(model, words, self.start, self.length)
        encoder = self._encoder(start) if self.reparametrise else None
        return Prefix(model, start, encoder).attach(model.network)

    def saved_parameters(self, network: PreTrainedModel) -> int:
        return attached(network, "prefix", Prefix).prompt_embeddings.numel()

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        save_prefix(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A prefix saved here or by peft itself. The base it names is not opened."""
        return load_prefix(model, folder)

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return attached(network, "prefix", Prefix).detach(network)

    def _encoder(self, start: States) -> torch.nn.Module:
        """peft's MLP, two layers and a tanh, which adds nothing to the start at first."""
        layers, _, heads, length, width = start.tensor.shape
        config = peft.PrefixTuningConfig(
            num_virtual_tokens=length,
            token_dim=heads * width,
            num_layers=layers,
            num_attention_heads=heads,
            num_transformer_submodules=1,
            prefix_projection=True,
            encoder_hidden_size=self.hidden,
            init_weights="zero",
        )
        return peft.PrefixEncoder(config).to(start.tensor.device)


METHOD = PrefixTuning
