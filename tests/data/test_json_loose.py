"""JSON as people write it, as Python prints it, with keys twice or in two spellings, is read."""

import json

import pytest

from playground import limits
from playground.data.readers.json_loose import strict
from playground.errors import UserError
from tests.data.made import PAIRS, RECORDS, kinds_of, lines_of_json, pairs_of, table_of

OBJECT = '{{"text": "{}", "label": "{}"{}}}'
OBJECTS = [OBJECT.format(*pair, "") for pair in PAIRS]
COMMAS = ",\n".join(OBJECT.format(*pair, ",") for pair in PAIRS)
WAYS = {
    "Python's lines": "\n".join(map(repr, RECORDS)),
    "Python's list": repr(RECORDS),
    "Python's tuples": "\n".join(repr((f"{text}, it's", of)) for text, of in PAIRS),
    "a list of tuples": repr(list(PAIRS)),
    "assigned in Python": "# of May\nDATA: list = [\n" + ",\n".join(map(repr, PAIRS)) + ",\n]\n",
    "assigned in JavaScript": "export const data = [" + ",".join(OBJECTS) + "];",
    "names without quotes": "["
    + COMMAS.replace('"text"', "text").replace('"label"', "label")
    + "]",
    "commas at the ends": f"[\n{COMMAS},\n]",
    "comments": "/* of\nMay */\n[ // all\n" + ",\n# one\n".join(OBJECTS) + "\n]",
    "a comment behind a value": "\n".join(f"{one} // {{fine}}" for one in OBJECTS),
    "encoded twice": json.dumps(json.dumps(RECORDS)),
    "lines encoded twice": "\n".join(json.dumps(json.dumps(record)) for record in RECORDS),
}


@pytest.mark.parametrize("way", WAYS)
def test_json_that_is_not_strict_is_read_and_told(way):
    table = table_of(WAYS[way])
    texts = [text.removesuffix(", it's") for text, _ in pairs_of(table)]

    assert list(zip(texts, (of for _, of in pairs_of(table)), strict=True)) == list(PAIRS)
    assert ("no strict JSON" in kinds_of(table)) == ("twice" not in way)


def test_what_python_prints_of_other_objects_is_named():
    with pytest.raises(UserError, match=r"as Python prints it.*json\.dumps"):
        table_of("\n".join(f"{{'text': '{text}', 'at': date(2024, 1, 2)}}" for text, _ in PAIRS))


def test_quotes_and_escapes_keep_their_characters():
    written = r"""{'a': 'it\'s "so"\n', "b": 'x\x41\U0001F600\d', c: None,}"""

    assert json.loads(strict(written, 99)[0]) == {"a": 'it\'s "so"\n', "b": "xA😀\\d", "c": None}


@pytest.mark.parametrize("text", ["{'a': b}", "['a", '"a\\"', "{'a': 1} and so on"])
def test_words_without_a_meaning_are_no_json(text):
    assert strict(text, 99)[0] is None


def test_what_is_not_strict_is_looked_at_up_to_a_cap():
    assert strict("[" + "1," * 60 + "]", 50) == (None, 51)
    assert limits.LOOSE_TOKENS < limits.FILE_BYTES / 10


def test_a_key_that_stands_twice_is_told_with_its_lines():
    lines = [
        OBJECT.format(*pair, ', "label": "x"' if i == 3 else "") for i, pair in enumerate(PAIRS)
    ]

    for written in ("\n".join(lines), "[\n" + ",\n".join(lines) + "]"):
        table = table_of(written)
        assert table.rows[3]["label"] == "x"
        assert "“label” twice in one object" in kinds_of(table)["repeated key"]
    assert kinds_of(table_of("\n".join(lines)))["repeated key"].startswith("Line 4:")


@pytest.mark.parametrize("other", [("Text", "LABEL"), ("text ", "label\u200b"), ("TEXT", "label")])
def test_names_that_change_their_case_are_one_column(other):
    records = [
        dict(zip(other if i % 3 else ("text", "label"), pair, strict=True))
        for i, pair in enumerate(PAIRS)
    ]
    for written in (lines_of_json(records), json.dumps(records)):
        table = table_of(written)
        assert pairs_of(table) == list(PAIRS)
        assert len(table.columns) == 2
        assert "“text” (4 records) as" in kinds_of(table)["names spelt in several ways"]


def test_names_that_stand_side_by_side_are_two_columns():
    records = [{"Text": text, "text": text.lower(), "label": of} for text, of in PAIRS]

    assert table_of(lines_of_json(records)).columns == ("Text", "text", "label")
