"""Question and demonstrations agree: a label word is asked for in the pieces it is shown in."""

import pytest

from playground.data.example import Example
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.models.prompts import PromptEncoder
from playground.tasks.classification import Task
from tests.models.kinds import KINDS, MASKED, here, read_by

pytestmark = here

ENDINGS = {
    "colon": "Review: {text}\nSentiment:",
    "newline": "Review: {text}\nSentiment:\n",
    "empty line": "Review: {text}\n\n",
    "bracket": "{text}\n(",
    "bracket behind words": "{text} It was (",
    "quote": '{text}\n"',
    "blank": "{text} It was ",
    "text": "{text}",
}
WORDS = {
    "one piece": {"a": "good", "b": "bad"},
    "many pieces": {
        "a": "extraordinarily dreadful",
        "b": "not good",
        "c": "good",
        "d": "good film",
    },
    "other scripts": {"a": "très bien", "b": "плохо", "c": "na\u0301 ok"},
    "signs": {"a": "<no", "b": "(yes", "c": "C++"},
}
ROWS = [{"text": "Dull, lifeless."}, {"text": "what a film (so"}, {"text": "naïve: ça"}]


def encoder(model: LanguageModel, task: Task, *shown: Example) -> PromptEncoder:
    return PromptEncoder(model, task, answer_words(model, task), shown)


def demonstrations(words: dict[str, str]) -> list[Example]:
    return [Example(row, label, 1) for row, label in zip(ROWS[:2], words, strict=False)]


def check_question(kind: str, ending: str) -> None:
    """The prompt of a row with each word is the demonstration that the row would be."""
    model = read_by(kind)
    for words in WORDS.values():
        task = Task(ENDINGS[ending], words, "label", "Say what it is.")
        it = encoder(model, task, *demonstrations(words))
        for row in ROWS:
            parts = it.parts(row)
            for label, word in words.items():
                pieces = (
                    *parts.shared,
                    *parts.query,
                    *it.words.within[it.words.labels.index(label)],
                )
                shown = encoder(model, task, *it.demonstrations, Example(row, label, 9))
                text = parts.prompt.before + task.gap + word
                whole = (*model.start_ids, *model.tokens(text))

                assert shown.parts(ROWS[0]).shared == pieces
                assert model.tokenizer.decode(pieces) == model.tokenizer.decode(whole)
                assert pieces == whole


# One ending for each kind, every ending with some; tests.benchmarks.pieces tries them all.
@pytest.mark.parametrize(
    ("kind", "ending"),
    [(kind, list(ENDINGS)[3 * i % len(ENDINGS)]) for i, kind in enumerate(KINDS)],
)
def test_a_question_with_its_answer_is_the_demonstration_of_that_row(kind, ending):
    check_question(kind, ending)


@pytest.mark.parametrize("kind", ["llama-legacy", "smol-prefix"])
def test_behind_a_newline_a_word_begins_no_text(kind):
    model = read_by(kind)
    task = Task("{text}\n", {"p": "positive", "n": "negative"}, "label")

    pieces = model.tokenizer.convert_ids_to_tokens(answer_words(model, task).path("p"))

    assert not pieces[0].startswith(("▁", "Ġ"))
    assert pieces[0].startswith("p")


def test_pieces_that_a_word_shares_with_the_prompt_are_asked_for():
    """Qwen has a piece for a bracket and the letters behind it."""
    model = read_by("qwen")
    task = Task("{text}\n(", {"p": "positive", "n": "negative"}, "label")
    it = encoder(model, task)

    assert it.words.lead == "("
    assert model.tokenizer.convert_ids_to_tokens(it.words.path("n"))[0] == "(n"
    assert model.tokenizer.decode(it.parts({"text": "so. ("}).query) == "so. (\n"


def test_an_ending_never_gives_away_characters_of_a_text():
    model = read_by("qwen")
    task = Task("{text}", {"p": "(yes", "n": "(no"}, "label")

    assert answer_words(model, task).lead == ""


@pytest.mark.parametrize("kind", MASKED)
def test_a_gap_in_the_middle_is_filled_with_the_pieces_of_a_demonstration(kind):
    model = read_by(kind, "bert")
    for words in WORDS.values():
        task = Task("{text} It was {answer}, really.", words, "label")
        it = encoder(model, task, *demonstrations(words))
        for label, word in words.items():
            parts = it.parts(ROWS[0])
            filled = (*parts.query, *it.words.within[it.words.labels.index(label)], *parts.after)
            text = parts.prompt.before + task.gap + word + parts.prompt.after
            whole = (*model.start_ids, *model.tokens(text), *model.end_ids)

            assert (*parts.shared, *filled) == whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_tokenised_as_the_tokenizer_itself_does(kind):
    model, text = read_by(kind), "Review: a {good} film,\n\nvery  good. Ça? 好 🙂 3.14 don't"

    assert model.tokens(text) == tuple(model.tokenizer(text, add_special_tokens=False).input_ids)
    assert model.offsets(text)[-1][1] == len(text)
