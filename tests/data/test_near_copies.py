"""Texts that are nearly the same: all are kept, none on both sides of a split."""

import unicodedata

import pytest

from playground.data.folding import folded
from playground.data.reading import paste
from playground.data.table import assembled
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.splits import split, validation_slice

SENTENCES = [
    *("the cat sat", "a dog ran", "it rained today", "we went home", "sun is up", "birds sing"),
    *("fish swim", "rocks are hard", "tea is warm", "ice is cold", "bread is good", "snow fell"),
]
PAIRS = {
    "the last sign": lambda s: (f"{s}.", f"{s}?"),
    "a face": lambda s: (f"{s} :)", f"{s} :("),
    "an operator": lambda s: (f"{s} - 3", f"{s} * 3"),
    "brackets": lambda s: (f"{s[0]}{s[-1]}[0]", f"{s[0]}{s[-1]}(0)"),
    "a mark in front": lambda s: (f"#{s}", s),
    "case": lambda s: (s, s.upper()),
    "blanks": lambda s: (s, s.replace(" ", "  ")),
    "a blank that does not break": lambda s: (s, s.replace(" ", "\u00a0")),
    "direction marks": lambda s: (s, f"\u200f{s}\u200e"),
    "full width": lambda s: (s, s.translate({code: code + 0xFEE0 for code in range(97, 123)})),
}
SEEDS = range(4)


def table(rows, columns=("text", "label")):
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return assembled("t", columns, records, range(2, len(rows) + 2))


def folds(examples):
    return {folded(example.row["text"]) for example in examples}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("per_class", [None, 1, 2, 4, 8])
def test_every_row_is_kept_and_no_near_copies_stand_on_both_sides(pair, per_class):
    rows = [(t, lab) for s in SENTENCES for t, lab in zip(PAIRS[pair](s), "ab", strict=True)]
    made = table(rows)
    problems = {problem.kind: problem for problem in made.problems}

    assert list(problems) == ["near-copies"]
    assert (problems["near-copies"].severity, problems["near-copies"].count) == ("note", 24)
    for seed in SEEDS:
        parts = split(made, Task.guess(made), per_class, seed)

        assert (parts.duplicates, parts.conflicts, parts.left_out) == (0, 0, 0)
        assert len(parts.labelled) + len(parts.held_out) == 24
        assert folds(parts.labelled).isdisjoint(folds(parts.held_out))


@pytest.mark.parametrize("seed", SEEDS)
def test_near_copies_that_a_cut_comes_between_are_set_aside_and_counted(seed):
    rows = [(s, "a") for s in SENTENCES] + [(f"{s}!", "b") for s in SENTENCES[:5]]
    rows += [(f"{s} there", "b") for s in SENTENCES[:2]]
    made = table(rows)

    parts = split(made, Task.guess(made), 4, seed)

    assert folds(parts.labelled).isdisjoint(folds(parts.held_out))
    assert len(parts.labelled) + len(parts.held_out) + parts.near_copies == len(rows)
    assert ("set aside as near-copies" in parts.note) is (parts.near_copies > 0)


def test_a_near_copy_of_a_held_out_row_is_not_learnt_from():
    rows = [(f"{s}.", "ab"[i % 2], "train") for i, s in enumerate(SENTENCES)]
    rows += [(f"{s}?", "ab"[i % 2], "test") for i, s in enumerate(SENTENCES[:4])]
    made = table(rows, ("text", "label", "split"))

    parts = split(made, Task.guess(made), None, 0)

    assert (len(parts.labelled), len(parts.held_out), parts.near_copies) == (8, 4, 4)
    assert "4 rows set aside as near-copies: they differ from held-out texts" in parts.note


def test_the_same_text_composed_otherwise_stands_in_one_part_only():
    rows = [(f"{s} café", "ab"[i % 2], "train") for i, s in enumerate(SENTENCES)]
    rows += [
        (unicodedata.normalize("NFD", f"{s} café"), "ab"[i % 2], "test")
        for i, s in enumerate(SENTENCES[:4])
    ]
    made = table(rows, ("text", "label", "split"))

    parts = split(made, Task.guess(made), None, 0)

    assert (len(parts.labelled), len(parts.held_out), parts.duplicates) == (8, 4, 4)
    assert folds(parts.labelled).isdisjoint(folds(parts.held_out))


def test_composed_otherwise_and_labelled_otherwise_is_a_conflict():
    rows = [("un café", "a"), (unicodedata.normalize("NFD", "un café"), "b")]
    made = table([*rows, *((s, "ab"[i % 2]) for i, s in enumerate(SENTENCES))])

    assert {p.kind: p.count for p in made.problems} == {"conflicting labels": 2}
    assert split(made, Task.guess(made), 2, 0).conflicts == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_fewer_rows_to_learn_from_are_among_the_more_with_near_copies_too(seed):
    rows = [(t, lab) for s in SENTENCES for t, lab in ((f"{s}.", "a"), (f"{s}?", "b"))]
    rows += [(f"{s}!", "a") for s in SENTENCES[:5]]
    made = table(rows)
    few, many = (split(made, Task.guess(made), k, seed).labelled for k in (2, 6))

    assert {example.line for example in few} < {example.line for example in many}


def test_validation_holds_no_near_copy_of_what_is_learnt_from():
    rows = [(t, lab) for s in SENTENCES for t, lab in ((f"{s}.", "a"), (f"{s}?", "b"))]
    rows += [(f"{s}!", "a") for s in SENTENCES[:3]]
    made = table(rows)
    for seed in SEEDS:
        labelled = split(made, Task.guess(made), 10, seed).labelled

        train, validation = validation_slice(labelled, seed)

        assert validation
        assert folds(train).isdisjoint(folds(validation))
        assert sorted(e.line for e in (*train, *validation)) == [e.line for e in labelled]


def test_a_table_of_nothing_but_near_copies_says_so():
    made = table([("a b" + "!" * i, "xy"[i % 2]) for i in range(12)])

    with pytest.raises(UserError, match="differ from those to learn from only in case"):
        split(made, Task.guess(made), 2, 0)


def test_rows_on_one_line_are_told_apart():
    rows = ", ".join(f'{{"text": "{s}{end}", "label": "{end}"}}' for s in SENTENCES for end in ".?")
    made = paste(f"[{rows}]")

    parts = split(made, Task.guess(made), 4, 0)

    assert len(parts.labelled) + len(parts.held_out) == 24
    assert folds(parts.labelled).isdisjoint(folds(parts.held_out))
