"""Tiny random causal models beside those of tests/tiny.py: architectures that take no positions,
keep a window, or hold no keys and values at all."""

from dataclasses import replace

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from playground.models.language_model import LanguageModel
from tests.tiny import ARCHITECTURES, CAUSAL, HEADS, MAX_LENGTH, tiny_model, tiny_tokenizer

BLOCK = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "max_position_embeddings": MAX_LENGTH,
}
MORE_CAUSAL: dict[str, dict] = {
    "falcon": {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "alibi": True},
    "gemma3_text": {**BLOCK, **HEADS, "head_dim": 8, "sliding_window": 64},
    "mistral": {**BLOCK, **HEADS, "head_dim": 8, "sliding_window": 16},
    "smollm3": {**BLOCK, **HEADS, "no_rope_layers": [1, 0]},
    "mamba": {"hidden_size": 16, "num_hidden_layers": 2, "state_size": 4},
}
EVERY_CAUSAL = (*CAUSAL, *MORE_CAUSAL)


def model_of(name: str) -> LanguageModel:
    """A tiny model of any architecture named here or in tests/tiny.py."""
    if name in ARCHITECTURES:
        return tiny_model(name)
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    config = AutoConfig.for_model(
        name, vocab_size=len(tiny_tokenizer()), **MORE_CAUSAL[name], **special
    )
    torch.manual_seed(0)
    network = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.mul_(5)
    return replace(tiny_model("gpt2"), id=name, network=network.eval())
