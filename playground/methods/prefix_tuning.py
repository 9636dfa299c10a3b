"""Prefix tuning: trainable keys and values in front of every attention layer's own."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.prefix_states import States, refused, start_states
from playground.methods.common.prefixes import Prefix, load_prefix, save_prefix
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class PrefixTuning:
    """Every layer of the model looks back at a few made-up words that were never there: of these
    only what a layer keeps of a word, its key and its value, is learnt. It reaches deeper than a
    soft prompt, which stands in front of the first layer alone.

    K' = [P_K; K] and V' = [P_V; V] in each layer, with P_K and P_V (heads x length x head width)
    learnt and the queries as they are: 2 * length * layers * width numbers (Li and Liang 2021,
    arXiv:2101.00190, section 4.2). They start as what the model keeps of real words, the label
    words first, as section 7.4 found best with few examples. Through the small network (section
    4.3: P = start + MLP(P')) more numbers train, which steadies training; afterwards it is
    dropped, and only the keys and values are saved, in peft's format.

    The text stands behind the prefix and counts its positions on from it, as in peft. In models
    that take no keys and values from outside (DistilBERT, ALBERT, ModernBERT) the prefix is put in
    front inside attention, the text keeps its positions, and the file is not peft's. In
    sequence-to-sequence models the decoder's self-attention gets a prefix, and the paper gives one
    to the encoder and to the attention between them too; there the file is not peft's either, as
    peft 0.21 hands every second layer the prefix of another. A prefix of zeros is not nothing: it
    draws attention away from the text. Layers that see only a window of the text (Gemma 3) lose
    sight of the prefix behind it.
    """

    title = "Prefix tuning"
    paper = "https://arxiv.org/abs/2101.00190"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = False

    length: int = setting(10, "Keys and values in front of each layer's own", low=1, high=200)
    reparametrise: bool = setting(True, "Train through a small network, dropped afterwards")
    hidden: int = setting(128, "Width of that small network", low=1, high=2048)
    start: str = setting(
        "label words",
        "What the prefix is before training",
        choices=("label words", "frequent words", "random"),
    )
    learning_rate: float = setting(1e-3, "Size of each update at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Updates, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        return refused(model, self.length)

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        start = start_states(model, words, self.start, self.length)
        encoder = self._encoder(start) if self.reparametrise else None
        return Prefix(model, start, encoder).attach(model.network)

    def kept(self, network: PreTrainedModel) -> int:
        return network.prefix.prompt_embeddings.numel()

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        save_prefix(network, folder)

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        """A prefix saved here or by peft itself. The base it names is not opened."""
        return load_prefix(model, folder)

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        return network.prefix.detach(network)

    def _encoder(self, start: States) -> torch.nn.Module:
        """peft's two layers with a bend between them, which add nothing to the start at first."""
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
