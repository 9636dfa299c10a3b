"""A JSON document: the one table in it that a person would mean, wherever it stands."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.data.kinds import refused
from playground.data.names import LABEL_NAMES, TEXT_NAMES, key, words
from playground.data.problem import Problem, listed, shown
from playground.data.readers.json_table import JsonTable
from playground.data.readers.json_tables import table_in

_DEPTH = 6  # objects in objects that are looked into
_LOOKED_AT = 50  # records whose names are looked at
_HOLDERS = words("data rows records examples items instances entries samples dataset documents")
_ASIDE = words(
    "author authors contributors fields schema features licenses license labels categories classes"
    " entities regex_features lookup_tables entity_synonyms columns users annotators versions"
    " history settings config metadata meta info sources"
)

Place = tuple[JsonTable, tuple[str, ...]]  # a table, and the names that lead to it


@dataclass(frozen=True)
class Chosen:
    """path: the names that lead to the table; problems: what is to be said of the choice."""

    table: JsonTable
    path: tuple[str, ...]
    problems: list[Problem]


def chosen(value: object) -> Chosen | None:
    """The table of a document, None where it holds none. Raises UserError for documents of a kind
    that is no table."""
    if isinstance(value, dict) and "cells" in value and "nbformat" in value:
        raise refused("a Jupyter notebook")
    if isinstance(value, dict) and _is_one_record(value):
        return Chosen(JsonTable([value], []), (), [])
    found = list(_found(value, (), _DEPTH))
    if not found:
        return None
    best = max(found, key=lambda pair: _score(*pair))
    table, path = best
    return Chosen(
        table, path, list(_problems(table, path, [pair for pair in found if pair != best]))
    )


def _is_one_record(value: dict[str, object]) -> bool:
    """{"text": "…", "label": "…", …}, or one conversation."""
    plain = {key(name) for name, cell in value.items() if isinstance(cell, str | int | float)}
    return bool(plain & TEXT_NAMES and plain & LABEL_NAMES) or isinstance(
        value.get("messages"), list
    )


def _found(value: object, path: tuple[str, ...], depth: int) -> Iterator[Place]:
    """Every table in a document, those inside a table left out."""
    table = table_in(value)
    if table:
        yield table, path
    elif isinstance(value, dict) and depth:
        for name, inside in value.items():
            yield from _found(inside, (*path, name), depth - 1)


def _score(table: JsonTable, path: tuple[str, ...]) -> float:
    """How much it looks like the data: its names, the name of its place, how long it is."""
    names = {key(name) for record in table.records[:_LOOKED_AT] for name in record or ()}
    if table.shape == "a list of texts":
        names = set()
    place = key(path[-1]) if path else ""
    return (
        4 * bool(names & LABEL_NAMES)
        + 4 * bool(names & TEXT_NAMES)
        + 3 * (place in _HOLDERS)
        - 4 * (place in _ASIDE)
        + min(3.0, math.log10(1 + table.size))
        - 0.1 * len(path)
    )


def _problems(
    table: JsonTable, path: tuple[str, ...], others: Sequence[Place]
) -> Iterator[Problem]:
    if others:
        left = [f"{shown('.'.join(path))} ({table.size:,})" for table, path in others]
        yield Problem(
            "several lists",
            f"The file holds several lists; {shown('.'.join(path))} ({table.size:,} rows) is read."
            f" Left out: {listed(left)}.",
            "Bring a file with only the list you mean, if it is another one.",
            "note",
            count=len(others),
        )
    if table.shape.startswith("parts"):
        message = f"The file holds {table.shape}; a column says which part a row is of."
        yield Problem("several parts", message, "Nothing to do.", "note")
