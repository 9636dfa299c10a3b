"""The tokenizer: any text, digits apart, and the same ids for either network."""

import pytest
from transformers import AutoTokenizer

from playground.errors import UserError
from playground.models.tokenizing import special_ids
from playground.pretraining import tokenizer as tokenizers
from tests.pretraining.made import PIECES, made_tokenizer


@pytest.mark.parametrize(
    "text",
    ["The film was good.", "Zażółć  gęślą\tjaźń\n\n", "漢字 🎬", " a ", "<mask> is text here"],
)
def test_any_text_comes_back_as_it_was(text):
    made = made_tokenizer()

    assert made.decode(made.encode(text).ids, skip_special_tokens=False) == text


def test_every_digit_is_a_piece_of_its_own():
    made = tokenizers.train(["In 2024 and 10, and in 2024 again."] * 20, 268)
    tokens = made.encode("In 2024 and 10").tokens

    assert [token for token in tokens if token.strip("Ġ").isdigit()] == list("202410")


def test_a_special_token_written_out_in_a_text_is_text():
    ids = made_tokenizer().encode("a </s> and a <mask>", add_special_tokens=False).ids

    assert min(ids) >= len(tokenizers.SPECIAL)


def test_a_word_takes_the_blank_before_it_along():
    assert "Ġgood" in made_tokenizer().encode("The film was good.").tokens


@pytest.mark.parametrize(("family", "start", "end"), [("causal", (0,), ()), ("masked", (0,), (1,))])
def test_transformers_reads_it_with_the_ends_of_the_family(tmp_path, family, start, end):
    for name, content in tokenizers.files_for(family, made_tokenizer(), 64).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    read = AutoTokenizer.from_pretrained(tmp_path)

    assert special_ids(read) == (start, end)
    assert (read.bos_token_id, read.eos_token_id) == (tokenizers.START_ID, tokenizers.END_ID)
    assert (read.pad_token_id, read.mask_token_id) == (tokenizers.PAD_ID, tokenizers.MASK_ID)
    text = "The film of 12 was great.\nWord: dull"
    assert read(text, add_special_tokens=False).input_ids == made_tokenizer().encode(text).ids
    assert len(read) == PIECES


def test_it_is_read_back_as_it_was_written(tmp_path):
    tokenizers.save(made_tokenizer(), tmp_path / tokenizers.NAME)

    assert tokenizers.load(tmp_path).get_vocab() == made_tokenizer().get_vocab()


def test_too_little_text_is_refused_with_the_numbers():
    with pytest.raises(UserError, match="900 were asked for"):
        tokenizers.train(["too little", "too little"], 900)


def test_a_strange_tokenizer_is_refused(tmp_path):
    with pytest.raises(UserError, match="There is no tokenizer"):
        tokenizers.load(tmp_path)
