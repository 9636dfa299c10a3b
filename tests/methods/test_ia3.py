"""What is (IA)³'s own: it scales keys, values and inner activations, and never a query."""

import pytest
import torch
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from playground.methods.common.blocks import blocks, feed_forward_linears, output_projections, sizes
from playground.methods.ia3 import IA3
from tests.methods.cases import all_logits
from tests.methods.shaken import shaken
from tests.tiny import tiny_model, tiny_network

NAMES = ("k", "v", "k_proj", "v_proj", "key", "value")
SEEN: list[tuple[torch.Tensor, ...]] = []


def watched(module: torch.nn.Module, *given: torch.Tensor, **named: object) -> tuple:
    """Attention as ever; queries, keys and values of the first layer are noted."""
    SEEN.append(given[:3])
    return sdpa_attention_forward(module, *given, **named)


AttentionInterface.register("watched", watched)


def first_layer(network: torch.nn.Module, plain: torch.nn.Module) -> tuple[torch.Tensor, ...]:
    SEEN.clear()
    plain.config._attn_implementation = "watched"
    all_logits(network)
    return SEEN[0]


@pytest.mark.parametrize("architecture", ["gpt2", "gpt_neox", "llama", "bert", "opt", "modernbert"])
def test_keys_and_values_are_scaled_and_queries_are_not(architecture: str) -> None:
    """Seen where the network itself takes them apart, one layer or three."""
    model, plain = tiny_model(architecture), tiny_network(architecture)
    before = first_layer(plain, plain)
    network = shaken(IA3().build(model))
    query, key, value = first_layer(network, model.network)
    assert torch.equal(query, before[0])
    assert (key - before[1]).abs().amax(dim=(0, 2)).min() > 0, "a key was left alone"
    assert (value - before[2]).abs().amax(dim=(0, 2)).min() > 0, "a value was left alone"


def test_only_what_scales_a_key_or_value_of_a_fused_layer_is_counted() -> None:
    network = IA3().build(tiny_model("gpt2"))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == 2 * (2 * 16 + 64)  # blocks * (2 d + d_ff)


@pytest.mark.parametrize("architecture", ["llama", "bert", "opt", "t5", "bart"])
def test_one_number_each_key_value_and_inner_activation(architecture: str) -> None:
    """Twice as many keys and values in a decoder block that looks at an encoder."""
    network, wanted = tiny_network(architecture), 0
    for _, block in blocks(network):
        layers = [one for name, one in block.named_modules() if name.split(".")[-1] in NAMES]
        wanted += sum(sizes(layer)[1] for layer in layers)
        last = output_projections(block, network.config.hidden_size)[1]
        wanted += sizes(feed_forward_linears(block)[last])[0]
    made = IA3().build(tiny_model(architecture))
    assert sum(p.numel() for p in made.parameters() if p.requires_grad) == wanted


def test_an_order_of_query_key_and_value_that_is_not_known_is_refused() -> None:
    model = tiny_model("gpt2")
    model.network.config.model_type = "unheard-of"
    assert "leave the query alone" in IA3().refuse(model)
