"""Troubles of the text columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground.data.folding import composed, is_blank, near_key
from playground.data.names import ID_NAMES, key
from playground.data.problem import Problem, at_lines, counted, listed, shown
from playground.data.profile import MOSTLY, Profile, looked_at, profile

if TYPE_CHECKING:
    from playground.data.table import Table


def empty_texts(table: Table) -> Iterator[Problem]:
    for column in table.text_columns:
        lines = [
            line for row, line in zip(table.rows, table.lines, strict=True) if is_blank(row[column])
        ]
        if lines:
            yield Problem(
                "empty text",
                f"{at_lines(lines)}: the text column {shown(column)} is empty.",
                "Fill the text in, or go on without these rows.",
                "error",
                line=lines[0],
                column=column,
                value="",
                count=len(lines),
            )


def not_like_text(table: Table) -> Iterator[Problem]:
    """A column of numbers, dates or ids chosen as text."""
    for column in table.text_columns:
        look = profile([column], 0, looked_at(table.rows))
        what = _what_instead(look)
        if what:
            row, line = next(
                (row, line)
                for row, line in zip(table.rows, table.lines, strict=True)
                if row[column].strip()
            )
            yield Problem(
                "text column is not text",
                f"The text column {shown(column)} holds {what}, such as {shown(row[column])} in"
                f" line {line}: there is nothing to read in it.",
                "Choose the column with the sentences.",
                "warning",
                line=line,
                column=column,
                value=row[column],
                count=sum(bool(row[column].strip()) for row in table.rows),
            )


def repeated_texts(table: Table) -> Iterator[Problem]:
    """Texts that come twice: with one label they are set aside, with two they contradict. Texts
    that are only nearly the same are kept apart from each other's side of a split."""
    places: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, row in enumerate(table.rows):
        label = table.labels.label(row[table.label_column or ""])
        if label and not any(is_blank(row[column]) for column in table.text_columns):
            places[tuple(composed(row[c]) for c in table.text_columns)][label].append(i)
    same = [next(iter(by.values())) for by in places.values() if len(by) == 1]
    copies = [group for group in same if len(group) > 1]
    clashes = [by for by in places.values() if len(by) > 1]
    if copies:
        yield _duplicates(table, copies)
    if clashes:
        yield _conflicts(table, clashes)
    alike: dict[bytes, list[int]] = defaultdict(list)
    for group in same:
        alike[near_key(table.rows[group[0]][c] for c in table.text_columns)].append(group[0])
    if near := [group for group in alike.values() if len(group) > 1]:
        yield _near_copies(table, near)


def _duplicates(table: Table, groups: list[list[int]]) -> Problem:
    first, second = groups[0][:2]
    extra = sum(len(group) - 1 for group in groups)
    column = table.text_columns[0]
    return Problem(
        "duplicate rows",
        f"{counted(extra, 'row')} {'repeats' if extra == 1 else 'repeat'} an earlier text with the"
        f" same label; line {table.lines[second]} repeats line {table.lines[first]}.",
        "Nothing to do: one copy of each is kept.",
        "note",
        line=table.lines[second],
        column=column,
        value=table.rows[second][column],
        count=extra,
    )


def _conflicts(table: Table, groups: list[dict[str, list[int]]]) -> Problem:
    labels = list(groups[0])
    first = [groups[0][label][0] for label in labels]
    rows = sum(len(places) for group in groups for places in group.values())
    where = [f"{shown(lab)} in line {table.lines[i]}" for lab, i in zip(labels, first, strict=True)]
    column = table.text_columns[0]
    return Problem(
        "conflicting labels",
        f"The same text has different labels: {shown(table.rows[first[0]][column])} is"
        f" {listed(where)}.",
        f"Correct the label; until then {counted(rows, 'row')} of this kind stay out.",
        "error",
        line=table.lines[first[1]],
        column=table.label_column,
        value=labels[1],
        count=rows,
    )


def _near_copies(table: Table, groups: list[list[int]]) -> Problem:
    first, second = groups[0][:2]
    rows = sum(map(len, groups))
    column = next(c for c in table.text_columns if table.rows[first][c] != table.rows[second][c])
    one, other = (shown(table.rows[i][column]) for i in (first, second))
    return Problem(
        "near-copies",
        f"{counted(rows, 'row')} differ from another one only in case, punctuation or blanks:"
        f" {one} in line {table.lines[first]} and {other} in line {table.lines[second]}.",
        "Nothing to do: all are kept, but never on both sides of a split.",
        "note",
        line=table.lines[second],
        column=column,
        value=table.rows[second][column],
        count=rows,
    )


def _what_instead(look: Profile) -> str:
    if look.number >= MOSTLY:
        return "numbers"
    if look.date >= MOSTLY:
        return "dates"
    if look.link >= MOSTLY:
        return "links"
    if look.code >= MOSTLY or (key(look.column) in ID_NAMES and look.words < 2):
        return "ids"
    return ""
