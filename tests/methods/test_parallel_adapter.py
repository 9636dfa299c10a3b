"""What is the parallel adapter's own: what it reads, where it adds, its count, and its files."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from playground.errors import UserError
from playground.methods.parallel_adapter import ParallelAdapter
from tests.methods.cases import logits
from tests.methods.shaken import shaken
from tests.tiny import ARCHITECTURES, tiny_model, tiny_tokenizer

EVERYWHERE = pytest.mark.parametrize("architecture", ARCHITECTURES)
WIDTH = 16
BLOCKS = 2
OTHER_BLOCKS = {"albert": 1, "t5": 4, "bart": 4}  # shared by two layers; encoder and decoder
MERGES = ("merge", "merge_adapter", "merge_and_unload", "merged")
# architecture: a feed-forward part as a module of its own, and one of its bypass's two ends
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
    """2 d m + d + m for every block."""
    network = ParallelAdapter(bottleneck=5).build(tiny_model(architecture))
    blocks = OTHER_BLOCKS.get(architecture, BLOCKS)
    assert trainable(network) == blocks * (2 * WIDTH * 5 + WIDTH + 5)


@EVERYWHERE
def test_without_a_bend_it_is_two_matrices(architecture: str) -> None:
    method = ParallelAdapter(bottleneck=5, non_linearity="none")
    blocks = OTHER_BLOCKS.get(architecture, BLOCKS)
    assert trainable(method.build(tiny_model(architecture))) == blocks * 2 * WIDTH * 5


@pytest.mark.parametrize("architecture", PARTS)
@pytest.mark.parametrize("bend", ["relu", "none"])
def test_it_adds_four_times_the_detour_of_what_the_feed_forward_part_reads(
    architecture: str, bend: str
) -> None:
    """By hand on one block's part: FFN(x) + 4 (U f(D x + b) + c), or FFN(x) + 4 U D x."""
    path, first, last = PARTS[architecture]
    model, given = tiny_model(architecture), torch.randn(2, 3, WIDTH)
    plain = model.network.get_submodule(path)(given)
    network = shaken(ParallelAdapter(bottleneck=5, non_linearity=bend).build(model))
    bypasses = network.parallel_adapter
    place = bypasses.places.index((f"{path}.{first}", f"{path}.{last}"))
    own = dict(bypasses.each[place].bottleneck.named_parameters())
    narrow = given @ own["down.weight"].T + own.get("down.bias", 0)
    narrow = narrow.relu() if bend == "relu" else narrow
    detour = narrow @ own["up.weight"].T + own.get("up.bias", 0)
    assert torch.allclose(network.get_submodule(path)(given), plain + 4 * detour, atol=1e-5)


@pytest.mark.parametrize("bend", ["relu", "none"])
def test_no_merge_is_offered(bend: str) -> None:
    """Also the linear one goes around the block's own non-linearity: no matrix could hold it."""
    method = ParallelAdapter(non_linearity=bend)
    network = method.build(tiny_model("llama"))
    for thing in (method, network, network.parallel_adapter):
        assert not [name for name in MERGES if hasattr(thing, name)]


def test_the_settings_come_from_the_file_and_the_base_is_not_opened(tmp_path: Path) -> None:
    method = ParallelAdapter(bottleneck=3, non_linearity="none")
    network = shaken(method.build(tiny_model("gpt2")))
    method.save(network, tmp_path)
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "tiny/gpt2"
    config["base_model_name_or_path"] = "/nowhere"
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
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
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    (tmp_path / "adapter_config.json").write_text(json.dumps({**config, **change}))
    model = tiny_model("bert")
    before = logits(model.network)
    with pytest.raises(UserError, match=said):
        ParallelAdapter().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)
    assert not hasattr(model.network, "parallel_adapter")


def test_a_mixture_of_experts_is_refused_with_the_reason() -> None:
    model = tiny_model("llama")
    config = AutoConfig.for_model(
        "mixtral",
        vocab_size=len(tiny_tokenizer()),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        num_local_experts=2,
    )
    model.network = AutoModelForCausalLM.from_config(config)
    assert "mixture of experts" in ParallelAdapter().refuse(model)
