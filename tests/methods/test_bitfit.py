"""What is BitFit's own: that it is the bias terms, all of them, and nothing else."""

from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM

from playground.errors import UserError
from playground.methods.bitfit import BitFit
from playground.models.answer_logits import answer_logits
from tests.methods.cases import batch_for, logits
from tests.methods.shaken import shaken
from tests.tiny import ARCHITECTURES, tiny_model, tiny_network

WITHOUT = ("llama", "qwen3", "gemma", "modernbert", "t5")
WITH = [name for name in ARCHITECTURES if name not in WITHOUT]
HEADS = ("lm_head.", "cls.", "vocab_", "predictions.", "generator_", "embed_out.")
LARGE = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
}


def names(network: torch.nn.Module) -> set[str]:
    return {name for name, p in network.named_parameters() if p.requires_grad}


@pytest.mark.parametrize("architecture", WITH)
def test_after_training_with_weight_decay_exactly_the_bias_terms_have_changed(
    architecture: str,
) -> None:
    """AdamW over every parameter, frozen ones included; the output head's are no part of it."""
    before = dict(tiny_network(architecture).named_parameters())
    wanted = {n for n in before if n.endswith("bias") and not n.startswith(HEADS)}
    network = BitFit().build(tiny_model(architecture))
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=0.1)
    for _ in range(2):
        optimiser.zero_grad()
        answer_logits(network, batch_for(network)).log_softmax(-1)[..., 3].sum().backward()
        optimiser.step()
    after = dict(network.named_parameters())
    assert {name for name in before if not torch.equal(before[name], after[name])} == wanted


@pytest.mark.parametrize(("architecture", "inner"), [("gpt2", 64), ("bert", 32), ("opt", 32)])
def test_the_count_by_hand(architecture: str, inner: int) -> None:
    """Query, key, value, output, feed-forward in and out and two layer norms, in each of two
    layers; and one layer norm outside them."""
    network = BitFit().build(tiny_model(architecture))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == 2 * (4 * 16 + inner + 16 + 2 * 16) + 16


@pytest.mark.parametrize(
    ("kind", "settings", "count"),
    [("bert", {}, 102_144), ("bert", LARGE, 271_360), ("gpt2", {}, 102_144)],
)
def test_the_count_of_the_real_ones(kind: str, settings: dict, count: int) -> None:
    """BERT-large: the 0.08 % of the paper's table 1."""
    auto = AutoModelForMaskedLM if kind == "bert" else AutoModelForCausalLM
    with torch.device("meta"):
        network = auto.from_config(AutoConfig.for_model(kind, **settings))
    assert sum(bias.numel() for bias in BitFit().biases(network).values()) == count


def test_qwen2_has_them_at_query_key_and_value_only() -> None:
    leaves = {name.split(".")[-2] for name in names(BitFit().build(tiny_model("qwen2")))}
    assert leaves == {"q_proj", "k_proj", "v_proj"}


@pytest.mark.parametrize("architecture", WITHOUT)
def test_a_model_without_bias_terms_is_refused_with_the_reason(architecture: str) -> None:
    said = f"tiny/{architecture} has 0 bias terms, so BitFit has nothing to train. Try LoRA."
    assert BitFit().refuse(tiny_model(architecture)) == said
    with pytest.raises(UserError, match="0 bias terms"):
        BitFit().build(tiny_model(architecture))


def test_the_biases_of_another_model_are_refused_and_the_base_stays_usable(tmp_path: Path) -> None:
    BitFit().save(shaken(BitFit().build(tiny_model("roberta"))), tmp_path)
    model = tiny_model("bert")
    before = logits(model.network)
    with pytest.raises(UserError, match="does not fit this model"):
        BitFit().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)
    assert not hasattr(model.network, "bias_terms")


def test_one_task_after_the_other_on_one_base(tmp_path: Path) -> None:
    method, model = BitFit(), tiny_model("gpt2")
    before, network = logits(model.network), shaken(method.build(model))
    tuned = logits(network)
    method.save(network, tmp_path)
    method.remove(network)
    assert torch.equal(logits(model.network), before)
    assert torch.equal(logits(method.load(model, tmp_path)), tuned)
    with pytest.raises(ValueError, match="remove it first"):
        method.load(model, tmp_path)
