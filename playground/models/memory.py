"""What a run will take of the device's memory, estimated before anything is loaded."""

from dataclasses import dataclass

import torch
from transformers import PretrainedConfig

from playground.models.devices import available_bytes, choose_device, weights_dtype
from playground.models.language_model import LanguageModel

FLOAT = 4  # bytes: what trains, its gradient and its averages are float32
NORMS_AND_ATTENTION = 10  # tensors of the model's width kept for the backward pass, per layer
FEED_FORWARD = 4  # tensors of the feed-forward width kept, per layer
INNER = ("intermediate_size", "ffn_dim", "encoder_ffn_dim", "d_ff", "n_inner", "hidden_dim")
HEAD = 3  # logits, their float32 copy and their gradient


@dataclass(frozen=True)
class Memory:
    """Bytes by purpose. The program itself (some 500 MB with its libraries) is not in it."""

    weights: int
    gradients: int
    optimiser: int
    activations: int
    total: int
    available: int


def estimate(
    model: LanguageModel,
    trainable: int,
    batch: int,
    length: int,
    device: torch.device | None = None,
) -> Memory:
    """Memory to train `trainable` numbers with AdamW on `batch` sequences of `length` tokens.

    model: may be an empty one, loaded for counting. Every method sends gradients through the whole
    depth, so activations count for all layers whatever is trained; the output head runs on the
    answer's rows alone. An order of magnitude: kernels differ.
    """
    device = device or choose_device()
    config = model.network.config.get_text_config()
    parameters = sum(parameter.numel() for parameter in model.network.parameters())
    weights = parameters * weights_dtype(device, parameters).itemsize
    activations = batch * length * _floats_per_token(config) * FLOAT
    activations += batch * config.vocab_size * HEAD * FLOAT
    gradients, optimiser = trainable * FLOAT, 2 * trainable * FLOAT
    return Memory(
        weights=weights,
        gradients=gradients,
        optimiser=optimiser,
        activations=activations,
        total=weights + gradients + optimiser + activations,
        available=available_bytes(device),
    )


def _floats_per_token(config: PretrainedConfig) -> int:
    """Numbers kept for the backward pass, for each token of a batch.

    Of a decoder that answers an encoder the label word's few tokens are left out; what it keeps of
    every token read are the keys and values of its attention to them.
    """
    width, layers = config.hidden_size, config.num_hidden_layers
    inner = next((value for name in INNER if (value := getattr(config, name, None))), 4 * width)
    answering = 0
    if config.is_encoder_decoder:
        named = (getattr(config, name, None) for name in ("decoder_layers", "num_decoder_layers"))
        answering = next((count for count in named if count), layers)
    return layers * (NORMS_AND_ATTENTION * width + FEED_FORWARD * inner) + answering * 2 * width
