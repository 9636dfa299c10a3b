"""What is the parallel adapter's own: what it reads, where it adds, its count, and its files."""

from pathlib import Path

import pytest
import torch

from playground.methods.parallel_adapter import ParallelAdapter
from tests.methods.cases import logits
from tests.methods.refusing import base_that_refuses, change_config, mixture_of_experts
from tests.methods.shaken import shaken
from tests.tiny import ARCHITECTURES, tiny_model

EVERYWHERE = pytest.mark.parametrize("architecture", ARCHITECTURES)
WIDTH = 16
BLOCKS = 2
OTHER_BLOCKS = {"albert": 1, "t5": 4, "bart": 4}  # shared by two layers; encoder and decoder
MERGES = ("merge", "merge_adapter", "merge_and_unload", "merged")
# architecture: a feed-forward part as a module of its own, and one of its branch's two ends
PARTS = {
    "gpt2": ("transformer.h.0.mlp", "c_fc", "c_proj"),
    "llama": ("model.layers.1.mlp", "gate_proj", "down_proj"),
    "distilbert": ("distilbert.transformer.layer.0.ffn", "lin1", "lin2"),
    "t5": ("decoder.block.1.layer.2.DenseReluDense", "wi", "wo"),
}


def trainable(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


@EVERYWHERE
def test_the_papers_count(architecture: str) -> None:
    """2 d m + d + m for every block; two matrices alone without an activation."""
    model, blocks = tiny_model(architecture), OTHER_BLOCKS.get(architecture, BLOCKS)
    for activation, biases in (("relu", WIDTH + 5), ("none", 0)):
        method = ParallelAdapter(bottleneck=5, non_linearity=activation)
        network = method.build(model)
        assert trainable(network) == blocks * (2 * WIDTH * 5 + biases), activation
        method.remove(network)


@pytest.mark.parametrize("architecture", PARTS)
@pytest.mark.parametrize("activation", ["relu", "none"])
def test_it_adds_four_times_the_branch_of_what_the_feed_forward_part_reads(
    architecture: str, activation: str
) -> None:
    """By hand on one block's part: FFN(x) + 4 (U f(D x + b) + c), or FFN(x) + 4 U D x."""
    path, first, last = PARTS[architecture]
    model, given = tiny_model(architecture), torch.randn(2, 3, WIDTH)
    plain = model.network.get_submodule(path)(given)
    network = shaken(ParallelAdapter(bottleneck=5, non_linearity=activation).build(model))
    branches = network.parallel_adapter
    index = branches.positions.index((f"{path}.{first}", f"{path}.{last}"))
    own = dict(branches.each[index].bottleneck.named_parameters())
    narrow = given @ own["down.weight"].T + own.get("down.bias", 0)
    narrow = narrow.relu() if activation == "relu" else narrow
    branch = narrow @ own["up.weight"].T + own.get("up.bias", 0)
    assert torch.allclose(network.get_submodule(path)(given), plain + 4 * branch, atol=1e-5)


@pytest.mark.parametrize("activation", ["relu", "none"])
def test_no_merge_is_offered(activation: str) -> None:
    """Also the linear one goes around the block's own non-linearity: no matrix could hold it."""
    method = ParallelAdapter(non_linearity=activation)
    network = method.build(tiny_model("llama"))
    for thing in (method, network, network.parallel_adapter):
        assert not [name for name in MERGES if hasattr(thing, name)]


def test_the_settings_come_from_the_file_and_the_base_is_not_opened(tmp_path: Path) -> None:
    method = ParallelAdapter(bottleneck=3, non_linearity="none")
    network = shaken(method.build(tiny_model("gpt2")))
    method.save(network, tmp_path)
    config = change_config(tmp_path, {"base_model_name_or_path": "/nowhere"})
    assert config["base_model_name_or_path"] == "tiny/gpt2"
    opened = ParallelAdapter().load(tiny_model("gpt2"), tmp_path)
    assert torch.equal(logits(opened), logits(network))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"peft_type": "PLAYGROUND_ADAPTER"}, "says peft_type 'PLAYGROUND_ADAPTER'"),
        ({"bottleneck": 10**9}, "bottleneck is 1000000000"),
        ({"non_linearity": "sine"}, "non_linearity is 'sine'"),
        ({"non_linearity": "none"}, "does not fit this model"),
    ],
)
def test_a_changed_file_is_refused_and_the_base_stays_usable(
    change: dict, said: str, tmp_path: Path
) -> None:
    method = ParallelAdapter(bottleneck=3)
    method.save(method.build(tiny_model("bert")), tmp_path)
    change_config(tmp_path, change)
    network = base_that_refuses(ParallelAdapter(), "bert", tmp_path, said)
    assert not hasattr(network, "parallel_adapter")


def test_a_mixture_of_experts_is_refused_with_the_reason() -> None:
    assert "mixture of experts" in ParallelAdapter().refuse(mixture_of_experts())
