"""One label written in several ways."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from playground import limits
from playground.data.folding import UNSEEN, collapsed, compatible, composed
from playground.data.label_diagnosis import label_column, lines_by_label
from playground.data.problem import Problem, listed, shown
from playground.data.profile import is_number

if TYPE_CHECKING:
    from playground.data.table import Table

_JOINED = re.compile(r"(?<=\w)[\s_\-‐‑–]+(?=\w)|(?<=\w\w)[.,;:]+$|_")
_LATIN = re.compile("[A-Za-z]")
_LOOK_ALIKES = str.maketrans(  # Cyrillic and Greek letters in a word of Latin ones
    "аеорсухіјѕһАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "aeopcyxijshABEKMHOPCTXIJSABEZHIKMNOPTYXo"
)
_LONG = 5  # letters from which on an accent is a slip rather than another word
NUMERIC_SHARE = 0.5  # of the rows with numbers from which on the others are the odd ones


def written_alike(table: Table) -> Iterator[Problem]:
    """One label written in ways that look the same: they count as one."""
    alike = {
        label: ways for label, ways in table.labels.alike.items() if not _is_number(label, ways)
    }
    if not alike:
        return
    label, ways = next(iter(alike.items()))
    odd = {way for name, forms in alike.items() for way in forms if way != name}
    lines = _lines_with(table, odd)
    other = next(way for way in ways if way != label)
    yield Problem(
        "one label written in several ways",
        f"The label {shown(label)} is written in {len(ways)} ways that look the same"
        f" ({_difference(label, other)}), first in line {lines[0]}; they count as one label.",
        "Nothing to do, unless another program reads the file.",
        "note",
        line=lines[0],
        column=table.label_column,
        value=other,
        count=len(lines),
    )


def mixed_types(table: Table) -> Iterator[Problem]:
    """ "1", "1.0" and "one" in one column: the same label written as a number and otherwise."""
    if len(table.label_counts) > limits.LABELS:
        return
    numbers = [label for label in table.label_counts if is_number(label)]
    others = [label for label in table.label_counts if not is_number(label)]
    twins = next(
        (ways for label, ways in table.labels.alike.items() if _is_number(label, ways)),
        _same_number(numbers),
    )
    if twins:
        joined = twins[0] in table.labels.alike
        end = " and count as one label" if joined else ""
        reason = f"{listed([shown(t) for t in twins])} are the same number written differently{end}"
        lines = _lines_with(table, set(twins[1:]))
    elif numbers and others:
        twins = ("", *_odd_ones(table, numbers, others))
        reason = f"numbers ({listed(numbers)}) and words ({listed(others)}) are mixed"
        lines = _lines_with(table, set(twins[1:]))
    else:
        return
    yield Problem(
        "mixed types",
        f"In the label column {shown(label_column(table))} {reason}; first in line {lines[0]}.",
        "Write every label the same way, or give each its own label word if that is meant.",
        "warning",
        line=lines[0],
        column=table.label_column,
        value=twins[1],
        count=len(lines),
    )


def spelling_variants(table: Table) -> Iterator[Problem]:
    """Labels that differ in case, in what joins their words, or in letters that look alike."""
    if len(table.label_counts) > limits.LABELS:
        return
    alike = defaultdict(list)
    for label in table.label_counts:
        alike[label if is_number(label) else spelling(label)].append(label)
    groups = [labels for labels in alike.values() if len(labels) > 1]
    if not groups:
        return
    rare = [label for labels in groups for label in labels[1:]]
    places = lines_by_label(table)
    lines = sorted(line for label in rare for line in places[label])
    yield Problem(
        "label spelt in several ways",
        f"{listed([shown(label) for label in groups[0]])} differ only in case, blanks, hyphens,"
        f" accents or letters that look alike; {shown(groups[0][1])} first in line"
        f" {places[groups[0][1]][0]}.",
        f"Write all of them {shown(groups[0][0])}, or they count as different labels.",
        "warning",
        line=lines[0],
        column=table.label_column,
        value=groups[0][1],
        count=len(lines),
    )


def spelling(label: str) -> str:
    """What spellings of one label have in common. Signs that mean something stay: C, C++ and C#,
    A and A-, yes! and yes? are different labels."""
    plain = compatible(label)
    if _LATIN.search(plain):
        plain = plain.translate(_LOOK_ALIKES)
    if len(plain) >= _LONG:
        apart = unicodedata.normalize("NFD", plain)
        plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return collapsed(_JOINED.sub(" ", plain.casefold())).strip("\"'“”‘’") or plain


def _lines_with(table: Table, cells: set[str]) -> list[int]:
    """The lines whose label is written in one of these ways; the first line where they are items
    of lists."""
    column = label_column(table)
    lines = zip(table.rows, table.lines, strict=True)
    return [line for row, line in lines if row[column].strip() in cells] or [table.lines[0]]


def _difference(label: str, other: str) -> str:
    """What an eye cannot see: "U+200B in the other"."""
    unseen = sorted({f"U+{ord(sign):04X}" for sign in UNSEEN.findall(other)})
    if unseen:
        return f"one holds {listed(unseen)}, which cannot be seen"
    return "other blanks" if composed(other) == other else "other code points for one letter"


def _is_number(label: str, ways: Sequence[str]) -> bool:
    return is_number(label) and all(map(is_number, ways))


def _same_number(numbers: Sequence[str]) -> tuple[str, ...]:
    values = defaultdict(list)
    for label in numbers:
        values[_as_number(label)].append(label)
    return next((tuple(labels) for labels in values.values() if len(labels) > 1), ())


def _odd_ones(table: Table, numbers: list[str], others: list[str]) -> list[str]:
    """The labels of the rarer type."""
    rows = sum(table.label_counts[label] for label in numbers)
    mostly_numbers = rows > NUMERIC_SHARE * sum(table.label_counts.values())
    return others if mostly_numbers else numbers


def _as_number(label: str) -> float | str:
    try:
        return float(label)
    except ValueError:  # "1,5" or "20 %": a number to a reader, compared as text
        return label
