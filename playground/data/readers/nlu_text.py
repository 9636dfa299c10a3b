"""Intents with their examples in Rasa's YAML and Markdown; other YAML is named."""

import re
from collections.abc import Iterator, Sequence

from playground.data.grid import Grid, most_rows, over_the_cap
from playground.data.kinds import refused
from playground.data.scanning import lines_of

_HEADER = ("text", "intent")
_LOOKED_AT = 100_000  # characters
_INTENT = re.compile(r"- intent: *(\S+) *$|## *intent: *(\S.*)$")
_OTHER = re.compile(r"- (synonym|regex|lookup|rule|story)\b|## |(rules|stories|responses|domain):")
_ENTITY = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\{[^{}]*\})")
_FIELD = re.compile(r"(- )?[\w-]{1,40}:( |$)")
_YAML = 0.8  # share of lines that are fields from which on a text is YAML


def looks_like_intents(text: str) -> bool:
    """Whether lines open intents, and a line of examples follows one."""
    lines = [line.strip() for line in lines_of(text[:_LOOKED_AT])]
    opened = any(_INTENT.match(line) for line in lines)
    return opened and any(line.startswith("- ") and not _FIELD.match(line) for line in lines)


def read_intents(text: str) -> Grid:
    """A row for every example, what is marked in it as plain text."""
    grid, most = Grid([], [], header=_HEADER), most_rows(len(_HEADER))
    for number, intent, example in _examples(lines_of(text)):
        if len(grid.rows) >= most:
            grid.problems.append(over_the_cap(number))
            break
        grid.rows.append([_ENTITY.sub(r"\1", example), intent])
        grid.lines.append(number)
    return grid


def refuse_yaml(text: str) -> None:
    """Raises UserError for a YAML document, which is no table."""
    lines = [line.strip() for line in lines_of(text[:_LOOKED_AT])[:200]]
    filled = [line for line in lines if line and not line.startswith("#") and line != "---"]
    fields = sum(_FIELD.match(line) is not None for line in filled)
    nested = any(line.endswith(":") for line in filled) or (filled[:1] and filled[0][:2] == "- ")
    if len(filled) > 2 and nested and fields >= _YAML * len(filled):
        raise refused("a YAML document")


def _examples(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(line, intent, example)"""
    intent = ""
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if opened := _INTENT.match(plain):
            intent = (opened.group(1) or opened.group(2)).strip("\"'")
        elif _OTHER.match(plain):
            intent = ""
        elif intent and plain.startswith("- ") and plain[2:].strip():
            yield number, intent, plain[2:].strip()
