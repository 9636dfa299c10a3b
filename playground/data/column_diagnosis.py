"""What was left: columns that are mostly empty, that repeat the label, or that hold texts too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from playground.data.label_guess import names_labels
from playground.data.problem import LISTED, Problem, listed, shown
from playground.data.profile import Profile, looked_at, profiles
from playground.data.text_guess import are_copies, like_text
from playground.data.twins import is_coded, may_be_twins, one_to_one

if TYPE_CHECKING:
    from playground.data.table import Table


def left_columns(table: Table) -> Iterator[Problem]:
    """A note for each kind of column that is neither text, label nor split, where a reader may
    wonder why not."""
    looks = profiles(table.columns, table.rows)
    chosen = {*table.text_columns, table.label_column, table.split_column}
    left = [look for look in looks if look.column not in chosen]
    full = [look for look in left if not look.mostly_empty]
    yield from _mostly_empty(table, [look for look in left if look.mostly_empty])
    label = next((look for look in looks if look.column == table.label_column), None)
    if label is not None:
        yield from _same_label(table, label, full)
        yield from _several_labels(table, label, full)
    if table.text_columns:
        yield from _other_texts(table, [look for look in full if like_text(look)])


def _mostly_empty(table: Table, left: Sequence[Profile]) -> Iterator[Problem]:
    if not left:
        return
    rows = len(table.rows)
    listed_ones = [p.column for p in left[:LISTED]]
    filled = [sum(bool(row[column].strip()) for row in table.rows) for column in listed_ones]
    told = [
        f"{shown(column)} ({number:,} of {rows:,} rows)"
        for column, number in zip(listed_ones, filled, strict=True)
    ]
    told += [p.column for p in left[LISTED:]]
    one = len(left) == 1
    yield Problem(
        "mostly empty column",
        f"{listed(told)} {'is' if one else 'are'} mostly empty: left, as neither text nor label.",
        "Nothing to do; if you choose such a column, the rows without it stay out.",
        "note",
        column=left[0].column,
        value="",
        count=rows - filled[0],
    )


def _same_label(table: Table, label: Profile, left: Sequence[Profile]) -> Iterator[Problem]:
    """Columns that go with the label one to one."""
    same = [
        look
        for look in left
        if may_be_twins(label, look) and one_to_one(table.rows, label.column, look.column)
    ]
    if not same:
        return
    other = next((look for look in same if is_coded(look) != is_coded(label)), same[0])
    how = "numbers" if is_coded(other) and not is_coded(label) else "says"
    names = not is_coded(other) and is_coded(label)
    yield Problem(
        "the same label twice",
        f"The column {shown(other.column)} {how} the same labels as {shown(label.column)}, one for"
        f" one: {_example(table, label.column, other.column)}.",
        f"Choose {shown(other.column)} as label column: it has the names."
        if names
        else f"Nothing to do: {shown(label.column)} is taken, {shown(other.column)} is left.",
        "note",
        column=other.column,
        count=len(table.rows),
    )


def _several_labels(table: Table, label: Profile, left: Sequence[Profile]) -> Iterator[Problem]:
    for look in left:
        if look.several and names_labels(look.column):
            yield Problem(
                "several labels elsewhere",
                f"The column {shown(look.column)} names several labels in some rows (multi-label"
                f" data); {shown(label.column)}, with one a row, is taken.",
                f"Nothing to do, unless {shown(label.column)} is only one label of several.",
                "note",
                column=look.column,
                count=len(table.rows),
            )


def _example(table: Table, label: str, other: str) -> str:
    row = next((row for row in table.rows if row[label].strip() and row[other].strip()), None)
    return f"{shown(row[other])} is {shown(row[label])}" if row else ""


def _other_texts(table: Table, left: Sequence[Profile]) -> Iterator[Problem]:
    looked = looked_at(table.rows)
    for look in left:
        copy_of = next((c for c in table.text_columns if are_copies(looked, c, look.column)), None)
        other = shown(look.column)
        if copy_of is None:
            kind, what = "another text column", "holds texts too"
        else:
            kind, what = "the same text twice", f"has nearly the words of {shown(copy_of)}"
        yield Problem(
            kind,
            f"The column {other} {what}; it is left.",
            f"Nothing to do; choose {other} too if the label depends on both."
            if copy_of is None
            else f"Nothing to do; choose {other} instead if that is the text to read.",
            "note",
            column=look.column,
            count=len(table.rows),
        )
