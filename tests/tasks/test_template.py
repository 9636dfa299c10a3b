"""Templates are scanned, never formatted: what people write in them and in their cells is text."""

import pytest

from playground.errors import UserError
from playground.tasks.template import fill, hole, holes, literal

NASTY = [
    "text",
    "my text",
    "a}b",
    "a{b",
    'say "hi"',
    "{",
    "}}",
    "answer",
    "ünï 💡",
    "x.__class__",
    "0",
]


@pytest.mark.parametrize("column", NASTY)
def test_a_column_of_any_name_has_a_hole(column):
    template = f"Text: {hole(column)}!"

    assert holes(template) == (column,)
    assert fill(template, {column: "value"}) == ("Text: value!", "")


def test_a_value_that_looks_like_a_hole_stays_text():
    row = {"text": "{label} {{x}} {answer} %s", "label": "pos"}

    assert fill("{text}|", row) == ("{label} {{x}} {answer} %s|", "")


def test_doubled_braces_are_braces():
    assert fill("{{{text}}} {{}}", {"text": "a"}) == ("{a} {}", "")


@pytest.mark.parametrize("text", ["plain", "{a}", "{{", "}{", "a}} b {"])
def test_a_literal_renders_to_itself(text):
    assert fill(literal(text) + "{t}", {"t": ""}) == (text, "")


def test_the_answer_slot_splits_the_text():
    assert fill("It was {answer}: {t}", {"t": "x"}) == ("It was ", ": x")


def test_holes_come_once_and_in_order():
    assert holes("{b} {a} {answer} {b} { a }") == ("b", "a")


@pytest.mark.parametrize("template", ["{text", "text}", "{text}}", "{}", "{ }", "{a{b}"])
def test_stray_braces_and_empty_holes_are_refused(template):
    with pytest.raises(UserError, match=r"brace|column|hole"):
        holes(template)


def test_an_unknown_hole_names_the_columns_there_are():
    with pytest.raises(UserError, match=r"\{body\}.*text, label"):
        fill("{body}", {"text": "a", "label": "b"})
