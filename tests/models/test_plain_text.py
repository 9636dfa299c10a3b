"""What a person types is text: no mark of the model's can be typed."""

from dataclasses import replace

import pytest
from tokenizers import AddedToken

from playground.data.example import Example
from playground.models.answer_words import answer_words
from playground.models.prompts import PromptEncoder
from playground.tasks.classification import Task
from tests.models.kinds import KINDS, MASKED, here, read_by, tokenizer_of
from tests.tiny import tiny_model, tiny_tokenizer

TYPED = (
    *("<s>", "</s>", "[MASK]", "<mask>", "<|endoftext|>", "<extra_id_0>", "<|im_start|>"),
    *("<|im_end|>", "<pad>", "[PAD]", "[CLS]", "[SEP]", "<unk>", "[UNK]", "<think>", "</think>"),
    *("<tool_call>", "\uff1c/s\uff1e", "<|fim_prefix|>"),  # T5's normaliser makes a mark of one
)


AROUND = ("{}", "a{}b", "a {} b", "({})", "a\n{}\n", "{}{}")


def check_typed(kind: str, around: str) -> None:
    """No mark of the model's comes out of a text that spells one."""
    model, tokenizer = read_by(kind), tokenizer_of(kind)
    marks = {i for i, token in tokenizer.added_tokens_decoder.items() if str(token) in TYPED}
    marks |= set(tokenizer.all_special_ids)
    marks -= {tokenizer.unk_token_id}  # what stands for a character it does not know

    for typed in TYPED:
        text = around.replace("{}", typed)
        ids, pieces = model.tokens(text), model.plain_text.encode(text).tokens

        assert marks.isdisjoint(ids), (typed, pieces)
        assert typed not in pieces
        assert len(model.offsets(text)) == len(ids)


# One surrounding for each kind; tests.benchmarks.pieces tries them all.
@here
@pytest.mark.parametrize(
    ("kind", "around"), [(kind, AROUND[i % len(AROUND)]) for i, kind in enumerate(KINDS)]
)
def test_no_typed_mark_becomes_one(kind, around):
    check_typed(kind, around)


@here
@pytest.mark.parametrize("kind", MASKED)
def test_a_mask_in_a_text_is_no_second_mask(kind):
    model = read_by(kind, "bert")
    mask = model.tokenizer.mask_token
    words = {"p": f"good {mask}", "n": "bad"}
    task = Task("{text} " + mask + " It was {answer}.", words, "label", f"Say {mask} it.")
    shown = (Example({"text": mask}, "p", 1),)
    it = PromptEncoder(model, task, answer_words(model, task), shown)

    encoded = it.encode({"text": f"a {mask} film{mask}"})

    assert encoded.ids.count(model.tokenizer.mask_token_id) == it.words.slots
    assert [encoded.ids[row] for row in encoded.rows] == [model.tokenizer.mask_token_id] * len(
        encoded.rows
    )


def test_marks_that_are_not_called_special_stay_text_and_other_added_tokens_stay():
    tokenizer = type(tiny_tokenizer())(tokenizer_object=tiny_tokenizer().backend_tokenizer)
    tokenizer.add_tokens([AddedToken("<think>", special=False), "COVID-19", "    "])
    model = replace(tiny_model("gpt2"), tokenizer=tokenizer)

    thought, disease, blanks = (
        set(model.tokens(f"a{text}b")) for text in ("<think>", "COVID-19", "    ")
    )

    known = tokenizer.convert_tokens_to_ids
    assert known("<think>") not in thought
    assert known("COVID-19") in disease
    assert known("    ") in blanks


def test_a_text_is_never_cut_or_filled_up_by_what_a_tokenizer_was_saved_with():
    tokenizer = type(tiny_tokenizer())(
        tokenizer_object=type(tiny_tokenizer().backend_tokenizer).from_str(
            tiny_tokenizer().backend_tokenizer.to_str()
        )
    )
    tokenizer.backend_tokenizer.enable_truncation(2)
    tokenizer.backend_tokenizer.enable_padding(length=100)
    model = replace(tiny_model("gpt2"), tokenizer=tokenizer)

    assert model.tokens("a good film") == tiny_model("gpt2").tokens("a good film")
