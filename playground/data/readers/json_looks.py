"""Whether a text is JSON, strict or as people and other languages write it."""

import re

from playground.data.readers.json_loose import beginning
from playground.data.readers.json_values import BROKEN, Noticed

_LOOKED_AT = 200_000  # characters whose lines decide whether a text is JSON Lines
_PAIRS = (("{", "}"), ("[", "]"), ("(", ")"), ('"', '"'))  # begin and end lines that are values
_QUOTED = re.compile(r'"\s*(\[\s*)?\{\s*\\"')
_KEY = re.compile(r"\{\s*[A-Za-z_]\w*[ \t]*:")


def looks_like_json(text: str) -> bool:
    """A list, an object, or lines of which most are objects or lists; also behind comments, or
    assigned to a name, as programs have them."""
    start = text[begins(text) :][:_LOOKED_AT]
    inside = start[1 + beginning(start[1:200]) :][:1]
    if start.startswith(("(", '"')):
        return _is_quoted(start) or is_in_lines(text)
    if start.startswith("["):
        rest = start[1 + beginning(start[1:200]) :][:1]
        return (
            inside in ("{", "[", "]", "", "(") or rest == "{" or _is_list(text) or is_in_lines(text)
        )
    return start.startswith("{") and (
        is_in_lines(text) or inside in ('"', "'", "}") or _is_key(start)
    )


def begins(text: str) -> int:
    """Where the value begins: behind comments, and behind the name it is assigned to."""
    return beginning(text[:_LOOKED_AT])


def _is_quoted(start: str) -> bool:
    """JSON that was written as a text once more: "[{\\"text\\": …"""
    return _QUOTED.match(start) is not None


def _is_key(start: str) -> bool:
    """{text: "…", as JavaScript has it."""
    return _KEY.match(start) is not None


def is_in_lines(text: str) -> bool:
    """Whether at least half of the first lines are whole objects or lists, each for itself."""
    lines = [line.strip("\ufeff \t\r,") for line in text[:_LOOKED_AT].splitlines()]
    filled = [line for line in lines if line and not line.startswith(("#", "//"))][:20]
    whole = [line for line in filled if (line[0], line[-1]) in _PAIRS and len(line) > 1]
    alone = len(filled) > 1 and not filled[0].startswith(("[{", "[[", "/*")) and filled[0] != "["
    lists = all(line[0] != "{" for line in whole)
    return alone and 2 * len(whole) >= len(filled) and (not lists or all(map(_is_list, whole)))


def _is_list(text: str) -> bool:
    try:
        value = Noticed().value(text, 1)
    except BROKEN:
        return False
    return isinstance(value, list) or (isinstance(value, str) and looks_like_json(value))
