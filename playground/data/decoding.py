"""Bytes to text: by mark, as UTF-8, as the Western encodings, and only then by statistics."""

import codecs
import re

from playground.data.kinds import WAY_OUT
from playground.data.problem import Problem, counted
from playground.errors import UserError

_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 100_000  # bytes or characters that are looked at
_FOREIGN = 0.25  # non-ASCII letters per letter from which on the text is no Western one
_BEYOND = re.compile(rb"[\x80-\xff]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes cp1252 gives no meaning to
_ODD = re.compile(  # what a wrong guess leaves: signs, or capitals, inside words
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f\xad\xb4\u2010-\u2015\u2018\u2019](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[\xb2\xb3\xb9\xbc-\xbe](?=[^\W\d_])"
    r"|(?<=[a-z])[\u00c0-\u00de](?=[a-z])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_BINARY = 0.02  # control characters per character from which on it is not text


def decode(raw: bytes) -> tuple[str, list[Problem]]:
    """The text without NUL characters, and what was odd. Raises UserError if it is not text."""
    text, problems = _decoded(raw)
    controls = len(_CONTROL.findall(text, 0, _SAMPLE))
    zeros = text.count("\0")
    if (
        controls - min(zeros, controls) > _BINARY * min(len(text), _SAMPLE)
        or zeros > len(text) / 10
    ):
        raise UserError(f"The file is not text and not a table we read. {WAY_OUT}")
    if zeros:
        line = line_of(text, text.index("\0"))
        problems.append(_damage("NUL characters", f"Line {line} holds NUL characters", line, zeros))
        text = text.replace("\0", "")
    return text, problems


def line_of(text: str, position: int) -> int:
    """The 1-based line of a position, whichever line ends the text uses."""
    before = text[:position]
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _decoded(raw: bytes) -> tuple[str, list[Problem]]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _marked(raw, encoding)
    if encoding := _unmarked_utf16(raw):
        return _marked(raw, encoding)
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        return _not_utf8(raw)


def _marked(raw: bytes, encoding: str) -> tuple[str, list[Problem]]:
    text = raw.decode(encoding, errors="replace")
    return text, _replaced(text, encoding)


def _unmarked_utf16(raw: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    even, odd = raw[:_SAMPLE:2], raw[1:_SAMPLE:2]
    if len(odd) < 2:
        return ""
    low, high = even.count(0) / len(even), odd.count(0) / len(odd)
    if high > 0.4 and low < 0.1:
        return "utf-16-le"
    return "utf-16-be" if low > 0.4 and high < 0.1 else ""


def _not_utf8(raw: bytes) -> tuple[str, list[Problem]]:
    damaged = raw.decode("utf-8", errors="replace")
    broken = damaged.count("\ufffd")
    intact = len(damaged) - len(damaged.encode("ascii", errors="ignore")) - broken
    if intact > 4 * broken:
        return damaged, _replaced(damaged, "utf-8")
    encoding = "latin-1" if _UNDEFINED.search(raw) else "cp1252"
    text = raw.decode(encoding)
    if not _western(text):
        encoding = _most_likely(raw) or encoding
        text = raw.decode(encoding, errors="replace")
    first = _BEYOND.search(raw).start()  # there is one: it is not UTF-8
    message = f"The file is not UTF-8; it was read as {encoding}"
    way_out = "If letters look wrong, save the file as UTF-8 and bring it again."
    line = line_of(raw[:first].decode("latin-1"), first)
    note = Problem("encoding", f"{message}.", way_out, "note", line=line)
    return text, [note]


def _western(text: str) -> bool:
    """Few letters beyond ASCII, and nearly none of them out of place."""
    letters = [character for character in text[:_SAMPLE] if character.isalpha()]
    beyond = sum(ord(character) > 127 for character in text[:_SAMPLE])
    odd = len(_ODD.findall(text, 0, _SAMPLE))
    return beyond <= _FOREIGN * len(letters) and odd <= 0.1 * beyond


def _most_likely(raw: bytes) -> str | None:
    # Imported here: only files in rare encodings need its tables, and it loads all of them.
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_SAMPLE]).best()
    return best.encoding if best else None


def _replaced(text: str, encoding: str) -> list[Problem]:
    broken = text.count("\ufffd")
    if not broken:
        return []
    line = line_of(text, text.index("\ufffd"))
    message = f"Line {line} holds bytes that are not {encoding.upper()}; they became “\ufffd”"
    return [_damage("broken characters", message, line, broken)]


def _damage(kind: str, message: str, line: int, count: int) -> Problem:
    way_out = f"Look at the line ({counted(count, 'place')} in all) and save the file again."
    return Problem(kind, f"{message}.", way_out, "warning", line=line, count=count)
