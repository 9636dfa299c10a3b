"""Columns that say the same, or a label each: what is taken of them, and what is said."""

import pytest

from playground.data.table import assembled
from playground.tasks.classification import Task

NAMES = ["refund", "delivery", "quality"]


def made(rows=36, **columns):
    records = [{name: str(cell(i)) for name, cell in columns.items()} for i in range(rows)]
    return assembled("t", list(columns), records, range(2, rows + 2))


def text(i):
    return f"Some words about number {i}, as people write them!"


def cleaned(i):
    return f"words number {i} people write"


def told(table):
    return {problem.kind: problem for problem in table.problems}


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ("label", "label_text"),
        ("label", "label_name"),
        ("category_id", "category"),
        ("class_index", "class_name"),
        ("intent_id", "intent"),
        ("target", "sentiment"),
        ("y", "topic"),
    ],
)
def test_names_are_taken_instead_of_the_numbers_beside_them(numbers, names):
    columns = {numbers: lambda i: i % 3, "text": text, names: lambda i: NAMES[i % 3]}
    for order in (list(columns), list(columns)[::-1]):
        table = made(**{name: columns[name] for name in order})
        problem = told(table)["the same label twice"]

        assert (table.text_columns, table.label_column) == (("text",), names)
        assert f"“{numbers}” numbers the same labels as “{names}”" in problem.message
        assert (problem.severity, problem.column) == ("note", numbers)


def test_numbers_as_floats_and_a_name_with_blanks_go_together_too():
    table = made(text=text, label=lambda i: f"{i % 2}.0", label_text=lambda i: ["a b", "c"][i % 2])

    assert table.label_column == "label_text"


def test_numbers_alone_are_the_label():
    table = made(text=text, label=lambda i: i % 3)

    assert table.label_column == "label"
    assert table.problems == ()


@pytest.mark.parametrize(
    ("label", "other"),
    [
        (lambda i: i % 2, lambda i: NAMES[i % 3]),  # many to many
        (lambda i: i % 3 % 2, lambda i: NAMES[i % 3]),  # one number for two names
        (lambda i: i % 6, lambda i: NAMES[i % 3]),  # two numbers for one name
        (lambda i: i % 3, lambda i: NAMES[i % 3] if i % 4 == 0 else ""),  # mostly empty
    ],
)
def test_numbers_stay_where_the_names_are_others(label, other):
    table = made(text=text, label=label, remark=other)

    assert table.label_column == "label"
    assert "the same label twice" not in told(table)


@pytest.mark.parametrize("other", ["user", "city", "language"])
def test_a_column_that_goes_with_the_numbers_by_chance_does_not_name_them(other):
    table = made(text=text, label=lambda i: i % 2, **{other: lambda i: ["ann", "bob"][i % 2]})

    assert table.label_column == "label"
    assert f"“{other}” says the same labels" in told(table)["the same label twice"].message


def test_a_split_column_that_is_mostly_empty_is_none():
    table = made(
        text=text, label=lambda i: "ab"[i % 2], split=lambda i: ["train", "test"][i % 2] * (i < 4)
    )

    assert table.split_column is None
    assert "“split” (4 of 36 rows)" in told(table)["mostly empty column"].message


def test_coarse_and_fine_labels_are_two_things():
    table = made(text=text, label=lambda i: "AB"[i % 2], fine=lambda i: f"{'AB'[i % 2]}:{i % 4}")

    assert table.label_column == "label"
    assert table.problems == ()


def test_whoever_chooses_the_numbers_is_pointed_to_the_names():
    table = made(text=text, label=lambda i: i % 3, label_text=lambda i: NAMES[i % 3])

    problem = told(table.choose(label_column="label"))["the same label twice"]

    assert problem.way_out == "Choose “label_text” as label column: it has the names."


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("text", "clean_text"),
        ("tweet", "tidy_tweet"),
        ("review", "processed"),
        ("raw_text", "clean_text"),
        ("column_1", "column_2"),
    ],
)
def test_of_a_text_and_its_cleaned_copy_the_text_is_taken_and_that_is_said(raw, clean):
    label = {"label": lambda i: "ab"[i % 2]}
    for columns in ({raw: text, clean: cleaned}, {clean: cleaned, raw: text}):
        table = made(**columns, **label)

        assert (table.text_columns, table.label_column) == ((raw,), "label")
        problem = told(table)["the same text twice"]
        assert f"“{clean}” has nearly the words of “{raw}”" in problem.message


def test_a_cleaned_copy_that_is_longer_is_left_too():
    table = made(
        raw_text=text,
        lemmatized_text=lambda i: f"some word about number {i} as people write them indeed and now",
        label=lambda i: "ab"[i % 2],
    )

    assert table.text_columns == ("raw_text",)


def test_a_second_text_that_makes_no_pair_is_left_and_that_is_said():
    table = made(
        tweet=text, label=lambda i: "ab"[i % 2], comment=lambda i: f"other remark of rater no {i}"
    )

    assert table.text_columns == ("tweet",)
    assert "“comment” holds texts too" in told(table)["another text column"].message


@pytest.mark.parametrize(
    ("first", "second", "pair"),
    [
        ("premise", "hypothesis", True),
        ("sentence1", "sentence2", True),
        ("text_a", "text_b", True),
        ("q1", "q2", True),
        ("review_title", "review_body", True),
        ("Title", "Text", True),
        ("parent_comment", "comment", True),
        ("column_1", "column_2", True),
        ("review", "reply_of_the_shop", False),
        ("text", "explanation", False),
    ],
)
def test_two_texts_are_a_pair_by_their_names(first, second, pair):
    columns = {first: text, second: lambda i: f"What else is there to read, {i} times over?"}

    table = made(**columns, label=lambda i: "ab"[i % 2])

    assert (len(table.text_columns) == 2) is pair


def test_half_of_a_pair_that_is_often_empty_is_no_second_text():
    table = made(
        title=text, body=lambda i: "" if i % 5 == 0 else text(i + 50), label=lambda i: "ab"[i % 2]
    )

    assert len(table.text_columns) == 1


@pytest.mark.parametrize(
    ("yes", "no"), [("1", "0"), ("1.0", "0.0"), ("True", "False"), ("yes", "no"), ("x", "")]
)
def test_a_column_for_each_label_becomes_one_column(yes, no):
    columns = {name: lambda i, k=k: yes if i % 3 == k else no for k, name in enumerate(NAMES)}

    table = made(text=text, **columns)

    assert (table.text_columns, table.label_column) == (("text",), "label")
    assert table.label_counts == {"delivery": 12, "quality": 12, "refund": 12}
    assert [row["label"] for row in table.rows[:3]] == NAMES
    assert "joined in the column “label”" in told(table)["a column for each label"].message
    assert list(Task.guess(table).words) == ["delivery", "quality", "refund"]


def test_a_common_start_of_the_names_becomes_the_joined_columns_name():
    table = made(text=text, mood_good=lambda i: i % 2, mood_bad=lambda i: 1 - i % 2)

    assert table.label_column == "mood"
    assert table.label_counts == {"bad": 18, "good": 18}


def test_a_flag_beside_a_column_for_each_label_is_no_label():
    columns = {name: lambda i, k=k: int(i % 3 == k) for k, name in enumerate(NAMES)}

    table = made(text=text, **columns, verified=lambda i: i // 2 % 2)

    assert set(table.label_counts) == set(NAMES)


def test_a_label_column_is_taken_before_columns_of_a_label_each():
    columns = {name: lambda i, k=k: int(i % 3 == k) for k, name in enumerate(NAMES)}

    table = made(text=text, **columns, intent=lambda i: NAMES[i % 3])

    assert (table.label_column, len(table.columns)) == ("intent", 5)


def test_columns_of_which_a_row_may_have_several_are_named():
    table = made(
        text=text,
        joy=lambda i: int(i % 2 == 0),
        anger=lambda i: int(i % 3 == 0),
        calm=lambda i: int(i % 5 == 0),
    )
    problem = told(table)["several labels"]

    assert table.label_column is None
    assert (problem.severity, problem.count) == ("error", 9)
    assert "“joy”, “anger”, “calm” are a label each" in problem.message
    assert "multi-label" in problem.message
    assert problem.way_out.startswith("Choose one of them as the label")


def test_of_kinds_of_one_label_that_label_is_asked_about():
    table = made(
        text=text,
        toxic=lambda i: int(i % 2 == 0),
        threat=lambda i: int(i % 4 == 0),
        insult=lambda i: int(i % 6 == 0),
    )
    problem = told(table)["several labels"]

    assert table.label_column == "toxic"
    assert problem.severity == "warning"
    assert problem.way_out.startswith("Only “toxic” is asked about.")


def test_lists_beside_a_label_are_said():
    table = made(
        text=text, label=lambda i: "ab"[i % 2], labels=lambda i: '["a", "b"]' if i % 3 else "a"
    )

    assert table.label_column == "label"
    assert "“labels” names several things" in told(table)["several labels elsewhere"].message


def test_columns_of_a_label_each_of_which_no_row_has_several_are_no_multi_label_data():
    table = made(text=text, **{n: lambda i, k=k: int(i % 4 == k) for k, n in enumerate(NAMES)})
    problem = told(table)["several labels"]

    assert "0 rows of 36 have several of them, 9 none" in problem.message
    assert "multi-label" not in problem.message


@pytest.mark.parametrize(
    ("model", "person"),
    [("predicted_label", "true_label"), ("label.suggestion", "label.responses")],
)
def test_what_a_model_said_is_not_the_label_where_a_person_said_it(model, person):
    table = made(
        text=text,
        **{model: lambda i: NAMES[i * i % 3], person: lambda i: NAMES[i % 3]},
    )

    assert table.label_column == person


@pytest.mark.parametrize(
    "texts", ["とても良かったです{}", "这个商品的质量很好第{}次", "สินค้าดีมากส่งเร็ว{}"]
)
def test_sentences_of_scripts_without_blanks_are_texts_even_with_a_number(texts):
    table = made(評価=lambda i: ("良い", "悪い")[i % 2], 本文=texts.format)

    assert (table.text_columns, table.label_column) == (("本文",), "評価")
