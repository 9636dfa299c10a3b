"""What is P-tuning v2's own: keys and values of every layer train as they are."""

from pathlib import Path

import peft
import pytest
import torch

from playground.methods.common.prefix_states import STANDARD_DEVIATION, states_of
from playground.methods.p_tuning_v2 import PTuningV2
from playground.methods.prefix_tuning import PrefixTuning
from tests.methods.cases import WORDS, all_logits
from tests.tiny import tiny_model, tiny_network

LENGTH = 5


def built(architecture: str, **settings: object) -> torch.nn.Module:
    method = PTuningV2(**{"length": LENGTH, **settings})
    return method.build(tiny_model(architecture), WORDS)


@pytest.mark.parametrize(
    ("architecture", "width"), [("gpt2", 16), ("bert", 16), ("distilbert", 16), ("llama", 8)]
)
def test_it_trains_two_times_length_times_layers_times_width(architecture: str, width: int) -> None:
    network = built(architecture)
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == 2 * LENGTH * 2 * width
    assert network.prefix.encoder is None


@pytest.mark.parametrize("architecture", ["gpt2", "llama", "bert", "roberta"])
def test_it_is_prefix_tuning_without_the_small_network(architecture: str, tmp_path: Path) -> None:
    """Plain peft and our prefix tuning open it, with the same answers."""
    network = built(architecture)
    PTuningV2().save(network, tmp_path)
    theirs = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path).eval()
    ours = PrefixTuning().load(tiny_model(architecture), tmp_path)
    assert (all_logits(theirs) - all_logits(network)).abs().max() <= 1e-6
    assert torch.equal(all_logits(ours), all_logits(network))


def test_at_random_it_starts_small() -> None:
    numbers = built("gpt2", length=40, start="random").prefix.numbers()
    assert numbers.std().item() == pytest.approx(STANDARD_DEVIATION, rel=0.1)


def test_from_label_words_it_starts_as_what_the_model_keeps_of_them() -> None:
    states = built("bert", start="label words").prefix.stacked()
    kept = states_of(tiny_model("bert"), (60, 61, 70)).tensor
    assert states.shape[-2] == LENGTH
    assert not torch.allclose(states[1, ..., :3, :], kept[1], atol=1e-3)  # a text of five tokens
    assert torch.allclose(states[0, ..., :3, :], kept[0], atol=1e-6)  # no layer has looked yet
