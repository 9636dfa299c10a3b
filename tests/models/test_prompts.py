import pytest

from playground.data.example import Example
from playground.errors import UserError
from playground.models.answer_words import answer_words
from playground.models.prompts import PromptEncoder
from playground.tasks.classification import Task, with_demonstrations
from tests.tiny import MAX_LENGTH, tiny_model

TASK = Task("Review: {text}\nIt was", {"p": "positive", "n": "not good"}, "label", "Answer.")
MIDDLE = Task("{text} It was {answer}. Really.", TASK.label_words, "label")
DEMONSTRATIONS = tuple(
    Example({"text": text}, label, line)
    for line, (text, label) in enumerate([("first", "p"), ("second", "n"), ("third", "p")])
)


def encoder(name: str, task: Task = TASK, shown: tuple[Example, ...] = ()) -> PromptEncoder:
    model = tiny_model(name)
    return PromptEncoder(model, task, answer_words(model, task), shown)


def test_a_causal_sequence_reads_as_the_prompt_with_its_word_but_the_last_token():
    it = encoder("gpt2", shown=DEMONSTRATIONS[:1])
    encoded = it.encode({"text": "a film"}, "n")
    prompt = with_demonstrations(TASK, DEMONSTRATIONS[:1], {"text": "a film"})
    path = it.words.path("n")

    text = it.model.tokenizer.decode(encoded.ids[1:])

    assert encoded.ids[0] == it.model.tokenizer.bos_token_id
    assert text == prompt.before + it.model.tokenizer.decode(path[:-1])
    assert len(encoded.rows) == len(path)
    assert encoded.rows[-1] == len(encoded.ids) - 1


def test_tokens_are_those_of_the_whole_text_in_one_piece():
    it = encoder("gpt2", shown=DEMONSTRATIONS)
    prompt = with_demonstrations(TASK, DEMONSTRATIONS, {"text": "a film"})

    parts = it.parts({"text": "a film"})

    assert parts.shared[1:] + parts.query == it.model.tokens(prompt.before)
    assert parts.prompt == prompt


def test_shared_tokens_do_not_depend_on_the_example():
    it = encoder("gpt2", shown=DEMONSTRATIONS)

    assert it.parts({"text": "a film"}).shared == it.parts({"text": "\n so dull"}).shared


def test_a_masked_sequence_has_a_mask_for_every_token_of_the_longest_word():
    it = encoder("bert", MIDDLE)
    encoded = it.encode({"text": "a film"})
    mask = it.model.tokenizer.mask_token_id

    assert [encoded.ids[row] for row in encoded.rows] == [mask] * it.words.slots
    assert encoded.ids.count(mask) == it.words.slots
    assert encoded.ids[-1] == it.model.tokenizer.sep_token_id
    assert it.model.tokenizer.decode(encoded.ids[encoded.rows[-1] + 1 : -1]) == ". Really."


def test_the_label_of_a_masked_example_does_not_show_in_its_sequence():
    it = encoder("bert", MIDDLE)

    assert it.encode({"text": "a film"}, "p") == it.encode({"text": "a film"}, "n")


@pytest.mark.parametrize("name", ["gpt2", "bert"])
@pytest.mark.parametrize("words", [1, 5, 20, 40, 80, MAX_LENGTH * 2])
def test_template_slot_and_length_survive_every_text(name, words):
    it = encoder(name, shown=DEMONSTRATIONS[:1])
    encoded = it.encode({"text": "dull " * words})
    text = it.model.tokenizer.decode(encoded.ids)

    assert len(encoded.ids) <= MAX_LENGTH
    assert "Answer." in text
    assert text.count("Review:") >= 1
    assert text.split("<mask>")[0].endswith("\nIt was")
    assert max(encoded.rows) < len(encoded.ids)


def test_demonstrations_go_from_the_far_end_before_the_text_is_cut():
    it = encoder("gpt2", shown=DEMONSTRATIONS)
    some = it.parts({"text": "dull " * 50})
    none = it.parts({"text": "dull " * 200})

    assert 0 < some.dropped < 3
    assert not some.cut
    assert "third" in some.prompt.before
    assert "first" not in some.prompt.before
    assert none.dropped == 3
    assert none.cut


@pytest.mark.parametrize("name", ["gpt2", "bert"])
def test_no_more_demonstrations_go_than_must(name):
    it, found = encoder(name, shown=DEMONSTRATIONS * 3), set()
    for words in range(1, MAX_LENGTH, 9):
        row = {"text": "dull " * words}
        dropped = it.parts(row).dropped
        found.add(dropped)
        for fewer in range(dropped):
            kept = encoder(name, shown=it.demonstrations[fewer:])
            assert kept.parts(row).dropped > 0, "it would have fitted"

    assert len(found) > 3


def test_virtual_tokens_take_their_room():
    model = tiny_model("gpt2")
    words = answer_words(model, TASK)
    it = PromptEncoder(model, TASK, words, virtual_tokens=30)

    assert len(it.encode({"text": "dull " * 200}).ids) <= MAX_LENGTH - 30


def test_a_template_that_does_not_fit_is_refused():
    long = Task("Review " * 200 + "{text}", TASK.label_words, "label")

    with pytest.raises(UserError, match="Shorten"):
        encoder("gpt2", long).parts({"text": "a film"})


def test_a_causal_model_refuses_text_behind_the_answer():
    with pytest.raises(UserError, match="masked model"):
        encoder("gpt2", MIDDLE).parts({"text": "a film"})
