"""METHODS: for every room the template and the answer slot survive; only texts are cut."""

import re

import pytest
from transformers import AutoTokenizer

from playground.errors import UserError
from playground.models.catalogue import bundled_folder
from playground.tasks.classification import Task
from playground.tasks.fitting import fit

WORDS = {"a": "yes", "b": "no"}
ROW = {
    "premise": "Everyone but Felix passed the swimming test, héhé 💡💡 " + "on and on " * 9,
    "claim": "Felix passed.",
    "label": "a",
}
TEMPLATES = [
    "{premise}\nQuestion: {claim} Yes or no?\nAnswer:",
    "It was {answer}, {claim}: ({premise}) {claim}",
    "Review: {premise}",
]


def pieces(text):
    """A stand-in tokenizer: letters in threes, other characters one by one."""
    return [match.span() for match in re.finditer(r"[a-z]{1,3}|\S", text)]


@pytest.fixture(scope="module")
def bundled():
    tokenizer = AutoTokenizer.from_pretrained(bundled_folder())

    def offsets(text):
        return tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)[
            "offset_mapping"
        ]

    return offsets


def length(task, row, tokens):
    prompt = task.render(row)
    return len(tokens(prompt.before)) + len(tokens(prompt.after))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("which", ["stand-in", "bundled"])
def test_every_room_keeps_the_template_and_fills_the_room(template, which, bundled):
    tokens = pieces if which == "stand-in" else bundled
    task = Task(template, WORDS, "label")
    whole = length(task, ROW, tokens)
    smallest = length(task, {**ROW, "premise": "", "claim": ""}, tokens)
    for room in range(1, 2 * whole):
        if room < smallest:
            with pytest.raises(UserError, match=f"alone has {smallest} tokens, {room} fit"):
                fit(task, ROW, room, tokens)
            continue
        fitted = fit(task, ROW, room, tokens)
        assert length(task, fitted.row, tokens) <= room
        assert (fitted.cut > 0) == (room < whole)
        for column in task.text_columns:
            assert ROW[column].startswith(fitted.row[column])


def test_the_longest_text_is_cut_first():
    task = Task(TEMPLATES[0], WORDS, "label")
    whole = length(task, ROW, pieces)

    fitted = fit(task, ROW, whole - 10, pieces)

    assert fitted.row["claim"] == ROW["claim"]
    assert len(fitted.row["premise"]) < len(ROW["premise"])
    assert length(task, fitted.row, pieces) >= whole - 12


def test_two_long_texts_are_cut_alike():
    task = Task("{x} and {y}", WORDS, "label")
    row = {"x": "abc " * 50, "y": "def " * 40}

    fitted = fit(task, row, 41, pieces)

    assert len(pieces(fitted.row["x"])) == len(pieces(fitted.row["y"])) == 20
    assert fitted.cut == 50


def test_a_row_that_fits_is_left_alone():
    task = Task("{x}", WORDS, "label")

    assert fit(task, {"x": " a ", "z": "b"}, 1, pieces).row == {"x": " a ", "z": "b"}
