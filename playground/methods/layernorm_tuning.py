"""LayerNorm tuning: the gains and biases of the normalisation layers train, and nothing else."""

from dataclasses import dataclass

import peft
from transformers import PreTrainedModel

from playground.methods import setting
from playground.methods.common.blocks import norms
from playground.methods.common.peft_layers import Tuner
from playground.methods.common.saving import task_type
from playground.models.language_model import LanguageModel


@dataclass(frozen=True)
class LayerNormTuning(Tuner):
    """Every block rescales its activations before it works on them; only the parameters of that
    normalisation train. It adds no layer, so answering costs nothing extra.

    y = g * (x - mean) / deviation + b, with g and b of every block's layer norms trained, and of
    those after the last block, before or in the output head; norms of an embedding and of single
    heads stay. RMSNorm (Llama) has no mean and no b. Trainable parameters: width for each g and b
    (Zhao et al. 2023, arXiv:2312.11420, section 3.1; they also tried it together with other parts,
    which is left out). Training goes through peft.
    """

    title = "LayerNorm tuning"
    paper = "https://arxiv.org/abs/2312.11420"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.LNTuningConfig

    learning_rate: float = setting(3e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model: LanguageModel) -> str | None:
        if chosen_norms(model.network):
            return None
        return f"{model.id} has no layer norms with parameters that could train. Try LoRA."

    def config(self, model: LanguageModel) -> peft.PeftConfig:
        chosen = chosen_norms(model.network)
        return peft.LNTuningConfig(target_modules=chosen, task_type=task_type(model))


def chosen_norms(network: PreTrainedModel) -> list[str]:
    """Names of the norms over the network's width, but for those of an embedding."""
    return [name for name in norms(network, network.config.hidden_size) if "embed" not in name]


METHOD = LayerNormTuning
