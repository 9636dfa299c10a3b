"""CSV as people and programs really write it."""

import itertools

import pytest

from playground import limits
from playground.data.parsing import parse_text as paste
from playground.errors import UserError

TEXTS = [
    "plain",
    "a, b; c | d",
    'she said "so"',
    "two\nlines",
    "tab\there",
    "ünï 💡",
    "{label}",
    "'",
]
HEADER = ["text", "label"]


def written(rows, delimiter, end):
    """Rows as a program writes them: cells quoted where they must be."""
    return "".join(delimiter.join(map(quoted, row)) + end for row in rows)


def quoted(cell):
    needs = any(character in cell for character in '",;|\t\n\r')
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def rows_of(table):
    return [list(row.values()) for row in table.rows]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_found(delimiter, end):
    rows = [[text, ["pos", "neg"][i % 2]] for i, text in enumerate(TEXTS)]

    table = paste(written([HEADER, *rows], delimiter, end))

    assert table.columns == ("text", "label")
    assert rows_of(table) == rows
    assert table.lines == (2, 3, 4, 5, 7, 8, 9, 10)  # the fourth text has two lines


def test_commas_in_texts_do_not_win_over_semicolons():
    text = "text;label\n" + "".join(f"a{', b' * (i % 3)}, c;{i % 2}\n" for i in range(9))

    assert paste(text).columns == ("text", "label")


def test_what_excel_declares_is_believed():
    table = paste("sep=;\ntext;label\na,b;x\nc,d;y\n")

    assert rows_of(table) == [["a,b", "x"], ["c,d", "y"]]
    assert table.lines == (3, 4)


def test_an_open_quote_costs_one_line():
    text = 'text,label\n"first, one",pos\n"never closed,neg\n"third, one",pos\nfourth,neg\n'

    table = paste(text)
    problem = next(p for p in table.problems if p.kind == "unclosed quote")

    assert rows_of(table) == [["first, one", "pos"], ["third, one", "pos"], ["fourth", "neg"]]
    assert (problem.line, problem.value, problem.count) == (3, '"never closed,neg', 1)


def test_a_quote_open_to_the_end_costs_one_line():
    table = paste('text,label\na b,pos\n"c d,neg\ne f,neg\ng h,pos\n')

    assert table.lines == (2, 4, 5)


def test_quotes_in_a_tab_file_without_quoting_are_characters():
    rows = "".join(f"{text}\t{i % 2}\n" for i, text in enumerate(['"open', 'b"', "c", '"d" e']))

    assert [row["text"] for row in paste("text\tlabel\n" + rows).rows] == [
        '"open',
        'b"',
        "c",
        '"d" e',
    ]


def test_a_late_quote_in_a_tab_file_is_a_character_too():
    rows = "".join(f"text {i}\t{i % 2}\n" for i in range(2_000))

    table = paste("text\tlabel\n" + rows + '"open\t1\nlast\t0\n')

    assert [row["text"] for row in table.rows[-2:]] == ['"open', "last"]


def test_escaped_quotes_are_read():
    table = paste('text,label\n"he said \\"so, so\\"",pos\n"she \\"did\\"",neg\n')

    assert [row["text"] for row in table.rows] == ['he said "so, so"', 'she "did"']


def test_a_blank_before_a_quote_is_nothing():
    table = paste('text, label\n "one, two", "pos"\nthree, neg\n')

    assert rows_of(table) == [["one, two", "pos"], ["three", "neg"]]


def test_ragged_rows_are_left_out_and_named():
    table = paste("text,label\na,b,pos\nfine,neg\nshort\nalso fine,pos\n\n")
    problem = table.problems[0]

    assert table.lines == (3, 5)
    assert (problem.kind, problem.line, problem.count) == ("ragged row", 2, 2)
    assert problem.message == "Lines 2, 4: 1, 3 cells where 2 belong (2 rows left out)."
    assert "double quotes" in problem.way_out


def test_a_delimiter_at_every_end_and_blank_rows_are_nothing():
    table = paste("text,label,\na b,pos,\n,,\nc d,neg,\n\n")

    assert [row["text"] for row in table.rows] == ["a b", "c d"]


def test_a_title_above_the_header_is_left_out():
    table = paste("Export of May\n" + "text,label\n" + "some words,x\nother words,y\n" * 6)

    assert table.columns == ("text", "label")
    assert table.problems[0].line == 1


@pytest.mark.parametrize("first", ["Great film.,pos", "42,pos", "2024-05-01,neg"])
def test_a_file_without_a_header_keeps_its_first_row(first):
    table = paste(first + "\nDull film.,neg\nGood fun.,pos\nNo.,neg\n")
    note = next(p for p in table.problems if p.kind == "no header")

    assert table.columns == ("column_1", "column_2")
    assert table.lines == (1, 2, 3, 4)
    assert (note.severity, note.line) == ("note", 1)


@pytest.mark.parametrize("label", ["y", "request", "answer"])
def test_a_label_that_could_name_a_column_is_no_header(label):
    table = paste(f"Fun for all,{label}\nDull film,n\nGood fun,{label}\nNo,n\n")

    assert table.lines == (1, 2, 3, 4)


@pytest.mark.parametrize(
    "header", ["text,label", "Was it good?,Verdict", "a,b", "0,1", "What I saw,What I felt"]
)
def test_a_header_is_no_row(header):
    table = paste(header + "\nGreat film of the year.,pos\nDull film.,neg\nGood fun.,pos\n")

    assert table.columns == tuple(header.split(","))


def test_names_are_stripped_and_mended():
    table = paste(" text ,,label,label\na b,1,x,y\nc d,2,z,w\n")

    assert table.columns == ("text", "column_2", "label", "label_2")
    assert [p.line for p in table.problems if p.kind == "column names"] == [1]


def test_a_header_repeated_inside_is_left_out():
    assert len(paste("text,label\na b,x\ntext,label\nc d,y\n").rows) == 2


def test_one_column_is_read_as_one():
    table = paste('text\nhello, world\nit is; so\n"quoted, once"\n')

    assert table.columns == ("text",)
    assert [row["text"] for row in table.rows] == ["hello, world", "it is; so", "quoted, once"]


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("", "empty"),
        (" \n\t\r\n", "empty"),
        ("text,label\n", "has a header .“text”, “label”. but no rows"),
        ("<!DOCTYPE html><html>", "web page"),
        ("<?xml version='1.0'?>", "XML"),
        ("version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (",".join(map(str, range(201))) + "\n", "201 columns, 200 are possible"),
    ],
)
def test_what_is_no_table_is_said(text, matching):
    with pytest.raises(UserError, match=matching):
        paste(text)


def test_rows_over_the_cap_are_left_out_and_told():
    table = paste("text,label\n" + "some words,x\nmore words,y\n" * (limits.ROWS // 2 + 5))
    problem = next(p for p in table.problems if p.kind == "over the cap")

    assert len(table.rows) == limits.ROWS
    assert problem.line == limits.ROWS + 2


def test_a_cell_over_the_cap_is_cut_and_told():
    table = paste(f"text,label\nshort,x\n{'long ' * 5000},y\n")
    problem = next(p for p in table.problems if p.kind == "text cut")

    assert len(table.rows[1]["text"]) == limits.CELL_CHARACTERS
    assert (problem.line, problem.column, problem.count) == (3, "text", 1)


def test_any_two_texts_come_back_as_they_were():
    pairs = list(itertools.product(TEXTS, repeat=2))
    table = paste(written([["first", "second", "label"]] + [[*p, "x"] for p in pairs], ",", "\r\n"))

    assert [tuple(row.values())[:2] for row in table.rows] == pairs
