"""What programs draw around delimited lines, taken off: rules, quotes around whole lines."""

import re
from collections.abc import Sequence

_RULE = re.compile(r"\s*\+[-=+:]+\+\s*")  # +-----+-----+
_OPENS = re.compile(r"(^|[,;\t|])[ \t]*[“„”]")
_CLOSES = re.compile(r"[”“][ \t]*(?=[,;\t|\r\n]|$)")
_MOST = 0.5  # share of lines from which on typographic quotes are taken for plain ones
_NEARLY_ALL = 0.95


def without_frame(lines: list[str]) -> list[str]:
    """The lines with those of a drawn table's rules blank, and typographic quotes around cells as
    plain ones; each stays where it is."""
    first = next((line for line in lines if line.strip()), "")
    if _RULE.fullmatch(first):
        lines = ["\n" if _RULE.fullmatch(line) else line for line in lines]
    curly = sum("“" in line or "„" in line for line in lines)
    if curly > _MOST * len(lines) and not any('"' in line for line in lines):
        lines = [_CLOSES.sub('"', _OPENS.sub(r'\1"', line)) for line in lines]
    return lines


def unwrapped(lines: Sequence[str]) -> list[str] | None:
    """The lines without quotes around each of them, and with single ones for those that are
    doubled inside: what a program writes that takes every line for one cell. None for others."""
    filled = [line.strip() for line in lines if line.strip()]
    whole = sum(len(line) > 2 and line[0] == line[-1] == '"' for line in filled)
    if len(filled) < 2 or whole < _NEARLY_ALL * len(filled):
        return None
    return [f"{_inside(line.strip())}\n" for line in lines]


def _inside(line: str) -> str:
    if len(line) < 3 or line[0] != '"' or line[-1] != '"':
        return line
    return line[1:-1].replace('""', '"')
