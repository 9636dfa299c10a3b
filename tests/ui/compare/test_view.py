"""What the Compare tab shows of a comparison."""

from pathlib import Path

import pytest

from playground.api import Playground
from playground.comparisons.results import ArmAnswer, ArmProgress, Progress
from playground.data.example import Example
from playground.ui.compare import view
from playground.ui.compare.cache import Compared
from playground.ui.compare.parts import demonstrations_payload, page
from playground.ui.components.styles import answer_styles, method_style, prompt_style
from playground.ui.words import compare as words
from tests.ui.compare.comparing import comparison

PROGRESS = Progress(
    (
        ArmProgress("zero-shot", 4, 4, "done"),
        ArmProgress("8-shot", 4, 4, "done"),
        ArmProgress("16-shot", 1, 4, "asking"),
        ArmProgress("LoRA", 4, 4, "done"),
    )
)


def test_the_table_has_every_number_of_an_arm_and_how_far_the_others_are():
    shown = view.table(comparison(), PROGRESS)
    zero, eight, lora = shown["rows"]

    assert [row["arm"] for row in shown["rows"]] == ["zero-shot", "8-shot", "LoRA"]
    assert (lora["accuracy"], lora["trainable"], lora["seconds"]) == (
        "75\u202f%",
        "24,576",
        "12.5 ms",
    )
    assert lora["interval"] == "30 to 95\u202f%"  # Wilson, 3 of 4
    assert lora["difference"] == "+25.0 points (p = 1.00)"
    assert zero["difference"] == ""
    assert zero["note"] == "answers “neg” to 100\u202f%"
    assert eight["note"] == "2 demonstrations left out, too long · 1 text shortened to fit"
    assert [(arm["name"], arm["state"], arm["done"]) for arm in shown["pending"]] == [
        ("16-shot", "asking", 1)
    ]


def test_before_any_answer_the_table_is_all_progress():
    shown = view.table(None, PROGRESS)

    assert shown["rows"] == []
    assert len(shown["pending"]) == 4


def test_the_pair_looked_at_first_is_the_best_prompt_and_the_best_run_the_plainer_on_a_tie():
    assert view.best_pair(comparison()) == ("zero-shot", "LoRA")


@pytest.mark.parametrize(
    ("show", "texts"),
    [
        ("all", ["text 0", "text 1", "text 2", "text 3"]),
        ("fixed", ["text 0", "text 3"]),
        ("broken", ["text 2"]),
        ("wrong", []),
    ],
)
def test_examples_are_filtered_by_what_the_second_arm_does_to_the_first(show: str, texts: list):
    shown = view.examples(comparison(), ("8-shot", "LoRA"), show, 0)

    assert [row["texts"][0][1] for row in shown["rows"]] == texts
    assert shown["counts"] == {"all": 4, "fixed": 2, "broken": 1, "wrong": 0}


def test_a_page_beyond_the_last_is_the_last():
    shown = view.examples(comparison(), ("8-shot", "LoRA"), "all", 99)

    assert (shown["page"], shown["pages"], len(shown["rows"])) == (0, 1, 4)


def test_an_example_has_each_arms_answer_marked_right_or_wrong():
    third = view.examples(comparison(), ("8-shot", "LoRA"), "all", 0)["rows"][2]

    assert third["label"] == "pos"
    assert [(answer["label"], answer["right"]) for answer in third["answers"]] == [
        ("neg", False),
        ("pos", True),
        ("neg", False),
    ]


def test_an_answer_to_a_typed_text_has_its_probabilities_its_prompt_and_its_arms_style():
    said = [
        ArmAnswer(
            *("8-shot", "prompt", "pos", {"neg": 0.2, "pos": 0.8}, "Review: x", "positive"),
            *(9, 1.5),
            shots=8,
        ),
        ArmAnswer("LoRA", "run", "neg", {"neg": 0.9, "pos": 0.1}, "Review: x", "", 3, 0.002),
    ]
    prompt, run = view.answers(said, answer_styles(said, {"LoRA": "lora"}))

    assert prompt["colour"] == prompt_style(8).colour
    assert run["colour"] == method_style("lora").colour
    assert prompt["probabilities"] == [("neg", 0.2), ("pos", 0.8)]
    assert (prompt["prompt"], prompt["written"]) == ("Review: x", "positive")
    assert (prompt["cost"], run["cost"]) == ("9 tokens · 1.50 s", "3 tokens · 2.0 ms")


def test_demonstrations_are_shown_with_their_draw():
    shown = demonstrations_payload((Example({"a": "one", "b": "two"}, "yes", 2),), seed=3)

    assert shown["head"] == "The 1 demonstration before every question, draw 3"
    assert shown["rows"] == [{"texts": ["one", "two"], "label": "yes"}]
    near = demonstrations_payload((Example({"a": "one"}, "yes", 2),), seed=3, nearest=8)
    assert "“8-shot nearest” shows other ones to every text" in near["head"]
    assert demonstrations_payload((), 0)["head"] == words.NO_DEMONSTRATIONS


@pytest.mark.parametrize("sent", [None, 5, [], {}, {"question": 3}, {"question": "x" * 9_999}])
def test_a_page_of_a_question_nobody_asked_is_a_sentence(tmp_path: Path, sent: object):
    with Playground(tmp_path) as playground:
        assert "not known any more" in page(playground, Compared(playground), sent)["problem"]
