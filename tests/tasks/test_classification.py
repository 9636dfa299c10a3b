"""What makes a task, how it is rendered, and how demonstrations are put before a query."""

import dataclasses

import pytest

from playground import limits
from playground.data.example import Example
from playground.errors import UserError
from playground.tasks.classification import SEPARATOR, Prompt, Task, preamble, with_demonstrations

WORDS = {"pos": "positive", "neg": "negative"}
TASK = Task("Review: {text}\nSentiment: ", WORDS, "label")


def test_blanks_before_the_slot_are_left_to_the_joint():
    prompt = TASK.render({"text": " Dull. ", "label": "neg"})

    assert prompt == Prompt("Review: Dull.\nSentiment:", "")
    assert TASK.joint(prompt) == " "


@pytest.mark.parametrize(
    ("before", "joint"),
    [
        ("Label:", " "),
        ("Label:\n", ""),
        ("He said (", ""),
        ('He said "', ""),
        ('He said "so"', " "),
        ("“", ""),
        ("it's '", ""),
        ("don'", " "),
        ("", ""),
    ],
)
def test_a_word_is_joined_as_a_writer_would(before, joint):
    assert TASK.joint(Prompt(before)) == joint


def test_the_slot_may_stand_inside():
    task = Task("{answer} news: {text}", WORDS, "label")

    assert task.render({"text": "a"}) == Prompt("", " news: a")


def test_demonstrations_carry_their_words_and_the_instruction_comes_first():
    task = dataclasses.replace(TASK, instruction=" Judge. ")
    shown = [Example({"text": "Good."}, "pos", 2)]

    prompt = with_demonstrations(task, shown, {"text": "Dull."})

    assert prompt.before == (
        f"Judge.{SEPARATOR}Review: Good.\nSentiment: positive{SEPARATOR}Review: Dull.\nSentiment:"
    )
    assert preamble(task, shown) + task.render({"text": "Dull."}).before == prompt.before
    assert with_demonstrations(TASK, (), {"text": "a"}) == TASK.render({"text": "a"})


def test_a_demonstration_keeps_the_text_behind_its_slot():
    task = Task("{answer} news: {text}", WORDS, "label")

    assert preamble(task, [Example({"text": "a"}, "neg", 2)]) == f"negative news: a{SEPARATOR}"


def test_columns_labels_and_words_in_order():
    task = Task("{b} {a}", {"z": " last ", "a": "first"}, "label")

    assert task.text_columns == ("b", "a")
    assert task.labels == ("z", "a")
    assert task.words == ("last", "first")


def test_a_task_survives_json():
    spoken = dataclasses.replace(TASK, chat=True)
    assert Task.from_json(TASK.to_json()) == TASK
    assert Task.from_json(spoken.to_json()) == spoken
    before = {name: value for name, value in TASK.to_json().items() if name != "chat"}
    assert Task.from_json(before) == TASK, "as stored by earlier versions"
    with pytest.raises(UserError, match="chat is true or false; got “yes”"):
        Task.from_json({**before, "chat": "yes"})


@pytest.mark.parametrize("record", [{}, {"template": 1}, {"template": "{a}", "label_words": []}])
def test_other_json_is_refused(record):
    with pytest.raises(UserError, match="A task needs"):
        Task.from_json(record)


@pytest.mark.parametrize(
    ("template", "words", "matching"),
    [
        ("no hole", WORDS, "shows no column"),
        ("{answer}", WORDS, "shows no column"),
        ("{text} {answer} {answer}", WORDS, "more than once"),
        ("{text} {label}", WORDS, "gives the answer away"),
        ("{text", WORDS, "Close the hole"),
        ("{text}" + "x" * limits.TEMPLATE_CHARACTERS, WORDS, "Shorten"),
        ("{text}", {"a": "one"}, "2 to 200 labels"),
        ("{text}", {str(i): str(i) for i in range(201)}, "2 to 200 labels"),
        ("{text}", {"a": "same", "b": " same "}, "same label word"),
        ("{text}", {"a": "", "b": "b"}, "1 to 100 characters"),
        ("{text}", {"a": "one\ntwo", "b": "b"}, "one line"),
        ("{text}", {"a": "x" * 101, "b": "b"}, "1 to 100 characters"),
    ],
)
def test_what_is_no_task_is_said(template, words, matching):
    with pytest.raises(UserError, match=matching):
        Task(template, words, "label")


def test_a_hole_without_a_column_is_named_at_the_row():
    with pytest.raises(UserError, match=r"names \{text\}, but the columns are body"):
        TASK.render({"body": "a"})
