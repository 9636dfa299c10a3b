"""What is P-tuning's own: a small network makes the vectors and is gone afterwards."""

from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.p_tuning import PTuning
from tests.methods.cases import WORDS, all_logits, logits
from tests.tiny import MAX_LENGTH, tiny_model, tiny_network

LENGTH, HIDDEN = 5, 6
WIDTHS = {"albert": 8, "electra": 8}  # of embeddings, where blocks are 16 wide
KINDS = {"causal": "CAUSAL_LM", "masked": "FEATURE_EXTRACTION", "seq2seq": "SEQ_2_SEQ_LM"}
# Prepending to embeddings is the soft prompt's, which is tried on every architecture.
ONE_OF_EACH = pytest.mark.parametrize("architecture", ["gpt2", "llama", "bert", "albert", "t5"])
BOTH = pytest.mark.parametrize("encoder", ["MLP", "LSTM"])


def built(architecture: str, encoder: str = "MLP") -> torch.nn.Module:
    method = PTuning(length=LENGTH, hidden=HIDDEN, encoder=encoder)
    return method.build(tiny_model(architecture), WORDS)


@ONE_OF_EACH
@BOTH
def test_plain_peft_opens_what_we_save_and_so_do_we(
    architecture: str, encoder: str, tmp_path: Path
) -> None:
    network = built(architecture, encoder)
    PTuning().save(network, tmp_path)
    opened = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path).eval()
    ours = PTuning().load(tiny_model(architecture), tmp_path)
    assert (all_logits(opened) - all_logits(network)).abs().max() <= 1e-6
    assert torch.equal(all_logits(ours), all_logits(network))


@ONE_OF_EACH
def test_we_open_what_plain_peft_saved(architecture: str, tmp_path: Path) -> None:
    model = tiny_model(architecture)
    config = peft.PromptEncoderConfig(
        task_type=KINDS[model.family.name],
        num_virtual_tokens=LENGTH,
        token_dim=WIDTHS.get(architecture, 16),
        num_layers=2,
        num_attention_heads=2,
        num_transformer_submodules=1,
        encoder_hidden_size=HIDDEN,
    )
    theirs = peft.get_peft_model(tiny_network(architecture), config).eval()
    theirs.save_pretrained(tmp_path)
    ours = PTuning().load(model, tmp_path)
    assert (all_logits(ours) - all_logits(theirs)).abs().max() <= 1e-6


def test_only_length_times_width_numbers_are_left(tmp_path: Path) -> None:
    PTuning().save(built("gpt2", "LSTM"), tmp_path)
    opened = PTuning().load(tiny_model("gpt2"), tmp_path).soft_prompt
    assert sum(p.numel() for p in opened.parameters()) == LENGTH * 16
    assert opened.encoder is None


@ONE_OF_EACH
def test_the_three_layers_are_counted_while_they_train(architecture: str) -> None:
    """n d + (d k + k) + (k k + k) + (k d + d)."""
    d, k = WIDTHS.get(architecture, 16), HIDDEN
    wanted = LENGTH * d + (d * k + k) + (k * k + k) + (k * d + d)
    assert _trained(built(architecture)) == wanted


def test_the_lstm_is_counted_with_the_two_layers_after_it() -> None:
    """Of each direction: four gates read the input and the last state, with two biases."""
    d, k = 16, HIDDEN
    first, second = (2 * 4 * k * (width + k + 2) for width in (d, 2 * k))
    after = (2 * k * 2 * k + 2 * k) + (2 * k * d + d)
    assert _trained(built("gpt2", "LSTM")) == LENGTH * d + first + second + after


def test_it_starts_as_peft_does_with_the_same_seed() -> None:
    """So that a run can be made again with peft alone."""
    torch.manual_seed(3)
    ours = built("llama").soft_prompt.vectors()
    torch.manual_seed(3)
    config = peft.PromptEncoderConfig(
        task_type="CAUSAL_LM",
        num_virtual_tokens=LENGTH,
        num_transformer_submodules=1,
        encoder_hidden_size=HIDDEN,
    )
    theirs = peft.get_peft_model(tiny_network("llama"), config)
    assert torch.equal(ours, theirs.prompt_encoder["default"](torch.arange(LENGTH)))


def test_one_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(UserError, match="half of the 96 tokens"):
        PTuning(length=MAX_LENGTH // 2).build(tiny_model("gpt2"))


def test_a_soft_prompt_is_not_taken_for_it(tmp_path: Path) -> None:
    PTuning().save(built("gpt2"), tmp_path)
    text = (tmp_path / "adapter_config.json").read_text()
    (tmp_path / "adapter_config.json").write_text(text.replace("P_TUNING", "PROMPT_TUNING"))
    model = tiny_model("gpt2")
    before = logits(model.network)
    with pytest.raises(UserError, match="P_TUNING is wanted"):
        PTuning().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)


def _trained(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
