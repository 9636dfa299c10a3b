"""Lines that are no CSV, or nearly one: labels in front, sentences, R's tables, joined files."""

import pytest

from playground.errors import UserError
from tests.data.made import CSV, LABELS, PAIRS, TEXTS, kinds_of, pairs_of, table_of

SPAM = [(text, "spam" if i % 2 else "ham") for i, text in enumerate(TEXTS)]


@pytest.mark.parametrize(
    "labels", [("0", "1"), ("-1", "1"), ("pos", "neg"), ("DESC:def", "NUM:date")]
)
def test_lines_that_begin_with_a_label_are_read(labels):
    lines = [f"{labels[i % 2]} {text}" for i, text in enumerate(TEXTS)]
    table = table_of("\n".join(lines))

    assert table.columns == ("label", "text")
    assert pairs_of(table) == [(text, labels[i % 2]) for i, text in enumerate(TEXTS)]


def test_fasttext_lines_are_read():
    assert pairs_of(table_of("\n".join(f"__label__{of} {text}" for text, of in PAIRS))) == list(
        PAIRS
    )


def test_fasttext_lines_with_several_labels_keep_them_as_lists():
    more = ["", "__label__x "] * 6
    lines = [f"__label__{of} {x}{text}" for (text, of), x in zip(PAIRS, more, strict=True)]
    labels = [row["label"] for row in table_of("\n".join(lines)).rows]

    assert labels[:2] == ['["refund"]', '["delivery", "x"]']


@pytest.mark.parametrize(
    "sentences",
    [
        TEXTS,
        [f"{text.split(',')[0]}, and so on {i}" for i, text in enumerate(TEXTS)],
        [f"{['What', 'How', 'Why'][i % 3]} {text}?" for i, text in enumerate(TEXTS)],
        [f'"{text}," she said' for text in TEXTS],
        [f"{i + 1}. {text}" for i, text in enumerate(TEXTS)],
    ],
    ids=["plain", "one comma each", "questions", "quotes", "numbered"],
)
def test_sentences_are_one_column_and_it_is_said(sentences):
    table = table_of("\n".join(sentences))

    assert len(table.columns) == 1
    assert len(table.rows) == len(sentences)
    assert "each line is one text" in kinds_of(table)["one column"]


def test_a_delimiter_needs_broad_agreement():
    lines = [f"A sentence, with one comma {i}" for i in range(5)]
    table = table_of("\n".join(lines + [f"Sentence {i} has none" for i in range(60)]))

    assert len(table.columns) == 1
    assert len(table.rows) == 65


NUMBERED = [(str(i), *pair) for i, pair in enumerate(PAIRS, 1)]
R_TABLES = {
    "blanks": '"text" "label"\n' + "".join('"{}" "{}" "{}"\n'.format(*row) for row in NUMBERED),
    "tabs": "text\tlabel\n" + "".join("{}\t{}\t{}\n".format(*row) for row in NUMBERED),
    "names": "text\tlabel\n" + "".join("row{}\t{}\t{}\n".format(*row) for row in NUMBERED),
}


@pytest.mark.parametrize("written", R_TABLES)
def test_a_header_one_narrower_than_its_rows_is_kept(written):
    table = table_of(R_TABLES[written])

    assert table.columns == ("index", "text", "label")
    assert pairs_of(table) == list(PAIRS)


@pytest.mark.parametrize("end", [",", ",,,", " , "])
def test_rows_that_end_in_a_comma_keep_the_header(end):
    table = table_of("text,label\n" + "".join(f'"{t}",{of}{end}\n' for t, of in PAIRS))

    assert table.columns == ("text", "label")
    assert pairs_of(table) == list(PAIRS)


def test_columns_without_a_name_or_a_value_are_left_out():
    table = table_of("v1,v2,,,\n" + "".join(f'{of},"{text}",,,\n' for text, of in SPAM))

    assert table.columns == ("v1", "v2")
    assert "3 columns" in kinds_of(table)["empty columns"]


@pytest.mark.parametrize("joint", ["\ufeff", "\n\ufeff", ""])
def test_a_second_file_with_its_header_is_joined_and_said(joint):
    first = CSV if joint != "\ufeff" else CSV.removesuffix("\n")
    table = table_of(first + joint + CSV)

    assert pairs_of(table) == [*PAIRS, *PAIRS]
    assert "the header again" in kinds_of(table)["repeated header"]


def test_a_repeated_header_in_quotes_and_capitals_is_one():
    again = '\ufeff"Text","LABEL"\n' + '"Some words, again",refund\n'

    assert len(table_of(CSV + again).rows) == 13


def test_names_are_free_of_what_nobody_sees():
    table = table_of(CSV.replace("text,label", "\u200btext\u200b,la\u00adbel\u200e", 1))

    assert table.columns == ("text", "label")


def test_a_drawn_table_is_read():
    rows = "".join(f"| {text} | {of} |\n" for text, of in PAIRS)

    assert pairs_of(table_of("| text | label |\n|---|:-:|\n" + rows)) == list(PAIRS)


def test_a_table_pasted_from_a_spreadsheet_keeps_lines_and_tabs_inside_cells():
    rows = "".join(f'"{text}\nsecond\tline, ""so"""\t{of}\n' for text, of in PAIRS)
    table = table_of("text\tlabel\n" + rows)

    assert pairs_of(table)[0] == (f'{TEXTS[0]}\nsecond\tline, "so"', "refund")
    assert len(table.rows) == 12


ARFF = (
    "% a comment\n@relation x\n@attribute text string\n@ATTRIBUTE 'my class' {pos,neg}\n\n@DATA\n"
)


def test_arff_is_read():
    rows = "".join(f"'{text}, it\\'s',{['pos', 'neg'][i % 2]}\n" for i, text in enumerate(TEXTS))
    table = table_of(ARFF + rows + "'Unknown',?\n")

    assert table.columns == ("text", "my class")
    assert pairs_of(table)[0] == (f"{TEXTS[0]}, it's", "pos")
    assert table.rows[-1]["my class"] == ""


@pytest.mark.parametrize(
    "row",
    [
        "{{0 '{}, so',1 {}}}",
        '{{ 0 "{}, so", 1 {} }}',
        "'{}, so'\t{}",
        "'{}, so',{},{{0.5}}",
        "{}, so,{}",
    ],
    ids=["sparse", "sparse, double quotes", "tabs", "weights", "no quotes"],
)
def test_arff_keeps_commas_inside_texts_however_rows_are_written(row):
    rows = "".join(row.format(text, "neg") + "\n" for text in TEXTS)

    assert pairs_of(table_of(ARFF + rows)) == [(f"{text}, so", "neg") for text in TEXTS]


def test_a_sparse_row_leaves_out_what_is_the_first_value():
    rows = "".join(
        f"{{0 '{t}, it\\'s'{', 1 neg' if i % 2 else ''}}}\n" for i, t in enumerate(TEXTS)
    )

    assert pairs_of(table_of(ARFF + rows))[:2] == [
        (f"{TEXTS[0]}, it's", "pos"),
        (f"{TEXTS[1]}, it's", "neg"),
    ]


def test_arff_without_rows_is_named():
    with pytest.raises(UserError, match="no attributes with rows below @data"):
        table_of("@relation x\n@attribute text string\n")


YAML = """version: "3.1"
nlu:
- intent: hi
  examples: |
    - hey [Ann](name)
    - hello
- synonym: x
  examples: |
    - no
- intent: bye
  examples: |
    - see [you]{"a": "b"}
"""
MARKDOWN = """## intent:hi
- hey [Ann](name)
- hello

## synonym:x
- no

## intent:bye
- see you
"""


@pytest.mark.parametrize("written", [YAML, MARKDOWN])
def test_intents_of_rasa_are_read(written):
    assert pairs_of(table_of(written)) == [
        ("hey Ann", "hi"),
        ("hello", "hi"),
        ("see you", "bye"),
    ]


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)  # how old Office files begin


@pytest.mark.parametrize(
    ("content", "matching"),
    [
        ("- text: some words\n  label: x\n- text: others\n  label: y\n", "YAML"),
        ("%PDF-1.7\nsome", "PDF"),
        ("<table><tr><td>a</td></tr></table>", "web page"),
        ("CREATE TABLE x (a int);\n", "SQL"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "password"),
        (COMPOUND + "Workbook".encode("utf-16-le"), r"old Excel \(.xls\)"),
        (b"SQLite format 3\0" + bytes(90), "SQLite"),
        (b"\x93NUMPY\x01\0", "NumPy"),
        (b"(dp0\nS'a'\n", "pickle"),
        (b"\x40\0\0\0\0\0\0\0" + b'{"a":{"dtype":"F32"}}' + bytes(90), "safetensors"),
    ],
)
def test_what_is_no_table_is_named(content, matching):
    with pytest.raises(UserError, match=matching):
        table_of(content)


def test_labels_are_known():
    assert set(table_of(CSV).label_counts) == set(LABELS)
