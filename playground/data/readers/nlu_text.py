"""Intents with their examples in Rasa's YAML and Markdown; other YAML is named."""

import re
from collections.abc import Iterator, Sequence

from playground.data.grid import Grid, most_rows, over_the_cap
from playground.data.kinds import refused
from playground.data.scanning import lines_of

_HEADER = ("text", "intent")
_LOOKED_AT = 100_000  # characters
_INTENT = re.compile(r"- intent: *(\S+) *$|## *intent: *(\S.*)$")
_INTENT_BELOW = re.compile(r"(?:intent|name): *(\S+) *$")  # examples before it, or as Snips has it
_TEXT_BELOW = re.compile(r"(?:- )?text: *[|>]-?$")
_BULLET = re.compile(r"[-*] +(?:text: *)?(\S.*)$")
_OTHER = re.compile(
    r"- (synonym|regex|lookup|rule|story)\b|## |(rules|stories|responses|domain|values):|---$"
)
_ENTITY = re.compile(r"\[([^\[\]]*)\](?:\(([^()]*)\)|\{[^{}]*\})")
_SNIPS = re.compile(r"^type: intent\s*$", re.MULTILINE)
_FIELD = re.compile(r"(- )?[\w-]{1,40}:( |$)")
_YAML = 0.8  # share of lines that are fields from which on a text is YAML


def looks_like_intents(text: str) -> bool:
    """Whether lines open intents, and lines of examples are there too."""
    lines = [line.strip() for line in lines_of(text[:_LOOKED_AT])]
    opened = any(_INTENT.match(line) for line in lines)
    below = any(line.startswith(("intent:", "type: intent")) for line in lines)
    listed = any(line.startswith(("examples:", "- examples:", "utterances:")) for line in lines)
    shown = any(_BULLET.match(line) and not _FIELD.match(line) for line in lines)
    texts = any(line.startswith("- text:") for line in lines)
    return (opened and (shown or texts)) or (below and listed and shown)


def read_intents(text: str) -> Grid:
    """A row for every example, what is marked in it as plain text."""
    grid, most = Grid([], [], header=_HEADER), most_rows(len(_HEADER))
    shown = r"\2" if _SNIPS.search(text) else r"\1"  # Snips: [its name](what is said)
    for number, intent, example in _examples(lines_of(text)):
        if len(grid.rows) >= most:
            grid.problems.append(over_the_cap(number))
            break
        grid.rows.append([_ENTITY.sub(shown, example), intent])
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
    waiting: list[tuple[int, str]] | None = None  # examples that stand before their intent
    inside = False  # whether the next line is the text
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if named := _INTENT.match(plain) or _INTENT_BELOW.match(plain):
            intent = next(filter(None, named.groups())).strip("\"'")
            yield from ((at, intent, example) for at, example in waiting or [])
            waiting, inside = None, False
        elif plain.startswith("- examples:"):
            intent, waiting, inside = "", [], False
        elif _OTHER.match(plain):
            intent, waiting, inside = "", None, False
        elif _TEXT_BELOW.match(plain):
            inside = True
        elif (example := _example(plain, inside)) is not None:
            inside = False
            if intent:
                yield number, intent, example
            elif waiting is not None:
                waiting.append((number, example))


def _example(plain: str, inside: bool) -> str | None:
    bullet = _BULLET.match(plain)
    if inside and plain and not bullet:
        return plain
    if not bullet or (_FIELD.match(plain) and not plain.startswith("- text:")):
        return None
    return bullet.group(1).strip("\"'")
