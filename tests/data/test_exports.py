"""Exports of annotation and intent tools: text and label where they are plain, else a sentence."""

import json

import pytest

from tests.data.made import LABELS, PAIRS, kinds_of, lines_of_json, pairs_of, table_of, zipped


def labelbox(text, of):
    chosen = [{"name": "topic", "radio_answer": {"name": of, "value": of}}]
    label = {"label_kind": "Default", "annotations": {"classifications": chosen}}
    return {"data_row": {"id": "a", "row_data": text}, "projects": {"p": {"labels": [label]}}}


def older_labelbox(text, of):
    label = {"objects": [], "classifications": [{"title": "topic", "answer": {"title": of}}]}
    return {"ID": "a", "Labeled Data": text, "Label": label}


def kili(text, of):
    answer = {"JOB_0": {"categories": [{"name": of, "confidence": 100}]}}
    return {"externalId": "a", "content": text, "labels": [{"jsonResponse": answer}]}


def lighttag(text, of):
    return {"content": text, "annotations": [], "classifications": [{"classname": of}]}


def potato(text, of):
    return {"displayed_text": text, "label_annotations": {"topic": {of: "1"}}, "span": []}


def spacy_document(text, of):
    cats = [{"label": label, "value": float(label == of)} for label in LABELS]
    return {"id": 0, "paragraphs": [{"raw": text, "sentences": [], "cats": cats}]}


def spacy(text, of):
    return [text, {"cats": {label: float(label == of) for label in LABELS}}]


def spacy_record(text, of):
    return {"text": text, "cats": {label: label == of for label in LABELS}, "meta": {}}


def argilla_data_set(text, of):
    return {"text": text, "label": [{"user_id": "a", "value": of, "status": "submitted"}]}


def prodigy_numbers(text, of):
    options = [{"id": i, "text": label} for i, label in enumerate(LABELS)]
    return {"text": text, "options": options, "accept": [LABELS.index(of)], "answer": "accept"}


def label_studio_taxonomy(text, of):
    result = [{"from_name": "topic", "value": {"taxonomy": [[of]]}}]
    return {"data": {"text": text}, "annotations": [{"result": result}]}


def evals(text, of):
    return {"input": [{"role": "user", "content": text}], "ideal": of}


TOOLS = (
    *(labelbox, older_labelbox, kili, lighttag, potato, spacy_document, spacy, spacy_record),
    *(argilla_data_set, prodigy_numbers, label_studio_taxonomy, evals),
)


@pytest.mark.parametrize("tool", TOOLS)
def test_text_and_label_are_found_in_lines_and_in_a_list(tool):
    records = [tool(text, of) for text, of in PAIRS]

    for written in (lines_of_json(records), json.dumps(records)):
        assert pairs_of(table_of(written)) == list(PAIRS)


def test_one_category_alone_is_asked_about_by_its_name():
    records = [[text, {"cats": {"REFUND": int(of == "refund")}}] for text, of in PAIRS]

    assert table_of(lines_of_json(records)).label_column == "REFUND"


def test_several_categories_are_several_labels():
    records = [[text, {"cats": dict.fromkeys(LABELS, 1)}] for text, _ in PAIRS]

    assert "name several labels" in kinds_of(table_of(lines_of_json(records)))["several labels"]


@pytest.mark.parametrize(
    "marks",
    [
        {"label": [[0, 3, "PER"]]},
        {"entities": [{"label": "PER", "start_offset": 0, "end_offset": 3}]},
        {"spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept", "_task_hash": 1},
    ],
)
def test_places_marked_inside_texts_are_no_labels_and_it_is_said(marks):
    table = table_of(lines_of_json([{"text": text, **marks} for text, _ in PAIRS]))

    assert table.label_column in (None, "answer")
    assert "12 records mark places" in kinds_of(table)["marked spans"]


def test_two_questions_of_label_studio_are_two_columns():
    def result(of, i):
        names = {"topic": of, "tone": ("kind", "rude")[i % 2]}
        return [{"from_name": n, "value": {"choices": [x]}} for n, x in names.items()]

    tasks = [
        {"data": {"text": text}, "annotations": [{"result": result(of, i)}]}
        for i, (text, of) in enumerate(PAIRS)
    ]
    table = table_of(json.dumps(tasks))

    assert table.columns == ("text", "topic", "tone")
    assert "annotators differ" not in kinds_of(table)


def test_what_another_tool_left_in_place_of_label_studios_results_is_no_result():
    tasks = [{"completions": 1, **label_studio_taxonomy(text, of)} for text, of in PAIRS]

    assert pairs_of(table_of(json.dumps(tasks))) == list(PAIRS)


def test_an_option_that_is_called_by_no_number_or_name_is_none():
    records = [prodigy_numbers(text, of) for text, of in PAIRS]
    records[1]["options"].insert(0, {"id": {}, "text": "lost"})

    assert pairs_of(table_of(lines_of_json(records))) == list(PAIRS)


@pytest.mark.parametrize("names", [{"x": "refund"}, 3])
def test_rows_of_the_hub_whose_labels_have_no_names_by_number_keep_the_numbers(names):
    label = {"name": "label", "type": {"_type": "ClassLabel", "names": names}}
    features = [{"name": "text", "type": {"_type": "Value"}}, label]
    rows = [{"row": {"text": text, "label": LABELS.index(of)}} for text, of in PAIRS]

    table = table_of(json.dumps({"features": features, "rows": rows}))

    assert pairs_of(table) == [(text, str(LABELS.index(of))) for text, of in PAIRS]


PHRASES = {of: [text for text, other in PAIRS if other == of] for of in LABELS}


def test_dialogflow_is_read_from_its_archive_and_from_its_answer():
    says = {
        f"intents/{of}_usersays_en.json": json.dumps(
            [{"data": [{"text": text[:5]}, {"text": text[5:], "alias": "x"}]} for text in texts]
        )
        for of, texts in PHRASES.items()
    }
    intents = [
        {
            "name": "p/1",
            "displayName": of,
            "trainingPhrases": [{"parts": [{"text": t}]} for t in ts],
        }
        for of, ts in PHRASES.items()
    ]
    answer = table_of(json.dumps({"intents": intents}))
    archive = table_of(zipped({"agent.json": "{}", "intents/refund.json": "{}", **says}))

    assert sorted(pairs_of(answer)) == sorted(pairs_of(archive)) == sorted(PAIRS)


def intents(of_intent):
    return "".join(of_intent(of, texts) for of, texts in PHRASES.items())


YAML = {
    "one a line": lambda of, ts: (
        f"- intent: {of}\n  examples: |\n" + "".join(f"    * {t}\n" for t in ts)
    ),
    "texts": lambda of, ts: (
        f"- intent: {of}\n  examples:\n" + "".join(f"  - text: |\n      {t}\n" for t in ts)
    ),
    "texts in the line": lambda of, ts: (
        f"- intent: {of}\n  examples:\n" + "".join(f"  - text: {t}\n" for t in ts)
    ),
    "its name below": lambda of, ts: (
        "- examples: |\n" + "".join(f"    - {t}\n" for t in ts) + f"  intent: {of}\n"
    ),
    "Snips": lambda of, ts: (
        f"---\ntype: intent\nname: {of}\nslots:\n  - name: x\nutterances:\n"
        + "".join(f"  - [x:y]({t.split()[0]}){t.removeprefix(t.split()[0])}\n" for t in ts)
    ),
}


@pytest.mark.parametrize("way", YAML)
def test_intents_in_yaml_are_read_however_their_examples_stand(way):
    head = "" if way == "Snips" else 'version: "3.1"\nnlu:\n'

    assert sorted(pairs_of(table_of(head + intents(YAML[way])))) == sorted(PAIRS)
