"""Templates: text with {holes}. A scanner of our own, because what a user types is only text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from playground.data.problem import listed, shown
from playground.errors import UserError

ANSWER = "answer"  # {answer} marks the answer slot; {"answer"} is a column of that name

_PIECE = re.compile(
    r"""(?P<brace>\{\{|\}\})
      | \{"(?P<quoted>(?:[^"]|"")*)"\}
      | \{(?P<plain>[^{}]*)\}
      | (?P<text>[^{}]+)
      | (?P<stray>[{}])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Hole:
    column: str


@dataclass(frozen=True)
class Slot:
    """Where the answer goes."""


Part = Text | Hole | Slot


def literal(text: str) -> str:
    """The text as a template that renders to it: its braces doubled."""
    return text.replace("{", "{{").replace("}", "}}")


def hole(column: str) -> str:
    """The hole for a column, whatever characters its name has."""
    plain = not set(column) & set('{}"') and column == column.strip() and column not in ("", ANSWER)
    return "{" + column + "}" if plain else '{"' + column.replace('"', '""') + '"}'


@lru_cache(maxsize=64)
def parse(template: str) -> tuple[Part, ...]:
    """The template's parts in order. Raises UserError for a stray brace or an empty hole."""
    return tuple(_part(match, template) for match in _PIECE.finditer(template))


def _part(match: re.Match[str], template: str) -> Part:
    kind, value = match.lastgroup, match.group(match.lastgroup or 0)
    if kind == "text":
        return Text(value)
    if kind == "brace":
        return Text(value[0])
    if kind == "quoted":
        return Hole(value.replace('""', '"'))
    if kind == "stray":
        around = template[max(0, match.start() - 10) : match.start() + 20]
        raise UserError(
            f"The template has a single “{value}” at {shown(around)}. Close the hole as in"
            f" {{column}}, or write {value * 2} for the character itself."
        )
    name = value.strip()
    if not name:
        raise UserError(
            "The template has an empty hole {}. Put a column's name between the braces."
        )
    return Slot() if name == ANSWER else Hole(name)


def holes(template: str) -> tuple[str, ...]:
    """The columns the template shows, each once, in order."""
    return tuple(dict.fromkeys(p.column for p in parse(template) if isinstance(p, Hole)))


def fill(template: str, row: Mapping[str, str]) -> tuple[str, str]:
    """The text before and after the answer slot (by default the end).

    A value stays what it is, even if it holds braces. Raises UserError naming the holes that
    the row has no column for.
    """
    missing = [column for column in holes(template) if column not in row]
    if missing:
        raise UserError(
            f"The template names {listed([hole(c) for c in missing])}, but the columns are"
            f" {listed(list(row))}. Change the template or choose other columns."
        )
    sides = [""]
    for part in parse(template):
        if isinstance(part, Slot):
            sides.append("")
        else:
            sides[-1] += part.text if isinstance(part, Text) else row[part.column].strip()
    return sides[0], "".join(sides[1:])
