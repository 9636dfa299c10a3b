"""Conversations become a text and a label: what was asked, and what was answered last."""

import pytest

from tests.data.made import PAIRS, kinds_of, lines_of_json, pairs_of, table_of

SYSTEM = "Which kind of message is it?"


def turn(role, content):
    return {"role": role, "content": content}


def test_the_last_answer_is_the_label_and_the_shared_system_turn_is_said():
    records = [
        {"messages": [turn("system", SYSTEM), turn("user", text), turn("assistant", of)], "id": i}
        for i, (text, of) in enumerate(PAIRS)
    ]
    table = table_of(lines_of_json(records))

    assert table.columns == ("text", "label", "id")
    assert pairs_of(table) == list(PAIRS)
    assert SYSTEM in kinds_of(table)["same system turn"]


def test_system_turns_that_differ_stay_as_a_column():
    records = [
        {"messages": [turn("system", f"Kind {i % 2}?"), turn("user", text), turn("assistant", of)]}
        for i, (text, of) in enumerate(PAIRS)
    ]
    table = table_of(lines_of_json(records))

    assert [row["system"] for row in table.rows[:2]] == ["Kind 0?", "Kind 1?"]


def test_turns_before_the_last_question_stay_with_their_roles():
    before = [turn("user", "Hello"), turn("assistant", "Hi")]
    records = [{"messages": [*before, turn("user", t), turn("assistant", of)]} for t, of in PAIRS]
    table = table_of(lines_of_json(records))

    assert table.rows[0]["text"] == f"User: Hello\nAssistant: Hi\nUser: {PAIRS[0][0]}"
    assert table.rows[0]["label"] == "refund"


SHAPES = {
    "ShareGPT": [
        {"conversations": [{"from": "human", "value": t}, {"from": "gpt", "value": of}]}
        for t, of in PAIRS
    ],
    "content in pieces": [
        {"messages": [turn("user", [{"type": "text", "text": t}]), turn("assistant", of)]}
        for t, of in PAIRS
    ],
    "prompt and completion": [{"prompt": t, "completion": of} for t, of in PAIRS],
    "with signs at the ends": [
        {"prompt": f"{t}\n\n###\n\n", "completion": f" {of} END"} for t, of in PAIRS
    ],
    "turns in both": [
        {"prompt": [turn("user", t)], "completion": [turn("assistant", of)]} for t, of in PAIRS
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_other_shapes_of_conversations_are_read(shape):
    table = table_of(lines_of_json(SHAPES[shape]))
    text, label = table.columns[:2]

    assert pairs_of(table, text, label) == list(PAIRS)
    assert ("same ending" in kinds_of(table)) == (shape == "with signs at the ends")


def test_a_conversation_without_an_answer_has_no_label():
    records = [{"messages": [turn("user", t), turn("assistant", of)]} for t, of in PAIRS]
    records[0]["messages"].pop()

    assert table_of(lines_of_json(records)).rows[0] == {"text": PAIRS[0][0], "label": ""}
