"""The two networks, causal and masked, in the sizes they are made in."""

from dataclasses import dataclass
from typing import Any

import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    PreTrainedModel,
)

from playground.errors import UserError
from playground.pretraining.tokenizer import END_ID, PAD_ID, START_ID

FAMILIES = ("causal", "masked")
POSITIONS = 1024  # tokens of context; both count them by rotation, so windows may be shorter
ROTATION = 10_000.0  # base of the rotary positions (Su et al. 2021, arXiv:2104.09864)


@dataclass(frozen=True)
class Size:
    """width: of the hidden states, 64 for each head. feed_forward: of each half of the gate."""

    layers: int
    width: int
    heads: int
    feed_forward: int


SIZES = {
    "tiny": Size(2, 32, 2, 64),  # for tests
    "mini": Size(4, 128, 2, 352),  # 1.9 M parameters with 8,192 pieces: a study of many of them
    "small": Size(6, 256, 4, 704),  # 7 M parameters with 8,192 pieces: two CPU cores, hours
    "base": Size(7, 384, 6, 896),  # 14.5 M: two of them are 60 MB in bfloat16
    "large": Size(8, 512, 8, 1408),  # 30 M
}


def build(family: str, size: str, vocabulary: int, seed: int) -> PreTrainedModel:
    """A fresh float32 network with tied embeddings and no dropout, the same for the same seed.

    Raises UserError for a family or a size there is none of.
    """
    if family not in FAMILIES or size not in SIZES:
        raise UserError(
            f"There is no {size} {family} network. Choose a family of {', '.join(FAMILIES)}"
            f" and a size of {', '.join(SIZES)}."
        )
    torch.manual_seed(seed)
    return (_causal if family == "causal" else _masked)(SIZES[size], vocabulary)


def family_of(network: PreTrainedModel) -> str:
    return "causal" if isinstance(network, LlamaForCausalLM) else "masked"


def _shape(size: Size, vocabulary: int) -> dict[str, Any]:
    """By the library's names, which are not the same in all its versions."""
    return {
        "vocab_size": vocabulary,
        "hidden_size": size.width,
        "num_hidden_layers": size.layers,
        "num_attention_heads": size.heads,
        "intermediate_size": size.feed_forward,
        "max_position_embeddings": POSITIONS,
        "bos_token_id": START_ID,
        "eos_token_id": END_ID,
        "pad_token_id": PAD_ID,
    }


def _causal(size: Size, vocabulary: int) -> LlamaForCausalLM:
    """Touvron et al. 2023, arXiv:2302.13971: rotary positions, gated SiLU, RMS norm first."""
    rotation: dict[str, Any] = {"rope_theta": ROTATION}
    config = LlamaConfig(
        **_shape(size, vocabulary),
        **rotation,
        num_key_value_heads=size.heads,
        tie_word_embeddings=True,
    )
    return LlamaForCausalLM(config)


def _masked(size: Size, vocabulary: int) -> ModernBertForMaskedLM:
    """Warner et al. 2024, arXiv:2412.13663, every layer looking at the whole context: at this
    length a local window saves little, and its mask costs the fast attention kernel. The gate's
    SiLU is the causal network's, so that one can begin with the other's weights."""
    attention: dict[str, Any] = {
        "global_attn_every_n_layers": 1,
        "global_rope_theta": ROTATION,
        "local_rope_theta": ROTATION,
    }
    config = ModernBertConfig(
        **_shape(size, vocabulary),
        **attention,
        cls_token_id=START_ID,
        sep_token_id=END_ID,
        hidden_activation="silu",
    )
    return ModernBertForMaskedLM(config)
