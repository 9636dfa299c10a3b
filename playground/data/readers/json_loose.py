"""JSON as people and other languages write it, as strict JSON: quotes, commas, comments mended."""

import io
import re

_ASSIGNED = re.compile(  # data = [, export const data = [
    r"\s*(?:export\s+)?(?:(?:const|let|var|default)\s+)?(?:[A-Za-z_]\w*\s*(?::[^=\n]*)?=\s*)?(?=[\[{(])"
)
_ASIDE = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|#[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<text>"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|'[^'\\]*(?:\\.[^'\\]*)*(?:'|\Z))
      |(?P<aside>//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))
      |(?P<word>[A-Za-z_$][\w$]*)(?P<key>[ \t]*:)?
      |(?P<comma>,)
      |(?P<end>[)\]}])
      |(?P<start>\()
      |(?P<blank>[ \t\r\n]+)
      |(?P<other>[^"'\#/A-Za-z_$,()\]} \t\r\n]+|/)""",
    re.DOTALL | re.VERBOSE,
)
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_JSON_WORDS = frozenset(("true", "false", "null", "NaN", "Infinity"))
_ESCAPE = re.compile(r'\\(x[0-9A-Fa-f]{2}|U[0-9A-Fa-f]{8}|u[0-9A-Fa-f]{4}|.)|"', re.DOTALL)
_PLAIN_ESCAPES = frozenset('"\\/bfnrt')


def beginning(text: str) -> int:
    """Where the value begins: behind comments, and behind the name it is assigned to."""
    return end_of(_ASSIGNED, text, end_of(_ASIDE, text, 0))


def end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Where what a pattern matches at a position ends; the position where it matches nothing."""
    match = pattern.match(text, position)
    return match.end() if match else position


def strict(text: str, most: int) -> tuple[str | None, int]:
    """(the text as strict JSON, how many tokens it took, `most` at most).

    Double quotes around names and texts, no comment, no comma before an end, tuples as lists, True
    and None as JSON has them; every line stays where it is. None where a text does not end, or
    where there are words that JSON has no place for.
    """
    out, comma, number = io.StringIO(), False, 0
    for number, token in enumerate(_TOKEN.finditer(text), 1):
        kind = token.lastgroup or ""
        written = _written(kind, token)
        if written is None or number > most:
            return None, number
        if kind in ("blank", "aside"):
            out.write(written)
            continue
        if comma and kind != "end":
            out.write(",")
        comma = kind == "comma"
        if not comma:
            out.write(written)
    return out.getvalue(), number


def _written(kind: str, token: re.Match[str]) -> str | None:
    whole = token.group()
    if kind == "text":
        return _text(whole)
    if kind == "aside":
        return "\n" * whole.count("\n")
    if kind == "key":
        return f'"{token.group("word")}":'
    if kind == "word":
        return whole if whole in _JSON_WORDS else _WORDS.get(whole)
    if kind == "end":
        return whole if whole != ")" else "]"
    return "[" if kind == "start" else whole


def _text(quoted: str) -> str | None:
    """A quoted text with double quotes; None for one that does not end."""
    if len(quoted) < 2 or quoted[-1] != quoted[0]:
        return None
    inside = quoted[1:-1]
    if (len(inside) - len(inside.rstrip("\\"))) % 2:  # the last quote is one of its own
        return None
    return (
        f'"{_ESCAPE.sub(_escaped, inside)}"' if '"' in inside or "\\" in inside else f'"{inside}"'
    )


def _escaped(match: re.Match[str]) -> str:
    sign = match.group(1)
    if sign is None:
        return '\\"'
    if len(sign) == 1:
        return sign if sign == "'" else f"\\{sign}" if sign in _PLAIN_ESCAPES else f"\\\\{sign}"
    if sign[0] == "u":
        return f"\\{sign}"
    code = int(sign[1:], 16)
    return "\ufffd" if code > 0x10FFFF else "".join(f"\\u{half:04x}" for half in _halves(code))


def _halves(code: int) -> tuple[int, ...]:
    if code < 0x10000:
        return (code,)
    return (0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code - 0x10000 & 0x3FF))
