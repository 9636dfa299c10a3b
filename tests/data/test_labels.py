"""What counts as one label, as several, and as none."""

import pytest

from playground.data.listing import items_of, lists_in
from playground.data.table import assembled
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.splits import split
from tests.data.made import TEXTS, kinds_of, table_of

NFC, NFD = "caf\u00e9", "cafe\u0301"


def table(labels, column="label", each=4):
    """Rows of distinct texts, the labels taking turns."""
    rows = [
        {"text": f"a row of words with number {i} in it", column: labels[i % len(labels)]}
        for i in range(each * len(labels))
    ]
    return assembled("t", ["text", column], rows, range(2, len(rows) + 2)).choose(("text",), column)


def told(made):
    return {problem.kind: problem for problem in made.problems}


@pytest.mark.parametrize(
    ("labels", "one"),
    [
        (["pos", "pos\u200b", "neg"], "pos"),
        (["pos\u200b", "\ufeffpos", "pos", "neg"], "pos"),
        (["\u200epos\u200f", "pos", "neg"], "pos"),
        ([NFC, NFD, "thé"], NFC),
        (["not spam", "not\u00a0spam", "spam"], "not spam"),
        (["soft\u00adware", "software", "other"], "software"),
        (["❤\ufe0f", "❤", "😡"], "❤"),
    ],
)
def test_labels_that_look_the_same_are_one_and_that_is_said(labels, one):
    made = table(labels)
    problem = told(made)["one label written in several ways"]

    assert made.label_counts == {one: 4 * (len(labels) - 1), labels[-1]: 4}
    assert problem.severity == "note"
    assert f"“{one}”" in problem.message
    assert problem.count == 4 * (len(labels) - 2)


@pytest.mark.parametrize("label", [NFC, "❤\ufe0f", "می\u200cخواهم", "👨\u200d👩\u200d👧"])
def test_a_label_written_in_one_way_stays(label):
    made = table([label, "other"])

    assert made.label_counts == {label: 4, "other": 4}
    assert made.problems == ()
    assert Task.guess(made).label_words[label] == label


def test_a_label_that_always_hides_something_is_shown_without():
    assert table(["pos\u200b", "neg"]).label_counts == {"neg": 4, "pos": 4}
    assert table([NFD, "the"]).label_counts == {NFC: 4, "the": 4}


def test_signs_tell_labels_apart():
    for labels in (["C", "C++", "C#"], ["A", "A-", "A+"], ["+", "-"], ["yes!", "yes?"]):
        made = table(labels)

        assert set(made.label_counts) == set(labels)
        assert made.problems == ()
        assert sorted(Task.guess(made).words) == sorted(labels)


@pytest.mark.parametrize(
    "labels",
    [
        ["Pos", "pos"],
        ["not spam", "not_spam", "not-spam"],
        ["ｐｏｓ", "pos"],
        ["p\u043es", "pos"],  # a Cyrillic o
        ["spam.", "spam"],
        ["“spam”", "spam"],
    ],
)
def test_labels_that_differ_in_spelling_only_stay_and_are_said(labels):
    made = table([*labels, "other"])

    assert set(made.label_counts) == {*labels, "other"}
    assert told(made)["label spelt in several ways"].count == 4 * (len(labels) - 1)


def test_a_whole_number_is_one_label_however_it_is_written():
    made = table(["1", "1.0", "0", "0.0"], "sentiment")

    assert made.label_counts == {"0": 8, "1": 8}
    assert "same number written differently and count as one label" in (
        told(made)["mixed types"].message
    )
    assert Task.guess(made).label_words == {"0": "negative", "1": "positive"}
    assert table(["1.0", "2.0", "2.5"]).label_counts.keys() == {"1.0", "2.0", "2.5"}


def test_a_task_finds_its_labels_however_the_table_writes_them():
    task = Task("{text}", {"1": "good", NFC: "bad"}, "label")

    made = split(table(["1.0", NFD, "other"]), task, 2, 0)

    assert {example.label for example in made.labelled} == {"1", NFC}
    assert made.left_out == 4


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ('["refund"]', ("refund",)),
        ("['refund']", ("refund",)),
        ('["a", "b"]', ("a", "b")),
        ("['a' 'b']", ("a", "b")),
        ("('a', 'b')", ("a", "b")),
        ("[0, 27]", ("0", "27")),
        ("[]", ()),
        ("[neutral]", None),
        ("(1)", None),
        ("{a}", None),
        ('{"a": "b"}', None),
        ("a, b", None),
        ("[", None),
    ],
)
def test_lists_are_known_by_their_brackets_and_quotes(cell, items):
    assert items_of(cell) == items


@pytest.mark.parametrize(
    "labels",
    [
        ['["a"]', '["b"]', '["a", "b"]', "[]"],
        ["['a']", "['b']", "['a', 'b']", "[]"],
        ["a", "b", "a;b", ""],
        ["a", "b", "a|b", ""],
        ["a", "b", "b, a", ""],
        ["<a>", "<b>", "<a><b>", ""],
        ["a", "b", '["a", "b"]', "[]"],
    ],
)
def test_rows_with_several_labels_are_named_and_left_out(labels):
    made = table(labels)
    problem = told(made)["several labels"]

    assert made.label_counts == {"a": 4, "b": 4}
    assert (problem.severity, problem.count, problem.value) == ("error", 4, labels[2])
    assert "multi-label" in problem.message
    assert "one label in every row" in problem.way_out
    assert split(made, Task.guess(made), 2, 0).left_out == 8


@pytest.mark.parametrize(
    "labels",
    [
        ["Food, drink", "Travel, leisure", "Money"],
        ["Paris, France", "Lyon, France", "Rome, Italy"],
        ["1,5", "2,0", "2,5", "1,0"],
        ["Sci/Tech", "World", "Sports"],
        ["yes; sure", "no; never"],
    ],
)
def test_a_sign_inside_a_label_does_not_make_it_several(labels):
    made = table(labels)

    assert set(made.label_counts) == set(labels)
    assert "several labels" not in told(made)


def test_where_all_rows_have_several_labels_the_task_is_refused_with_the_reason():
    made = table(['["a", "b"]', '["b", "c"]'])

    assert "names several labels in every row" in told(made)["only one label"].message
    with pytest.raises(UserError, match="as most rows name several"):
        Task.guess(made)


def test_one_separator_is_tried_after_the_other():
    counts = {"a": 5, "b": 5, "a;b": 2, "c,d": 1}

    assert lists_in(counts) == {"a;b": ("a", "b")}


@pytest.mark.parametrize("gap", ["NA", "N/A", "nan", "null", "-", "?"])
def test_a_label_that_may_stand_for_none_is_said(gap):
    made = table(["refund", "delivery", gap])

    problem = told(made)["label like a gap"]
    assert (problem.severity, problem.value, problem.count, problem.line) == ("note", gap, 4, 4)


@pytest.mark.parametrize("labels", [["NaN", "Inf"], ["+", "-", "+-"], ["-1", "0", "1"]])
def test_labels_among_their_like_are_no_gaps(labels):
    assert "label like a gap" not in told(table(labels))


def test_the_number_of_an_unlabelled_part_is_said():
    rows = [
        {"text": f"row {i}", "label": str(i % 2) if i < 8 else "-1", "split": "train"}
        for i in range(12)
    ]
    for row in rows[8:]:
        row["split"] = "test"

    assert told(assembled("t", list(rows[0]), rows, range(12)))["label like a gap"].value == "-1"


def test_what_is_said_of_one_label_is_true_where_other_rows_have_several():
    message = told(table(['["a", "b"]', '["a"]']))["only one label"].message

    assert message == "Every row of “label” that has one label is labelled “a”."


def test_labels_that_differ_in_an_accent_are_told_and_short_words_are_not():
    table = table_of(
        "text,label\n"
        + "".join(
            f"{t.split(',')[0]},{['négatif', 'negatif', 'positif'][i % 3]}\n"
            for i, t in enumerate(TEXTS)
        )
    )
    short = table_of(
        "text,label\n"
        + "".join(f"{t.split(',')[0]},{['Bar', 'Bär'][i % 2]}\n" for i, t in enumerate(TEXTS))
    )

    assert "accents" in kinds_of(table)["label spelt in several ways"]
    assert "label spelt in several ways" not in kinds_of(short)


def test_dates_are_labels_where_the_column_says_so_and_they_come_again():
    rows = "".join(f"{t.split(',')[0]},2024-05-0{i % 3 + 1}\n" for i, t in enumerate(TEXTS))

    assert table_of("text,label\n" + rows).label_column == "label"
    assert table_of("text,posted\n" + rows).label_column is None
