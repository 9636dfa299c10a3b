"""Lines that no delimiter divides as CSV has it: signs, single quotes, quotes left open, titles."""

import json

import pytest

from tests.data.made import PAIRS, TEXTS, kinds_of, pairs_of, table_of

LINES = (
    *("{t}@{l}", "{t}:::{l}", "{t} => {l}", "{l} ||| {t}", "{t} -> {l}", "{l} +++$+++ {t}"),
    *("{t}####{l}", "{l}_!_{t}", "{t} ({l})", "[{l}] {t}", "({l}) {t}", "<{l}>{t}</{l}>"),
    *("{t} - {l}", "{t} #{l}", "{t}~{l}", "{t} = {l}", '"{t}" {l}', "{t:<60}{l}", "{l},{t}, so"),
)


@pytest.mark.parametrize("line", LINES)
def test_a_sign_that_divides_nearly_every_line_makes_columns(line):
    table = table_of("".join(line.format(t=text, l=of) + "\n" for text, of in PAIRS))
    text, label = table.text_columns[0], table.label_column
    found = [(cell.removesuffix(", so"), of) for cell, of in pairs_of(table, text, label)]

    assert found == list(PAIRS)
    assert "12 lines are read as texts" in kinds_of(table)["divided lines"]


def test_columns_between_signs_may_be_more_and_may_have_names():
    lines = [f"{i} ::: {text} ::: {of}" for i, (text, of) in enumerate(PAIRS)]
    table = table_of("\n".join(["id ::: text ::: label", *lines]))

    assert table.columns == ("id", "text", "label")
    assert pairs_of(table) == list(PAIRS)


@pytest.mark.parametrize(
    "lines",
    [
        [f"{text} => {of}" if i % 2 else text for i, (text, of) in enumerate(PAIRS)],
        [f"{text} - {TEXTS[i - 1]}" for i, text in enumerate(TEXTS)],
        [f"user{i}@mail{i % 3}.com" for i in range(12)],
        [f"It was {text} ({i})" for i, text in enumerate(TEXTS)],
    ],
    ids=["some lines", "other sentences", "addresses", "numbers"],
)
def test_signs_of_some_lines_or_without_labels_divide_nothing(lines):
    assert len(table_of("\n".join(lines)).columns) == 1


@pytest.mark.parametrize(
    "row",
    [
        "'{t}, so','{l}'",
        "'{t}, so',{l}",
        "'{t}; so';'{l}'",
        "'{t}, it''s so', '{l}'",
        "'{t}, it\\'s so','{l}'",
        "'{t}, it's so','{l}'",
        "'{t},\nso','{l}'",
        "“{t}, so”,{l}",
        '"He said "{t}" so",{l}',
        '"{t}, so" , {l}',
        '"""{t}, so"",{l}"',
    ],
)
def test_quotes_of_other_kinds_keep_what_is_inside(row):
    head = "'text','label'" if row.endswith("'{l}'") and ";" not in row else "text,label"
    head = "'text';'label'" if ";" in row else '"text,label"' if row.startswith('"""') else head
    table = table_of(f"{head}\n" + "".join(row.format(t=t, l=of) + "\n" for t, of in PAIRS))

    assert table.columns == ("text", "label")
    assert [of for _, of in pairs_of(table)] == [of for _, of in PAIRS]
    assert all(text in cell for text, (cell, _) in zip(TEXTS, pairs_of(table), strict=True))
    assert not any(cell[0] in "'“" or cell[-1] in "'”" for cell, _ in pairs_of(table))


def test_apostrophes_that_begin_words_are_no_quotes():
    table = table_of(
        "text,label\n" + "".join(f"'tis {text.split(',')[0]},{of}\n" for text, of in PAIRS)
    )

    assert table.rows[0]["text"] == f"'tis {TEXTS[0]}"


@pytest.mark.parametrize(
    ("head", "row"),
    [("text,label", "{t}{x},{l}"), ("label,text", "{l},{t}{x}"), ("id,text,label", "7,{t}{x},{l}")],
)
def test_commas_without_quotes_belong_to_the_text_where_the_labels_show_it(head, row):
    made = [row.format(t=t, x=", a, b" if i % 3 else "", l=of) for i, (t, of) in enumerate(PAIRS)]
    table = table_of("\n".join([head, *made, "odd, one, and, not a label"]))

    assert [row["label"] for row in table.rows] == [of for _, of in PAIRS]
    assert table.rows[1]["text"] == f"{TEXTS[1]}, a, b"
    assert "ragged row" in kinds_of(table)
    assert "belong to the text" in kinds_of(table)["delimiters in texts"]


@pytest.mark.parametrize("above", ["Report,2024\n,\n", "# by Ann, in May\n# rows, all\n", ""])
def test_titles_above_the_header_are_left_out_and_told(above):
    table = table_of(f"{above}text,label\n" + "".join(f'"{t}",{of}\n' for t, of in PAIRS))

    assert pairs_of(table) == list(PAIRS)
    assert ("rows above the header" in kinds_of(table)) == bool(above)


@pytest.mark.parametrize("written", [json.dumps, repr])
def test_objects_in_cells_are_opened_as_in_json(written):
    turns = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": of}]
        for text, of in PAIRS
    ]
    cells = [written(cell).replace('"', '""') for cell in turns]
    alone = table_of("messages\n" + "".join(f'"{cell}"\n' for cell in cells))
    beside = table_of("id,messages\n" + "".join(f'{i},"{c}"\n' for i, c in enumerate(cells)))

    assert pairs_of(alone) == pairs_of(beside) == list(PAIRS)


def test_a_table_between_drawn_rules_is_read():
    rule = "+------+-----+\n"
    rows = "".join(f"| {text} | {of} |\n{rule}" for text, of in PAIRS)

    assert pairs_of(table_of(f"{rule}| text | label |\n{rule}{rows}")) == list(PAIRS)
