"""Exports of annotation tools that keep the answer beside the text, and objects in Parquet."""

import json

import pytest

from tests.data.made import LABELS, PAIRS, kinds_of, lines_of_json, pairs_of, parquet, table_of

CLASSES = {"names": list(LABELS), "_type": "ClassLabel"}


def prodigy(i, text, label):
    return {"text": text, "accept": [label], "answer": "accept" if i else "ignore"}


def of_one_label_each(i, text, label):
    answer = "accept" if i else "reject"
    return {"text": text, "label": label, "_task_hash": i, "answer": answer}


def argilla(i, text, label):
    given = {"topic": [{"value": label, "user_id": "a"}]} if i else {}
    return {"id": str(i), "fields": {"text": text}, "responses": given, "suggestions": {}}


def older_argilla(i, text, label):
    given = [{"values": {"topic": {"value": label}}, "user_id": "a"}] if i else []
    return {"fields": {"text": text}, "responses": given}


def doccano(i, text, label):
    return {"id": i, "text": text, "annotations": [{"label": label, "user": 1}] if i else []}


@pytest.mark.parametrize("tool", [prodigy, of_one_label_each, argilla, older_argilla, doccano])
def test_the_answer_is_the_label_and_where_there_is_none_it_is_said(tool):
    records = [tool(i, text, label) for i, (text, label) in enumerate(PAIRS)]

    table = table_of(lines_of_json(records))

    assert table.text_columns == ("text",)
    assert pairs_of(table) == [(PAIRS[0][0], ""), *PAIRS[1:]]
    assert kinds_of(table)["no answer"].startswith("1 record of ")


def test_whether_the_one_label_was_accepted_is_the_label_itself():
    answers = ["accept", "reject", "accept", "ignore"] * 3
    records = [
        {"text": text, "label": "SPAM", "_task_hash": i, "answer": answers[i]}
        for i, (text, _) in enumerate(PAIRS)
    ]

    table = table_of(lines_of_json(records))

    assert table.label_column == "answer"
    assert table.label_counts == {"accept": 6, "reject": 3}


def test_a_column_called_answer_is_no_answer_of_a_tool():
    records = [{"text": t, "answer": ("accept", "reject")[i % 2]} for i, (t, _) in enumerate(PAIRS)]

    assert "annotations" not in kinds_of(table_of(lines_of_json(records)))


def test_what_the_server_of_rows_answers_has_its_labels_by_name():
    rows = [{"row": {"text": text, "label": LABELS.index(label)}} for text, label in PAIRS]
    features = [{"name": "text", "type": {}}, {"name": "label", "type": CLASSES}]

    table = table_of(json.dumps({"features": features, "rows": rows}))

    assert pairs_of(table) == list(PAIRS)


def test_objects_in_a_parquet_file_are_opened_as_in_json():
    features = {"meta": {"topic": CLASSES}}
    cells = [{"topic": LABELS.index(label), "n": i} for i, (_, label) in enumerate(PAIRS)]
    said = {"huggingface": json.dumps({"info": {"features": features}})}

    table = table_of(parquet({"text": [text for text, _ in PAIRS], "meta": cells}, said))

    assert pairs_of(table, "text", "meta.topic") == list(PAIRS)


def test_conversations_in_a_parquet_file_are_read_as_in_json():
    turns = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": label}]
        for text, label in PAIRS
    ]

    assert pairs_of(table_of(parquet({"messages": turns}))) == list(PAIRS)


def test_turns_that_are_called_contents_are_a_conversation():
    roles = ("user", "model")
    records = [
        {"contents": [{"role": roles[i], "parts": [{"text": pair[i]}]} for i in range(2)]}
        for pair in PAIRS
    ]

    assert pairs_of(table_of(lines_of_json(records))) == list(PAIRS)
