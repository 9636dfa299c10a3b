"""Each trouble is told once, with its first line, column, value, number of rows and way out."""

import pytest

from playground.data.parsing import parse_text as paste
from playground.data.table import Table
from playground.errors import UserError

GOOD = "".join(f"some words about thing {chr(97 + i)},{['pos', 'neg'][i % 2]}\n" for i in range(8))


def problems(rows, header="text,label"):
    return {p.kind: p for p in paste(f"{header}\n{GOOD}{rows}").problems}


def test_a_sound_table_has_no_problem():
    assert problems("") == {}


@pytest.mark.parametrize(
    ("rows", "kind", "severity", "line", "column", "value", "count"),
    [
        (",pos\n,neg\n", "empty text", "error", 10, "text", "", 2),
        ("a b c,\n", "missing label", "error", 10, "label", "", 1),
        ("a b c,odd\n", "one-row class", "warning", 10, "label", "odd", 1),
        ("a b c,1\na b d,1\n", "mixed types", "warning", 10, "label", "1", 2),
        ("a b c,Pos\na b d,Pos\n", "label spelt in several ways", "warning", 10, "label", "Pos", 2),
        (
            " some words about thing a,pos\n",
            "duplicate rows",
            "note",
            10,
            "text",
            "some words about thing a",
            1,
        ),
        (
            "Some words about thing a!,neg\n",
            "near-copies",
            "note",
            10,
            "text",
            "Some words about thing a!",
            2,
        ),
        ("some words about thing a,neg\n", "conflicting labels", "error", 10, "label", "neg", 2),
        ("a,b,c\nx\n", "ragged row", "error", 10, None, "a,b,c", 2),
        ('"a b,pos\n', "unclosed quote", "error", 10, None, '"a b,pos', 1),
    ],
)
def test_each_trouble_has_its_place(rows, kind, severity, line, column, value, count):
    problem = problems(rows)[kind]

    assert (problem.severity, problem.line, problem.column) == (severity, line, column)
    assert (problem.value, problem.count) == (value, count)
    assert problem.message.endswith(".")
    assert problem.way_out.endswith(".")


def test_the_same_number_written_differently_is_mixed():
    rows = "".join(f"text number {chr(97 + i)},{['1', '1.0', 'one'][i % 3]}\n" for i in range(9))

    problem = {p.kind: p for p in paste("text,label\n" + rows).problems}["mixed types"]

    assert "“1”, “1.0” are the same number" in problem.message
    assert (problem.line, problem.value, problem.count) == (3, "1.0", 3)


def test_one_label_is_no_task():
    found = paste("text,label\na b,x\nc d,x\n").problems

    assert [(p.kind, p.severity, p.value, p.count) for p in found] == [
        ("only one label", "error", "x", 2)
    ]


def test_very_unbalanced_labels_are_told():
    rows = "".join(f"many words {'x' * i},pos\n" for i in range(60))
    problem = problems(rows)["unbalanced labels"]

    assert (problem.value, problem.count, problem.line) == ("neg", 4, 3)


@pytest.fixture(scope="module")
def large():
    rows = "".join(f"row words {i} and more,{i},{i % 2}\n" for i in range(2_000))
    return paste("text,number,sentiment\n" + rows)


def test_far_too_many_labels_name_the_better_column(large):
    problem = large.choose(label_column="number").problems[0]

    assert (problem.kind, problem.severity) == ("too many labels", "error")
    assert "“number” has 2,000 different values" in problem.message
    assert problem.way_out == "Choose “sentiment” as label column."


def test_a_text_column_of_numbers_is_told(large):
    problem = large.choose(text_columns=("number",)).problems[0]

    assert (problem.kind, problem.line, problem.value) == ("text column is not text", 2, "0")


def test_one_column_is_not_enough():
    problem = paste("text\nsome words\nother words\n").problems[0]

    assert (problem.kind, problem.severity, problem.count) == ("no label column", "error", 2)
    assert "only one column, text" in problem.message


def test_what_reading_found_stays_when_other_columns_are_chosen():
    table = paste("text,topic,label\na b,x,1\nc d\ne f,y,2\ng h,x,1\n")
    chosen = table.choose(label_column="topic")

    assert chosen.rows == table.rows
    assert [p.kind for p in chosen.problems if p.kind == "ragged row"] == ["ragged row"]
    assert chosen.label_counts == {"x": 2, "y": 1}
    assert chosen.choose(label_column="").label_counts == {}


@pytest.mark.parametrize("choice", [{"label_column": "nope"}, {"text_columns": ("label",)}])
def test_a_column_that_is_not_there_or_taken_twice_is_refused(choice):
    with pytest.raises(UserError, match=r"Choose"):
        paste("text,label\na b,x\nc d,y\n").choose(**choice)


def test_labels_are_counted_by_frequency_then_name():
    table = Table("t", ("l",), tuple({"l": v} for v in "baab c"), (1,) * 6, label_column="l")

    assert list(table.label_counts.items()) == [("a", 2), ("b", 2), ("c", 1)]
