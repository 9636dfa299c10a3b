"""Where attention and feed-forward layers are found, by architecture."""

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM
from transformers.pytorch_utils import Conv1D

from playground.methods.blocks import (
    attention_linears,
    blocks,
    feed_forward_linears,
    norms,
    output_projections,
    query_and_value,
    target_modules,
)
from tests.tiny import tiny_network

# architecture: query and value, behind attention, behind the feed-forward part
FOUND = {
    "gpt2": (["attn.c_attn"], "attn.c_proj", "mlp.c_proj"),
    "llama": (["self_attn.q_proj", "self_attn.v_proj"], "self_attn.o_proj", "mlp.down_proj"),
    "qwen2": (["self_attn.q_proj", "self_attn.v_proj"], "self_attn.o_proj", "mlp.down_proj"),
    "gpt_neox": (["attention.query_key_value"], "attention.dense", "mlp.dense_4h_to_h"),
    "opt": (["self_attn.v_proj", "self_attn.q_proj"], "self_attn.out_proj", "fc2"),
    "bert": (
        ["attention.self.query", "attention.self.value"],
        "attention.output.dense",
        "output.dense",
    ),
    "roberta": (
        ["attention.self.query", "attention.self.value"],
        "attention.output.dense",
        "output.dense",
    ),
    "distilbert": (["attention.q_lin", "attention.v_lin"], "attention.out_lin", "ffn.lin2"),
}
SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
ALSO = {  # architectures beyond the tiny models, found by structure alone
    "modernbert": (["attn.Wqkv"], "attn.Wo", "mlp.Wo"),
    "qwen3": (["self_attn.q_proj", "self_attn.v_proj"], "self_attn.o_proj", "mlp.down_proj"),
    "phi": (["self_attn.q_proj", "self_attn.v_proj"], "self_attn.dense", "mlp.fc2"),
    "deberta-v2": (
        ["attention.self.query_proj", "attention.self.value_proj"],
        "attention.output.dense",
        "output.dense",
    ),
}


@pytest.mark.parametrize("architecture", FOUND)
def test_the_parts_of_a_block(architecture: str) -> None:
    network = tiny_network(architecture)
    found = list(blocks(network))
    assert len(found) == network.config.num_hidden_layers
    for _, block in found:
        assert parts(block) == FOUND[architecture]
        assert len(norms(block, 16)) == 2


@pytest.mark.parametrize("architecture", ALSO)
def test_the_parts_of_a_block_that_no_list_here_knows(architecture: str) -> None:
    masked = architecture in ("modernbert", "deberta-v2")
    given = {**SMALL, "num_attention_heads": 2, "vocab_size": 60, "pad_token_id": 0}
    special = {name: 1 for name in ("bos_token_id", "eos_token_id", "cls_token_id", "sep_token_id")}
    relative = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "head_dim": 8}
    config = AutoConfig.for_model(architecture, **given, **special, **relative)
    with torch.device("meta"):
        kind = AutoModelForMaskedLM if masked else AutoModelForCausalLM
        network = kind.from_config(config)
    for _, block in blocks(network):
        assert parts(block) == ALSO[architecture]


@pytest.mark.parametrize("architecture", FOUND)
def test_the_output_head_and_the_embeddings_are_in_no_block(architecture: str) -> None:
    network = tiny_network(architecture)
    inside = [
        f"{path}.{name}"
        for path, block in blocks(network)
        for name in attention_linears(block) | feed_forward_linears(block)
    ]
    every = [n for n, m in network.named_modules() if isinstance(m, torch.nn.Linear | Conv1D)]
    outside = set(every) - set(inside)
    heads = ("lm_head", "embed_out", "cls.", "vocab_")
    assert outside, "a language model has a head"
    assert all(name.startswith(heads) for name in outside)


def test_bert_s_feed_forward_output_is_told_from_its_attention_output() -> None:
    """ "output.dense" ends the name of both: a list of ends would adapt the attention too."""
    network = tiny_network("bert")
    chosen = [f"{path}.{n}" for path, block in blocks(network) for n in feed_forward_linears(block)]
    assert target_modules(network, chosen) == r".*\.\d+\.(intermediate\.dense|output\.dense)"


def parts(block: torch.nn.Module) -> tuple[list[str], str, str]:
    attention, forward = output_projections(block, 16)
    return list(query_and_value(block)), *attention, forward
