"""What is the soft prompt's own: it stands where words would, and peft opens it."""

import math
from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.soft_prompt import SoftPrompt
from playground.models.answer_words import AnswerWords
from playground.models.families import Encoded, collate
from playground.models.kv_cache import cache_among, cache_argument
from tests.methods.cases import WORDS, all_logits, logits
from tests.tiny import ARCHITECTURES, CAUSAL, MAX_LENGTH, tiny_model, tiny_network

EVERYWHERE = pytest.mark.parametrize("architecture", ARCHITECTURES)
# One file for all: what differs is the width of the embeddings and peft's name for the family.
SIZES = pytest.mark.parametrize(
    "architecture", ["gpt2", "llama", "bert", "albert", "electra", "t5"]
)
HARD = (1, 77, 88, 99, 66)  # real tokens
KEEPING = [name for name in CAUSAL if name != "openai-gpt"]  # keys and values
WIDTHS = {"albert": 8, "electra": 8}  # of embeddings, where blocks are 16 wide
KINDS = {"causal": "CAUSAL_LM", "masked": "FEATURE_EXTRACTION", "seq2seq": "SEQ_2_SEQ_LM"}


def with_rows_of(ids: tuple[int, ...], architecture: str) -> torch.nn.Module:
    """A soft prompt whose vectors are the embeddings of these tokens."""
    model = tiny_model(architecture)
    network = SoftPrompt(length=len(ids)).build(model, WORDS)
    with torch.no_grad():
        rows = network.get_input_embeddings()(torch.tensor(ids))
        network.soft_prompt.prompt_embeddings.copy_(rows)
    return network


@EVERYWHERE
def test_vectors_that_are_real_words_act_as_those_words(architecture: str) -> None:
    """Positions included: the text starts where it would after the words."""
    texts = ((1, 90, 91, 92, 93, 94), (1, 120, 121))
    soft = all_of(with_rows_of(HARD, architecture), texts)
    hard = all_of(tiny_network(architecture), tuple((*HARD, *text) for text in texts))
    for row, wanted in zip(soft, hard, strict=True):
        assert (row - wanted[-len(row) :]).abs().max() <= 1e-5


@pytest.mark.parametrize("architecture", KEEPING)
def test_a_filled_cache_is_gone_on_from_without_a_second_prompt(architecture: str) -> None:
    """Prompt and beginning once, then the rest on their keys and values: as all at once."""
    network, count = with_rows_of(HARD, architecture), len(HARD)
    text = torch.tensor([[1, 90, 91, 92, 93, 94]])
    with torch.no_grad():
        whole = network(input_ids=text).logits
        first = network(input_ids=text[:, :4], use_cache=True)
        rest = network(
            input_ids=text[:, 4:],
            attention_mask=torch.ones(1, count + 6, dtype=torch.long),
            **{cache_argument(network): cache_among(first)},
        )
    assert cache_among(first).get_seq_length() == count + 6
    assert (torch.cat([first.logits, rest.logits], dim=1) - whole).abs().max() <= 1e-5


@pytest.mark.parametrize("architecture", [name for name in CAUSAL if name != "bloom"])
def test_positions_given_by_the_caller_are_counted_from_the_text(architecture: str) -> None:
    network, text = with_rows_of(HARD, architecture), torch.tensor([[1, 90, 91, 92]])
    with torch.no_grad():
        given = network(input_ids=text, position_ids=torch.arange(4)[None]).logits
        found = network(text).logits
    assert torch.equal(given, found)


@SIZES
def test_it_trains_length_times_width(architecture: str) -> None:
    network = SoftPrompt(length=7).build(tiny_model(architecture), WORDS)
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert trained == 7 * WIDTHS.get(architecture, 16)


@SIZES
def test_plain_peft_opens_what_we_save(architecture: str, tmp_path: Path) -> None:
    method = SoftPrompt(length=6)
    network = method.build(tiny_model(architecture), WORDS)
    method.save(network, tmp_path)
    opened = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path).eval()
    assert (all_logits(opened) - all_logits(network)).abs().max() <= 1e-6


@SIZES
def test_we_open_what_plain_peft_saved(architecture: str, tmp_path: Path) -> None:
    model = tiny_model(architecture)
    config = peft.PromptTuningConfig(
        task_type=KINDS[model.family.name],
        num_virtual_tokens=5,
        token_dim=WIDTHS.get(architecture, 16),
        num_layers=2,
        num_attention_heads=2,
        num_transformer_submodules=1,
    )
    theirs = peft.get_peft_model(tiny_network(architecture), config).eval()
    theirs.save_pretrained(tmp_path)
    ours = SoftPrompt().load(model, tmp_path)
    assert (all_logits(ours) - all_logits(theirs)).abs().max() <= 1e-6


def test_it_starts_from_the_mean_of_each_label_word_then_from_words() -> None:
    model = tiny_model("llama")
    table = model.network.get_input_embeddings().weight
    rows = SoftPrompt(length=5).build(model, WORDS).soft_prompt.prompt_embeddings
    assert torch.allclose(rows[0], (table[60] + table[61]) / 2)
    assert torch.allclose(rows[1], table[70])
    assert all((table == row).all(dim=1).any() for row in rows[2:])


def test_it_starts_from_a_text_repeated_to_its_length() -> None:
    model = tiny_model("bert")
    table = model.network.get_input_embeddings().weight
    ids = model.tokens("What a film")
    method = SoftPrompt(length=len(ids) + 1, start="text", text="What a film")
    rows = method.build(model).soft_prompt.prompt_embeddings
    assert torch.equal(rows, table[[*ids, ids[0]]])


def test_random_vectors_lie_between_minus_and_plus_a_half() -> None:
    rows = SoftPrompt(length=40, start="random").build(tiny_model("gpt2")).soft_prompt
    assert rows.prompt_embeddings.abs().max() <= 0.5
    assert math.isclose(rows.prompt_embeddings.std().item(), 1 / math.sqrt(12), rel_tol=0.2)


def test_more_labels_than_vectors_fill_what_there_is() -> None:
    words = AnswerWords(("a", "b", "c"), ((60,), (61,), (62,)))
    rows = SoftPrompt(length=2).build(tiny_model("gpt2"), words).soft_prompt.prompt_embeddings
    assert rows.shape == (2, 16)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (SoftPrompt(length=MAX_LENGTH // 2), "half of the 96 tokens"),
        (SoftPrompt(start="text", text=" "), "the text is empty"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(method: SoftPrompt, said: str) -> None:
    with pytest.raises(UserError, match=said):
        method.build(tiny_model("gpt2"))


def test_a_second_soft_prompt_on_the_same_network_is_a_mistake() -> None:
    model = tiny_model("gpt2")
    SoftPrompt().build(model)
    with pytest.raises(ValueError, match="remove that one first"):
        SoftPrompt().build(model)


def test_one_of_another_width_is_refused_and_the_base_stays_usable(tmp_path: Path) -> None:
    method, model = SoftPrompt(length=3), tiny_model("gpt2")
    network = method.build(model)
    network.soft_prompt.prompt_embeddings = torch.nn.Parameter(torch.zeros(3, 8))
    method.save(network, tmp_path)
    method.remove(network)
    before = logits(model.network)
    with pytest.raises(UserError, match="does not fit this model"):
        SoftPrompt().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)


def all_of(network: torch.nn.Module, texts: tuple[tuple[int, ...], ...]) -> list[torch.Tensor]:
    """Logits of every text at each of its positions, run as one padded batch; a decoder's, where
    the text is what an encoder reads."""
    decoded = [(0, 60), (0, 70)] if network.config.is_encoder_decoder else [(), ()]
    pairs = zip(texts, decoded, strict=True)
    batch = collate([Encoded(ids, (0,), decoder) for ids, decoder in pairs], pad_id=0)
    with torch.no_grad():
        output = network(**batch.inputs()).logits
    lengths = [len(decoder or ids) for ids, decoder in zip(texts, decoded, strict=True)]
    return [row[:length] for row, length in zip(output, lengths, strict=True)]
