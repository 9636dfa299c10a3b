"""Where attention and feed-forward layers are found, by architecture."""

import pytest
import torch
from transformers.pytorch_utils import Conv1D

from playground.methods.common.blocks import (
    attention_linears,
    blocks,
    feed_forward_linears,
    norms,
    output_projections,
    query_and_value,
    target_modules,
)
from tests.tiny import ARCHITECTURES, tiny_network

KINDS = ("SelfAttention", "EncDecAttention")
SPLIT = ["self_attn.q_proj", "self_attn.v_proj"]
TURNED = ["self_attn.v_proj", "self_attn.q_proj"]  # as OPT and BART list them
OF_LLAMA = (SPLIT, ["self_attn.o_proj"], "mlp.down_proj", 2)
OF_BERT = (
    ["attention.self.query", "attention.self.value"],
    ["attention.output.dense"],
    "output.dense",
    2,
)
OF_GPT = (["attn.c_attn"], ["attn.c_proj"], "mlp.c_proj", 2)
FUSED = ("query_key_value", "dense", "mlp.dense_4h_to_h")
ALBERT = "albert_layers.0"
# architecture: query and value, after each attention, after the feed-forward part, and the
# number of layer norms, of its first block; of a decoder's where it attends to an encoder too
FOUND = {
    "gpt2": OF_GPT,
    "openai-gpt": OF_GPT,
    "llama": OF_LLAMA,
    "qwen2": OF_LLAMA,
    "qwen3": OF_LLAMA,
    "gemma": OF_LLAMA,
    "phi": (SPLIT, ["self_attn.dense"], "mlp.fc2", 1),
    "gpt_neox": ([f"attention.{FUSED[0]}"], [f"attention.{FUSED[1]}"], FUSED[2], 2),
    "opt": (TURNED, ["self_attn.out_proj"], "fc2", 2),
    "bloom": ([f"self_attention.{FUSED[0]}"], [f"self_attention.{FUSED[1]}"], FUSED[2], 2),
    "bert": OF_BERT,
    "roberta": OF_BERT,
    "distilbert": (["attention.q_lin", "attention.v_lin"], ["attention.out_lin"], "ffn.lin2", 2),
    "albert": (
        [f"{ALBERT}.attention.query", f"{ALBERT}.attention.value"],
        [f"{ALBERT}.attention.dense"],
        f"{ALBERT}.ffn_output",
        2,
    ),
    "electra": OF_BERT,
    "deberta-v2": (
        ["attention.self.query_proj", "attention.self.value_proj"],
        ["attention.output.dense"],
        "output.dense",
        2,
    ),
    "modernbert": (["attn.Wqkv"], ["attn.Wo"], "mlp.Wo", 1),  # the first has no norm before it
    "t5": (
        ["layer.0.SelfAttention.q", "layer.0.SelfAttention.v"],
        ["layer.0.SelfAttention.o"],
        "layer.1.DenseReluDense.wo",
        2,
    ),
    "bart": (TURNED, ["self_attn.out_proj"], "fc2", 2),
}
DECODERS = {
    "t5": (
        [f"layer.{n}.{kind}.{q}" for n, kind in enumerate(KINDS) for q in ("q", "v")],
        [f"layer.{n}.{kind}.o" for n, kind in enumerate(KINDS)],
        "layer.2.DenseReluDense.wo",
        3,
    ),
    "bart": (
        [*TURNED, "encoder_attn.v_proj", "encoder_attn.q_proj"],
        ["self_attn.out_proj", "encoder_attn.out_proj"],
        "fc2",
        3,
    ),
}
BLOCKS = {"albert": 1, "t5": 4, "bart": 4}  # ALBERT's layers are one; else two


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_parts_of_a_block(architecture: str) -> None:
    found = list(blocks(tiny_network(architecture)))
    assert len(found) == BLOCKS.get(architecture, 2)
    assert parts(found[0][1]) == FOUND[architecture]
    assert parts(found[-1][1])[:3] == DECODERS.get(architecture, FOUND[architecture])[:3]


@pytest.mark.parametrize("architecture", DECODERS)
def test_a_decoder_has_a_second_attention_and_a_third_norm(architecture: str) -> None:
    assert parts(list(blocks(tiny_network(architecture)))[-1][1]) == DECODERS[architecture]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_output_head_and_the_embeddings_are_in_no_block(architecture: str) -> None:
    network = tiny_network(architecture)
    inside = [
        f"{path}.{name}"
        for path, block in blocks(network)
        for name in attention_linears(block) | feed_forward_linears(block)
    ]
    every = [n for n, m in network.named_modules() if isinstance(m, torch.nn.Linear | Conv1D)]
    outside = set(every) - set(inside)
    heads = ("lm_head", "embed_out", "cls.", "vocab_", "predictions.", "generator_", "head.")
    widening = ("albert.encoder.embedding_hidden_mapping_in", "electra.embeddings_project")
    assert outside, "a language model has a head"
    assert all(name.startswith(heads) or name in (*widening, "decoder") for name in outside)


def test_bert_s_feed_forward_output_is_told_from_its_attention_output() -> None:
    """ "output.dense" ends the name of both: a list of ends would adapt the attention too."""
    network = tiny_network("bert")
    chosen = [f"{path}.{n}" for path, block in blocks(network) for n in feed_forward_linears(block)]
    assert target_modules(network, chosen) == r".*\.\d+\.(intermediate\.dense|output\.dense)"


def parts(block: torch.nn.Module) -> tuple[list[str], list[str], str, int]:
    attention, forward = output_projections(block, 16)
    return list(query_and_value(block)), attention, forward, len(norms(block, 16))
