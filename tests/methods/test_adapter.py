"""What is the adapter's own: its place, its count, and its files."""

from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.methods.adapter import Adapter
from playground.methods.common.bottlenecks import Bottleneck
from tests.methods.cases import logits
from tests.methods.refusing import base_that_refuses, change_config, mixture_of_experts
from tests.tiny import ARCHITECTURES, tiny_model

EVERYWHERE = pytest.mark.parametrize("architecture", ARCHITECTURES)
WIDTH = 16
COUNTS = {"houlsby": 4, "pfeiffer": 2}  # of two layers
# ALBERT's two layers are one block; a decoder's two have attention to the encoder too.
OTHER_COUNTS = {
    "albert": {"houlsby": 2, "pfeiffer": 1},
    "t5": {"houlsby": 2 * 2 + 2 * 3, "pfeiffer": 4},
    "bart": {"houlsby": 2 * 2 + 2 * 3, "pfeiffer": 4},
}
NORMS = 4  # of two layers
OTHER_NORMS = {"phi": 2, "albert": 2, "modernbert": 3, "t5": 2 * 2 + 2 * 3, "bart": 2 * 2 + 2 * 3}
SCALE_ALONE = ("llama", "qwen2", "qwen3", "gemma", "modernbert", "t5")  # no shift


def trainable(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


@EVERYWHERE
def test_the_papers_count(architecture: str) -> None:
    """2 d m + d + m each, two or one per layer."""
    model, one = tiny_model(architecture), 2 * WIDTH * 5 + WIDTH + 5
    for placement, count in OTHER_COUNTS.get(architecture, COUNTS).items():
        method = Adapter(placement=placement, bottleneck=5, layer_norms=False)
        network = method.build(model)
        assert trainable(network) == count * one, placement
        method.remove(network)


@EVERYWHERE
def test_the_layer_norms_of_the_blocks_come_on_top(architecture: str) -> None:
    """Scale and shift of each, or the scale alone."""
    with_norms = trainable(Adapter(layer_norms=True).build(tiny_model(architecture)))
    without = trainable(Adapter(layer_norms=False).build(tiny_model(architecture)))
    tensors = 1 if architecture in SCALE_ALONE else 2
    norms = OTHER_NORMS.get(architecture, NORMS)
    assert with_norms - without == norms * tensors * WIDTH


def test_it_follows_both_outputs_and_precedes_the_residual() -> None:
    """By hand on one layer's attention: what the block adds is the bottleneck of its output."""
    model = tiny_model("llama")
    network = Adapter().build(model)
    positions = network.adapters.positions
    assert positions[:2] == ["model.layers.0.self_attn.o_proj", "model.layers.0.mlp.down_proj"]
    torch.nn.init.normal_(network.adapters.bottlenecks[0].up.weight)
    given = torch.randn(1, 3, WIDTH)
    projection = network.get_submodule(positions[0])
    plain = given @ projection.weight.T
    added = network.adapters.bottlenecks[0](plain)
    assert torch.allclose(projection(given), plain + added)
    assert not torch.allclose(projection(given), plain)


def test_a_bottleneck_is_the_papers_formula() -> None:
    one = Bottleneck(4, 2, "gelu", torch.device("cpu"))
    hidden = torch.randn(3, 4)
    assert not one(hidden).any()
    torch.nn.init.normal_(one.up.weight)
    activated = torch.nn.functional.gelu(hidden @ one.down.weight.T + one.down.bias)
    assert torch.allclose(one(hidden), activated @ one.up.weight.T + one.up.bias)
    assert one.down.weight.abs().max() <= 2e-2


def test_the_settings_come_from_the_file_and_the_base_is_not_opened(tmp_path: Path) -> None:
    method, model = Adapter(placement="pfeiffer", bottleneck=3), tiny_model("gpt2")
    method.save(method.build(model), tmp_path)
    config = change_config(tmp_path, {"base_model_name_or_path": "/nowhere"})
    assert config["base_model_name_or_path"] == "tiny/gpt2"
    opened = Adapter().load(tiny_model("gpt2"), tmp_path)
    assert (opened.adapters.method.placement, opened.adapters.method.bottleneck) == ("pfeiffer", 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"peft_type": "LORA"}, "says peft_type 'LORA'"),
        ({"bottleneck": 10**9}, "bottleneck is 1000000000"),
        ({"bottleneck": 7}, "does not fit this model"),
    ],
)
def test_a_changed_file_is_refused_and_the_base_stays_usable(
    change: dict, said: str, tmp_path: Path
) -> None:
    method = Adapter(bottleneck=3)
    method.save(method.build(tiny_model("bert")), tmp_path)
    change_config(tmp_path, change)
    assert not hasattr(base_that_refuses(Adapter(), "bert", tmp_path, said), "adapters")


def test_a_mixture_of_experts_is_refused_with_the_reason() -> None:
    model = mixture_of_experts()
    assert "mixture of experts" in Adapter().refuse(model)
    with pytest.raises(UserError, match="Try LoRA"):
        Adapter().build(model)


def test_two_tasks_swapped_swap_their_answers(tmp_path: Path) -> None:
    method, answers = Adapter(), {}
    for task, shift in (("one", 0.5), ("two", -0.5)):
        network = method.build(tiny_model("gpt2"))
        torch.nn.init.constant_(network.adapters.bottlenecks[0].up.bias[:4], shift)
        method.save(network, tmp_path / task)
        answers[task] = logits(network)
    model = tiny_model("gpt2")
    for task in ("two", "one"):
        network = method.load(model, tmp_path / task)
        assert torch.equal(logits(network), answers[task])
        method.remove(network)
    assert not torch.equal(answers["one"], answers["two"])
