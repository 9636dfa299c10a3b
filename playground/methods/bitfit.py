"""BitFit: the bias terms train, and nothing else."""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.methods import setting
from playground.methods.common.attached import attach, attached
from playground.methods.common.saving import (
    fill,
    public_id,
    read_config,
    read_tensors,
    write_config,
    write_tensors,
)
from playground.models.answer_words import AnswerWords
from playground.models.language_model import LanguageModel

KIND = "PLAYGROUND_BITFIT"  # not one of peft's types


@dataclass(frozen=True)
class Before:
    """What a network's bias terms were, by name, and the name of the base."""

    biases: dict[str, torch.Tensor]
    base: str


@dataclass(frozen=True)
class BitFit:
    """Only the bias terms train: the constant that each layer adds to each of its outputs. They are
    about one in a thousand parameters, nothing is added to the model, and it answers as fast as
    ever.

    W x + b and gain * norm(x) + b: every b of the model's body trains, at query, key, value,
    attention output, feed-forward and layer norm, and every W and gain stays (Ben Zaken et al.
    2022, arXiv:2106.10199, section 3). The paper puts a new classifier on top and trains that too;
    here label words answer, so there is none, and the output head with its own biases stays as it
    is. A model must have biases: Llama and T5 have none, Qwen2 has them at query, key and value
    only. Without rotary positions the key's cannot matter: it moves all attention scores alike.

    Learning rate: the highest of the paper's 1e-4 to 1e-3, as training is short here; the bundled
    model has no bias terms to sweep it on. Steps: as for LoRA.
    """

    title = "BitFit"
    paper = "https://arxiv.org/abs/2106.10199"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True

    learning_rate: float = setting(1e-3, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if self.biases(model.network):
            return None
        return f"{model.id} has 0 bias terms, so BitFit has nothing to train. Try LoRA."

    def build(self, model: LanguageModel, words: AnswerWords | None = None) -> torch.nn.Module:
        if reason := self.refuse(model):
            raise UserError(reason)
        network = self._remember(model).requires_grad_(False)
        for bias in self.biases(network).values():
            bias.requires_grad_(True)
        return network

    def save(self, network: PreTrainedModel, folder: Path) -> None:
        write_tensors(folder, self.biases(network))
        base = attached(network, "bias_terms", Before).base
        write_config(folder, {"peft_type": KIND, "base_model_name_or_path": base})

    def load(self, model: LanguageModel, folder: Path) -> torch.nn.Module:
        read_config(folder, KIND)
        given = read_tensors(folder)
        network = self._remember(model)
        try:
            fill(self.biases(network), given)
        except UserError:
            self.remove(network)  # the base stays usable
            raise
        return network.requires_grad_(False).eval()

    def remove(self, network: PreTrainedModel) -> torch.nn.Module:
        with torch.no_grad():
            for name, before in attached(network, "bias_terms", Before).biases.items():
                network.get_parameter(name).copy_(before)
        del network.bias_terms
        return network

    def biases(self, network: PreTrainedModel) -> dict[str, torch.nn.Parameter]:
        """Every bias term but the output head's, by name."""
        body = {id(parameter) for parameter in network.base_model.parameters()}
        return {
            name: parameter
            for name, parameter in network.named_parameters()
            if name.endswith("bias") and id(parameter) in body
        }

    def _remember(self, model: LanguageModel) -> PreTrainedModel:
        network = model.network
        if hasattr(network, "bias_terms"):
            raise ValueError("BitFit has this network already: remove it first")
        biases = {name: bias.detach().clone() for name, bias in self.biases(network).items()}
        attach(network, "bias_terms", Before(biases, public_id(model.id)))
        return network


METHOD = BitFit
