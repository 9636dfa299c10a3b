"""The columns a person would pick are picked, and numbers, dates and ids are not."""

import pytest

from playground.data.guessing import guess_columns

TEXT = "a text of quite some words as people write them {}"
CITIES = ["Lima", "Oslo", "Rome"]


def cell(kind, i):
    """One cell of a column of that kind."""
    return {
        "text": TEXT.format(i),
        "short": f"word{chr(97 + i % 26)}{chr(97 + i // 26)}",
        "label": ["spam", "ham"][i % 2],
        "few": CITIES[i % 3],
        "number": str(i * 1.5),
        "stars": str(i % 5),
        "id": f"A-{i:05}",
        "date": f"2024-05-{i % 28 + 1:02}",
        "split": ["train", "test"][i % 2],
        "empty": "",
    }[kind]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"review": "text", "sentiment": "label"}, (("review",), "sentiment", None)),
        ({"class": "label", "body": "text"}, (("body",), "class", None)),
        ({"column_1": "text", "column_2": "label"}, (("column_1",), "column_2", None)),
        ({"column_1": "few", "column_2": "label"}, (("column_1",), "column_2", None)),
        (
            {"id": "id", "when": "date", "n": "number", "t": "text", "kind": "few"},
            (("t",), "kind", None),
        ),
        (
            {"premise": "text", "hypothesis": "text", "follows": "label"},
            (("premise", "hypothesis"), "follows", None),
        ),
        (
            {"text_a": "text", "text_b": "text", "label": "label"},
            (("text_a", "text_b"), "label", None),
        ),
        (
            {"question": "text", "passage": "text", "answer": "label"},
            (("question", "passage"), "answer", None),
        ),
        ({"text": "text", "city": "few", "label": "stars"}, (("text",), "label", None)),
        ({"text": "text", "score": "number", "label": "label"}, (("text",), "label", None)),
        ({"text": "text", "label": "label", "split": "split"}, (("text",), "label", "split")),
        ({"text": "text", "set": "label"}, (("text",), "set", None)),
        ({"name": "short", "gender": "label"}, (("name",), "gender", None)),
        ({"text": "text"}, (("text",), None, None)),
        ({"text": "text", "id": "id"}, (("text",), None, None)),
        ({"text": "text", "label": "empty"}, (("text",), None, None)),
        ({"n": "number", "d": "date"}, ((), None, None)),
        ({"  Sentiment ": "label", "Text": "text"}, (("Text",), "  Sentiment ", None)),
    ],
)
def test_columns_are_guessed_as_a_person_would(kinds, expected):
    rows = [{name: cell(kind, i) for name, kind in kinds.items()} for i in range(60)]

    assert guess_columns(list(kinds), rows) == expected
