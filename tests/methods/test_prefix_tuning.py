"""What is prefix tuning's own: its keys and values stand where words' would, and peft opens it."""

from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.common.prefix_states import start_states, states_of
from playground.methods.prefix_tuning import PrefixTuning
from playground.models.answer_words import AnswerWords
from tests.methods.cases import WORDS, all_logits, logits
from tests.tiny import ARCHITECTURES, MAX_LENGTH, SEQ2SEQ, tiny_model, tiny_network

LENGTH, HIDDEN = 4, 6
UNREACHED = ("openai-gpt", "deberta-v2")
INSIDE = ("distilbert", "albert", "modernbert")  # take no cache
SUPPORTED = [name for name in ARCHITECTURES if name not in UNREACHED]
OPENS_PEFT_S = [name for name in SUPPORTED if name not in INSIDE]
AS_PEFT = [name for name in OPENS_PEFT_S if name not in SEQ2SEQ]
# By heads that share keys, layers that share weights, no cache and two stacks
ONE_OF_EACH = pytest.mark.parametrize("architecture", ["gpt2", "llama", "albert", "bart"])
EVERYWHERE = pytest.mark.parametrize("architecture", SUPPORTED)


def small(**settings: object) -> PrefixTuning:
    return PrefixTuning(**{"length": LENGTH, "hidden": HIDDEN, **settings})


def moved(architecture: str, **settings: object) -> torch.nn.Module:
    """A prefix in which everything that trains is away from where it started."""
    network = small(**settings).build(tiny_model(architecture), WORDS)
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) / 5)
    return network


@ONE_OF_EACH
def test_it_trains_two_times_length_times_layers_times_width(architecture: str) -> None:
    """Of keys: where heads share them (llama, gemma, qwen), they are half as wide."""
    network = small(reparametrise=False).build(tiny_model(architecture), WORDS)
    width = 8 if architecture in ("llama", "qwen2", "qwen3", "gemma") else 16
    assert _trained(network) == 2 * LENGTH * 2 * width


@ONE_OF_EACH
def test_the_small_network_is_counted_while_it_trains(architecture: str) -> None:
    """n d + d k + k + (k + 1) 2 L d."""
    network = small().build(tiny_model(architecture), WORDS)
    d = network.prefix.heads * network.prefix.width
    first = LENGTH * d + d * HIDDEN + HIDDEN
    assert _trained(network) == first + (HIDDEN + 1) * 2 * 2 * d


@EVERYWHERE
def test_saved_without_the_small_network_it_answers_the_same(
    architecture: str, tmp_path: Path
) -> None:
    network = moved(architecture)
    wanted, added = all_logits(network), network.prefix.encoder(torch.arange(LENGTH))
    assert torch.allclose(network.prefix.numbers(), network.prefix.prompt_embeddings + added)
    small().save(network, tmp_path)
    opened = PrefixTuning().load(tiny_model(architecture), tmp_path)
    assert torch.equal(all_logits(opened), wanted)
    assert opened.prefix.encoder is None
    assert sum(p.numel() for p in opened.prefix.parameters()) == opened.prefix.numbers().numel()


@pytest.mark.parametrize("architecture", AS_PEFT)
def test_plain_peft_opens_what_we_save(architecture: str, tmp_path: Path) -> None:
    network = moved(architecture)
    small().save(network, tmp_path)
    opened = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path).eval()
    assert (all_logits(opened) - all_logits(network)).abs().max() <= 1e-6


@pytest.mark.parametrize("architecture", OPENS_PEFT_S)
@pytest.mark.parametrize("projection", [False, True])
def test_we_open_what_plain_peft_saved(architecture: str, projection: bool, tmp_path: Path) -> None:
    model = tiny_model(architecture)
    kinds = {"causal": "CAUSAL_LM", "masked": "FEATURE_EXTRACTION", "seq2seq": "SEQ_2_SEQ_LM"}
    config = peft.PrefixTuningConfig(
        task_type=kinds[model.family.name],
        num_virtual_tokens=3,
        prefix_projection=projection,
        encoder_hidden_size=HIDDEN,
    )
    theirs = peft.get_peft_model(tiny_network(architecture), config).eval()
    theirs.save_pretrained(tmp_path)
    ours = PrefixTuning().load(model, tmp_path)
    assert (all_logits(ours) - all_logits(theirs)).abs().max() <= 1e-6


@pytest.mark.parametrize("architecture", [*INSIDE, *SEQ2SEQ])
def test_where_peft_reads_it_wrongly_the_file_is_not_called_peft_s(
    architecture: str, tmp_path: Path
) -> None:
    small().save(moved(architecture), tmp_path)
    with pytest.raises(KeyError, match="PLAYGROUND_PREFIX"):
        peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path)


@pytest.mark.parametrize("architecture", UNREACHED)
def test_a_model_that_would_ignore_it_is_refused(architecture: str) -> None:
    with pytest.raises(UserError, match="a prefix would be ignored"):
        PrefixTuning().build(tiny_model(architecture))


def test_one_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(UserError, match="half of the 96 tokens"):
        PrefixTuning(length=MAX_LENGTH // 2).build(tiny_model("gpt2"))


def test_it_starts_from_the_label_words_then_from_frequent_ones() -> None:
    words = AnswerWords(("good", "bad"), ((60, 61), (70,)))
    found = start_states(tiny_model("llama"), words, "label words", 5).tensor
    label_words = states_of(tiny_model("llama"), (60, 61, 70)).tensor
    assert torch.allclose(found[..., :3, :], label_words, atol=1e-6)


def test_one_of_another_model_is_refused_and_the_base_stays_usable(tmp_path: Path) -> None:
    small().save(moved("gpt2"), tmp_path)
    model = tiny_model("llama")
    before = logits(model.network)
    with pytest.raises(UserError, match="does not fit this model"):
        PrefixTuning().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)


def test_a_second_prefix_on_the_same_network_is_a_mistake() -> None:
    model = tiny_model("gpt2")
    small().build(model)
    with pytest.raises(ValueError, match="remove that one first"):
        small().build(model)


def _trained(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
