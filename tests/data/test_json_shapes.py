"""JSON in every common shape is read as the table it is, or named with the way out."""

import json

import pytest

from playground.errors import UserError
from tests.data.made import (
    LABELS,
    PAIRS,
    RECORDS,
    TEXTS,
    kinds_of,
    lines_of_json,
    pairs_of,
    table_of,
)

COLUMNS = {"text": list(TEXTS), "label": [label for _, label in PAIRS]}
ROWS = [list(pair) for pair in PAIRS]
NUMBERED = {str(i): record for i, record in enumerate(RECORDS)}
BY_INDEX = {name: {str(i): cell for i, cell in enumerate(COLUMNS[name])} for name in COLUMNS}
AUTHORS = [{"name": "A", "email": "a@b"}, {"name": "B", "email": "b@c"}] * 20
SCHEMA = {"fields": [{"name": "index"}, {"name": "text"}], "primaryKey": ["index"]}
ONE_TABLE = {
    "records": RECORDS,
    "pandas' default": BY_INDEX,
    "columns": COLUMNS,
    "columns beside other things": {"version": 2, **COLUMNS},
    "split": {"columns": ["text", "label"], "index": [*range(12)], "data": ROWS},
    "index": NUMBERED,
    "table": {"schema": SCHEMA, "data": [{"index": 0, **record} for record in RECORDS]},
    "lists below a header": [["text", "label"], *ROWS],
    "data beside authors": {"info": {"authors": AUTHORS}, "data": RECORDS},
    "deep": {"a": {"b": {"rows": RECORDS}}, "n": 1},
    "columns deep": {"meta": {"n": 1}, "dataset": COLUMNS},
    "the Hub's rows": {"rows": [{"row_idx": i, "row": row} for i, row in enumerate(RECORDS)]},
}


@pytest.mark.parametrize("shape", ONE_TABLE)
@pytest.mark.parametrize("indent", [None, 2])
def test_one_table_is_found_in_a_document(shape, indent):
    table = table_of(json.dumps(ONE_TABLE[shape], indent=indent))

    assert table.columns == ("text", "label")
    assert pairs_of(table) == list(PAIRS)


def test_lists_without_a_header_get_numbered_columns():
    table = table_of(json.dumps(ROWS))

    assert pairs_of(table, "column_1", "column_2") == list(PAIRS)


def test_of_several_lists_it_is_said_which_was_taken():
    said = kinds_of(table_of(json.dumps(ONE_TABLE["data beside authors"])))["several lists"]

    assert "“data” (12 rows) is read" in said
    assert "“info.authors” (40)" in said


def test_the_lines_of_a_list_inside_a_document_are_those_of_the_file():
    content = (
        '{"info": {"data": [1]},\n"data": [\n{"text": "a b", "label": "x"},\n{"text": "c d"}]}'
    )

    assert table_of(content).lines == (3, 4)


@pytest.mark.parametrize(
    "parts",
    [
        {"train": RECORDS, "test": RECORDS[:3]},
        {"train": COLUMNS, "test": {name: cells[:3] for name, cells in COLUMNS.items()}},
        {"train": [["text", "label"], *ROWS], "test": [["text", "label"], *ROWS[:3]]},
        {"version": "1", "data": {"train": RECORDS, "test": RECORDS[:3]}},
        {"train": BY_INDEX, "test": {"0": RECORDS[0], "1": RECORDS[1], "2": RECORDS[2]}},
    ],
    ids=["objects", "columns", "lists", "deep", "pandas"],
)
def test_parts_become_a_split_column(parts):
    table = table_of(json.dumps(parts))

    assert table.split_column == "split"
    assert pairs_of(table, "text", "label") == [*PAIRS, *PAIRS[:3]]
    assert [row["split"] for row in table.rows] == ["train"] * 12 + ["test"] * 3
    assert "train (12), test (3)" in kinds_of(table)["several parts"]


def test_a_short_part_does_not_lose_its_first_row_as_a_header():
    table = table_of(json.dumps({"train": ROWS, "val": ROWS[:2], "oos_val": [["Hm", "oos"]]}))

    assert [row["split"] for row in table.rows] == ["train"] * 12 + ["val"] * 3
    assert pairs_of(table, "column_1", "column_2")[-1] == ("Hm", "oos")


BY_LABEL = {label: [text for text, of in PAIRS if of == label] for label in LABELS}
UTTERANCES = {label: [{"data": [{"text": t}]} for t in ts] for label, ts in BY_LABEL.items()}
INTENTS = {
    "texts by label": BY_LABEL,
    "intents with patterns": {
        "intents": [{"tag": of, "patterns": t, "responses": ["Hi"]} for of, t in BY_LABEL.items()]
    },
    "Rasa": {
        "rasa_nlu_data": {
            "regex_features": [{"name": "zip", "pattern": "[0-9]"}],
            "common_examples": [{"text": t, "intent": of, "entities": []} for t, of in PAIRS],
        }
    },
    "Snips": {"intents": {label: {"utterances": u} for label, u in UTTERANCES.items()}},
    "Label Studio": [
        {"id": 1, "data": {"text": t}, "annotations": [{"result": [{"value": {"choices": [of]}}]}]}
        for t, of in PAIRS
    ],
    "labels by text": dict(PAIRS),
}  # fmt: skip


@pytest.mark.parametrize("shape", INTENTS)
def test_labels_are_found_where_programs_put_them(shape):
    table = table_of(json.dumps(INTENTS[shape]))

    assert sorted(pairs_of(table)) == sorted(PAIRS)


def test_texts_by_label_of_equal_number_are_no_columns():
    table = table_of(json.dumps({"good": TEXTS[:6], "bad": TEXTS[6:]}))

    assert pairs_of(table)[0] == (TEXTS[0], "good")
    assert len(table.rows) == 12


def test_annotators_who_differ_and_marked_spans_are_told():
    choices = [{"result": [{"value": {"choices": [of]}}]} for of in ("good", "bad")]
    span = {"result": [{"value": {"start": 0, "end": 3, "labels": ["PER"]}}]}
    tasks = [
        {"data": {"text": "Fine"}, "annotations": choices},
        {"data": {"text": "So so"}, "annotations": [span]},
    ]
    said = kinds_of(table_of(json.dumps(tasks)))

    assert "In 1 task annotators chose differently" in said["annotators differ"]
    assert "In 1 task places" in said["marked spans"]


def test_questions_in_paragraphs_are_named_and_laid_out():
    questions = [{"question": "What came late?", "answers": [{"text": "The parcel"}]}]
    paragraph = {"context": TEXTS[0], "qas": questions}
    table = table_of(
        json.dumps({"version": "2", "data": [{"title": "x", "paragraphs": [paragraph]}]})
    )

    assert pairs_of(table, "context", "question", "answer") == [
        (TEXTS[0], "What came late?", "The parcel")
    ]
    assert "SQuAD" in kinds_of(table)["nested questions"]


PRETTY = "\n".join(json.dumps(record, indent=2) for record in RECORDS)
LINES = {
    "blank lines, a mark, commas": "\ufeff" + ",\n\n".join(json.dumps(r) for r in RECORDS) + ",\n",
    "joined files": lines_of_json(RECORDS[:6]) + "\n\ufeff" + lines_of_json(RECORDS[6:]),
    "lists": lines_of_json([["text", "label"], *ROWS]),
    "objects over several lines": PRETTY,
    "joined lists": json.dumps(RECORDS[:6]) + "\n" + json.dumps(RECORDS[6:]),
    "all in one line": "".join(json.dumps(record) for record in RECORDS),
    "brackets around lines": "[\n" + lines_of_json(RECORDS).replace("}\n", "},\n") + ",\n]",
    "comments": "// reviews\n# of May\n" + lines_of_json(RECORDS),
}


@pytest.mark.parametrize("shape", LINES)
def test_values_one_after_another_are_read(shape):
    table = table_of(LINES[shape])

    assert pairs_of(table) == list(PAIRS)
    assert ("comment" in kinds_of(table)) == (shape == "comments")


def test_a_list_that_ends_too_early_keeps_what_is_whole():
    table = table_of(json.dumps({"data": RECORDS})[:-30])

    assert pairs_of(table) == list(PAIRS[:-1])
    assert "broken JSON" in kinds_of(table)


def test_objects_inside_records_become_columns():
    records = [{"meta": {"id": 3}, "review": {"text": text}, "label": of} for text, of in PAIRS]
    table = table_of(lines_of_json(records))

    assert table.columns == ("meta.id", "review.text", "label")
    assert pairs_of(table) == list(PAIRS)
    assert "“meta”, “review”" in kinds_of(table)["nested objects"]


def test_lists_of_one_label_are_that_label():
    table = table_of(lines_of_json([{"text": text, "labels": [of]} for text, of in PAIRS]))
    several = table_of(lines_of_json([{"text": text, "labels": [of, "x"]} for text, of in PAIRS]))

    assert pairs_of(table) == list(PAIRS)
    assert "one-item lists" in kinds_of(table)
    assert several.rows[0]["labels"] == '["refund", "x"]'


@pytest.mark.parametrize("cell", ['"[""{}""]"', "['{}']", "[{}]"])
def test_lists_of_one_label_written_as_text_are_that_label(cell):
    labels = ["0", "1"] if cell == "[{}]" else ["good", "bad"]
    rows = "".join(f'"{text}",{cell.format(labels[i % 2])}\n' for i, text in enumerate(TEXTS))

    assert table_of("text,label\n" + rows).label_counts == {labels[0]: 6, labels[1]: 6} or (
        set(table_of("text,label\n" + rows).label_counts) == set(labels)
    )


@pytest.mark.parametrize(
    ("content", "matching"),
    [
        ({"cells": [], "nbformat": 4}, "Jupyter notebook"),
        ({"a": {"b": {"c": 1}}}, "no list of objects. It has “a”"),
        ([1, 2, 3], "no rows that can be read"),
        ([], "no rows that can be read"),
        ({}, "no rows that can be read"),
    ],
)
def test_json_that_is_no_table_is_named(content, matching):
    with pytest.raises(UserError, match=matching):
        table_of(json.dumps(content))
