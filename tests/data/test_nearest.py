"""Demonstrations chosen for each text: what is most like it, never the text itself."""

import pytest

from playground.data.example import Example
from playground.data.nearest import Nearest

TEXTS = {
    "my card was stolen": "card",
    "where is the money I sent": "transfer",
    "the card has not arrived yet": "card",
    "how do I change my pin": "pin",
    "the transfer I sent is not there": "transfer",
    "I forgot the pin of my card": "pin",
}
EXAMPLES = [
    Example({"text": text}, label, line) for line, (text, label) in enumerate(TEXTS.items())
]


def texts(examples):
    return [example.row["text"] for example in examples]


def test_the_nearest_stands_last_and_each_one_shares_more_words_than_those_left_out():
    found = Nearest(EXAMPLES, ["text"]).of({"text": "Has my new card arrived?"}, 3)

    assert texts(found)[-1] == "the card has not arrived yet"
    assert {"my card was stolen", "I forgot the pin of my card"} == set(texts(found)[:2])


def test_rare_words_count_more_than_common_ones():
    common = [Example({"text": f"the {word} is the one"}, "x", 0) for word in ("cat", "dog", "cow")]
    examples = [*common, Example({"text": "zebra"}, "y", 9)]

    (found,) = Nearest(examples, ["text"]).of({"text": "is the zebra"}, 1)

    assert found.label == "y"


def test_a_text_is_never_its_own_demonstration_however_it_is_written():
    found = Nearest(EXAMPLES, ["text"]).of({"text": "  My CARD was stolen! "}, 64)

    assert len(found) == len(EXAMPLES) - 1
    assert "my card was stolen" not in texts(found)


def test_where_nothing_is_alike_the_first_ones_are_taken():
    finder = Nearest(EXAMPLES, ["text"])

    assert texts(finder.of({"text": "xyzzy"}, 2)) == texts(EXAMPLES[:2])[::-1]
    assert finder.of({"text": "xyzzy"}, 0) == ()


@pytest.mark.parametrize("signs", [("!!", "??"), ("", "…")])
def test_examples_without_a_word_are_all_equally_near(signs):
    examples = [Example({"text": sign}, "x", line) for line, sign in enumerate(signs)]

    assert Nearest(examples, ["text"]).of({"text": "word"}, 1) == (examples[0],)


def test_all_columns_of_a_row_count_and_no_others():
    rows = (
        {"a": "blue", "b": "sky", "id": "green"},
        {"a": "green", "b": "grass", "id": "blue"},
        {"a": "red", "b": "fire", "id": "sky"},
    )
    finder = Nearest([Example(row, "x", line) for line, row in enumerate(rows)], ["a", "b"])

    assert finder.of({"a": "the", "b": "green", "id": "sky"}, 1)[0].line == 1
    assert finder.of({"a": "sky", "b": "and", "id": "grass"}, 1)[0].line == 0
