"""Splits are seeded, stratified and nested, and no text is on both sides."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from playground import limits
from playground.data.folding import folded
from playground.data.table import assembled
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.splits import Example, demonstrations, split, taking_turns, validation_slice

TASK = Task("{text}", {"pos": "good", "neg": "bad", "meh": "so-so"}, "label")


def table(sizes, extra=(), split_column=None):
    """A table of distinct texts: `sizes` rows of each label, then the extra rows."""
    rows = [
        {"text": f"{label} text {i}", "label": label, "part": ""}
        for label, size in sizes.items()
        for i in range(size)
    ]
    random.Random(0).shuffle(rows)
    rows += [{"part": "", **row} for row in extra]
    made = assembled("t", ["text", "label", "part"], rows, range(2, len(rows) + 2))
    return made.choose(("text",), "label", split_column or "")


def counts(examples):
    return Counter(example.label for example in examples)


def test_k_rows_of_every_label_and_the_rest_held_out():
    made = split(table({"pos": 30, "neg": 20, "meh": 10}), TASK, 4, seed=1)

    assert counts(made.labelled) == {"pos": 4, "neg": 4, "meh": 4}
    assert counts(made.held_out) == {"pos": 26, "neg": 16, "meh": 6}
    assert (made.duplicates, made.conflicts, made.left_out, made.note) == (0, 0, 0, "")


def test_all_means_seventy_percent_of_each_label():
    made = split(table({"pos": 100, "neg": 20, "meh": 10}), TASK, None, seed=1)

    assert counts(made.labelled) == {"pos": 70, "neg": 14, "meh": 7}


def test_the_same_seed_gives_the_same_split_and_another_one_another():
    data = table({"pos": 30, "neg": 30})

    assert split(data, TASK, 8, 3) == split(data, TASK, 8, 3)
    assert split(data, TASK, 8, 3).labelled != split(data, TASK, 8, 4).labelled


@pytest.mark.parametrize("seed", range(5))
def test_fewer_labelled_rows_are_among_the_more(seed):
    data = table({"pos": 40, "neg": 25, "meh": 9})
    sets = [set(ids(split(data, TASK, k, seed).labelled)) for k in (1, 2, 4, 8, 16, 32)]

    assert all(small < large for small, large in pairwise(sets))


def ids(examples):
    return [example.line for example in examples]


def test_no_text_is_on_both_sides_however_it_is_written():
    twins = [{"text": f"  POS, text {i}!", "label": "pos"} for i in range(10)]
    data = table({"pos": 10, "neg": 10}, twins)

    made = split(data, TASK, 5, 0)
    sides = [{folded(e.row["text"]) for e in part} for part in (made.labelled, made.held_out)]

    assert sides[0].isdisjoint(sides[1])
    assert made.duplicates == 0
    assert len(made.labelled) + len(made.held_out) + made.near_copies == 30
    assert made.near_copies <= 1


def test_every_copy_of_a_text_with_two_labels_is_left_out():
    data = table({"pos": 5, "neg": 5}, [{"text": " pos text 0 ", "label": "neg"}])

    made = split(data, TASK, 2, 0)

    assert made.conflicts == 2
    assert "pos text 0" not in {e.row["text"] for e in (*made.labelled, *made.held_out)}


def test_rows_without_text_or_with_another_label_are_counted():
    odd = [
        {"text": " ", "label": "pos"},
        {"text": "x", "label": ""},
        {"text": "y", "label": "other"},
    ]

    assert split(table({"pos": 5, "neg": 5}, odd), TASK, 2, 0).left_out == 3


def test_a_small_label_keeps_one_row_to_be_tested_and_a_single_row_is_learnt():
    made = split(table({"pos": 20, "neg": 3, "meh": 1}), TASK, 8, 0)

    assert counts(made.labelled) == {"pos": 8, "neg": 2, "meh": 1}
    assert counts(made.held_out) == {"pos": 12, "neg": 1}
    assert "Fewer than 8 rows to learn from: neg (2), meh (1)." in made.note
    assert "No row is held out for meh." in made.note


def test_the_split_column_decides():
    parts = {"train": 6, "test": 4, "Validation": 2, "unused": 3}
    extra = [
        {"text": f"{part} {label} {i}", "label": label, "part": part}
        for part, size in parts.items()
        for label in ("pos", "neg")
        for i in range(size)
    ]
    data = table({}, extra, "part")
    of = {line: row["part"] for row, line in zip(data.rows, data.lines, strict=True)}

    made = split(data, TASK, 2, 0)
    everything = split(data, TASK, None, 0)

    assert counts(made.labelled) == {"pos": 2, "neg": 2}
    assert {of[e.line] for e in made.labelled} == {"train"}
    assert {of[e.line] for e in made.held_out} == {"test", "Validation"}
    assert len(made.held_out) == 12
    assert len(everything.labelled) == 12
    assert made.left_out == 6


def test_a_text_of_both_parts_stays_in_the_held_out_one():
    extra = [
        {"text": f"{name} {i}", "label": name, "part": part}
        for name in ("pos", "neg")
        for part in ("train", "test")
        for i in range(5 if part == "train" else 1)
    ]
    made = split(table({}, extra, "part"), TASK, None, 0)

    assert {e.row["text"] for e in made.held_out} == {"pos 0", "neg 0"}
    assert made.duplicates == 2


def test_a_split_column_of_no_use_is_said_and_not_followed():
    extra = [
        {"text": f"{n} {i}", "label": n, "part": "train"} for n in ("pos", "neg") for i in range(5)
    ]

    made = split(table({}, extra, "part"), TASK, 2, 0)

    assert "only labelled rows, so the rows are split by chance" in made.note
    assert len(made.held_out) == 6


def test_many_held_out_rows_are_capped_in_proportion_and_the_same_for_every_k():
    data = table({"pos": 3000, "neg": 1000})
    few, many = (split(data, TASK, k, 0) for k in (8, 64))

    assert counts(few.held_out) == {"pos": 1502, "neg": 498}  # of 2,992 and 992
    assert len(set(ids(few.held_out)) & set(ids(many.held_out))) > 0.95 * limits.HELD_OUT
    assert "2,000 of 3,984 held-out rows" in few.note


def test_nothing_to_learn_or_to_hold_out_is_said():
    with pytest.raises(UserError, match="Only 1 label"):
        split(table({"pos": 9}), TASK, 2, 0)
    with pytest.raises(UserError, match="Nothing is left to hold out"):
        split(table({"pos": 1, "neg": 1}), TASK, 2, 0)
    with pytest.raises(UserError, match="Ask for 1 or more"):
        split(table({"pos": 5, "neg": 5}), TASK, 0, 0)


def test_a_hole_without_a_column_is_said():
    with pytest.raises(UserError, match=r"\{body\}"):
        split(table({"pos": 5, "neg": 5}), Task("{body}", TASK.label_words, "label"), 2, 0)


def test_validation_takes_a_fifth_of_every_label():
    labelled = split(table({"pos": 30, "neg": 20}), TASK, 10, 0).labelled

    train, validation = validation_slice(labelled, 0)

    assert counts(validation) == {"pos": 2, "neg": 2}
    assert sorted(ids(train) + ids(validation)) == ids(labelled)


def test_few_rows_are_not_spared_for_validation():
    labelled = split(table({"pos": 30, "neg": 8}), TASK, 10, 0).labelled

    assert counts(labelled)["neg"] == 7
    assert validation_slice(labelled, 0) == (labelled, ())


def test_demonstrations_are_balanced_seeded_and_from_the_labelled_part():
    labelled = split(table({"pos": 30, "neg": 30, "meh": 30}), TASK, 10, 0).labelled

    drawn = demonstrations(labelled, 8, seed=5)

    assert len(drawn) == len(set(ids(drawn))) == 8
    assert set(ids(drawn)) <= set(ids(labelled))
    assert sorted(counts(drawn).values()) == [2, 3, 3]
    assert drawn == demonstrations(labelled, 8, seed=5)
    assert drawn != demonstrations(labelled, 8, seed=6)
    assert [e.label for e in drawn] != sorted(e.label for e in drawn)


def test_demonstrations_are_no_more_than_there_are():
    labelled = split(table({"pos": 3, "neg": 3}), TASK, 2, 0).labelled

    assert len(demonstrations(labelled, 64, 0)) == 4
    assert demonstrations(labelled, 0, 0) == ()
    assert len(demonstrations(labelled, 1, 0)) == 1


def test_taking_turns_keeps_every_example_and_any_first_part_is_balanced():
    labelled = split(table({"pos": 30, "neg": 30, "meh": 30}), TASK, 10, 0).labelled

    turns = taking_turns(labelled)

    assert sorted(ids(turns)) == sorted(ids(labelled))
    assert all(set(counts(turns[start : start + 3]).values()) == {1} for start in (0, 3, 27))
    assert taking_turns(()) == ()


def test_an_example_survives_json():
    example = Example({"text": "a"}, "pos", 7)

    assert Example.from_json(example.to_json()) == example
    with pytest.raises(ValueError, match="not an example"):
        Example.from_json({"row": "a"})
