"""Bytes to text: by mark, as UTF-8, by the letters of languages, and only then by statistics."""

import codecs
import re

from playground import limits
from playground.data.alphabets import latin_encoding
from playground.data.kinds import WAY_OUT
from playground.data.problem import Problem, counted, shown
from playground.errors import UserError

_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 100_000  # bytes or characters that are looked at
_FOREIGN = 0.5  # non-ASCII letters per letter from which on the text is no Latin one
_BEYOND = re.compile(rb"[\x80-\xff]")
_ONE_SIDED = 0.02  # zero bytes on one side of pairs from which on a file may be UTF-16
_MOSTLY_ZERO = 0.4  # the same where nearly all of the text is ASCII
_TWICE = re.compile("Ã[\u0080-\u00bf\u0152\u0160\u0178\u0192\u201a-\u2030]|â€|Â[\u00a0-\u00bf]")
_FEW = 3  # signs of letters that were read wrongly before which it may be chance
_COMMON = (  # which statistics choose from first: few bytes look like many of the rare ones
    *("cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "cp874", "cp1258", "cp932"),
    *("euc_jp", "gb18030", "big5", "cp949", "cp850", "cp437", "mac_roman", "mac_cyrillic"),
)
_SAVE = "If letters look wrong, save the file as UTF-8 and bring it again."
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
    if encoding := _unmarked_wide(raw):
        return _marked(raw, encoding)
    try:
        text = raw.decode("utf-8")
        return text, _read_wrongly(text)
    except UnicodeDecodeError:
        return _not_utf8(raw)


def _marked(raw: bytes, encoding: str) -> tuple[str, list[Problem]]:
    text = raw.decode(encoding, errors="replace")
    return text, _replaced(text, encoding)


def _unmarked_wide(raw: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: zero bytes stand on one side of the pairs only, at least
    where blanks and line ends do. "" for other files."""
    sample = raw[:_SAMPLE]
    zeros = [sample[i::4].count(0) / max(1, len(sample[i::4])) for i in range(4)]
    if not any(zeros) or len(sample) < 4:
        return ""
    if min(zeros[2:]) > _MOSTLY_ZERO and zeros[3] > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if min(zeros[:2]) > _MOSTLY_ZERO and zeros[0] > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) < _ONE_SIDED or min(even, odd) > max(even, odd) / 4:
        return ""
    if max(even, odd) < _MOSTLY_ZERO and _is_text_with_zeros(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_text_with_zeros(sample: bytes) -> bool:
    text = sample.replace(b"\0", b"").decode("utf-8", errors="replace")
    odd = len(_CONTROL.findall(text)) + text[:-1].count("\ufffd")
    return odd <= _BINARY * len(text)


def _not_utf8(raw: bytes) -> tuple[str, list[Problem]]:
    damaged = raw.decode("utf-8", errors="replace")
    broken = damaged.count("\ufffd")
    intact = len(damaged) - len(damaged.encode("ascii", errors="ignore")) - broken
    if intact > 4 * broken:
        return damaged, _replaced(damaged, "utf-8")
    if intact and (mixed := _line_by_line(raw)):
        return mixed
    encoding = _guessed(raw)
    text = raw.decode(encoding, errors="replace")
    first = next(_BEYOND.finditer(raw)).start()  # there is one: it is not UTF-8
    message = f"The file is not UTF-8; it was read as {encoding}"
    line = line_of(raw[:first].decode("latin-1"), first)
    return text, [Problem("encoding", f"{message}.", _SAVE, "note", line=line)]


def _line_by_line(raw: bytes) -> tuple[str, list[Problem]] | None:
    """The text of a file some lines of which are UTF-8 and some are not, as joined files are; None
    where too few are for that."""
    if raw.count(b"\n") > limits.LINES:
        return None
    lines = raw.splitlines(keepends=True)
    texts = [_utf8(line) for line in lines]
    others = [i for i, text in enumerate(texts) if text is None]
    beyond = sum(text is not None and not text.isascii() for text in texts)
    if len(others) > 4 * beyond:  # a few may be sound by chance
        return None
    encoding = _guessed(b"".join(lines[i] for i in others))
    whole = (
        lines[i].decode(encoding, errors="replace") if text is None else text
        for i, text in enumerate(texts)
    )
    count = counted(len(others), "line")
    message = f"{count} of the file, first line {others[0] + 1}, not UTF-8: read as {encoding}."
    note = Problem("encoding", message, _SAVE, "note", line=others[0] + 1, count=len(others))
    return "".join(whole), [note]


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _guessed(raw: bytes) -> str:
    """By the letters of languages written in Latin script; other scripts by statistics."""
    latin = latin_encoding(raw)
    if latin and not _is_foreign(raw.decode(latin, errors="replace")):
        return latin
    # Imported here: only files in rare encodings need its tables, and it loads all of them.
    from charset_normalizer import from_bytes

    sample = raw[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=list(_COMMON)).best() or from_bytes(sample).best()
    return best.encoding if best else "latin-1"


def _is_foreign(text: str) -> bool:
    letters = sum(map(str.isalpha, text[:_SAMPLE]))
    return sum(ord(sign) > 127 for sign in text[:_SAMPLE]) > _FOREIGN * letters


def _read_wrongly(text: str) -> list[Problem]:
    """Told where another program has taken UTF-8 for a Western encoding before: “schÃ¶n”."""
    signs = [] if text.isascii() else list(_TWICE.finditer(text, 0, _SAMPLE))
    if len(signs) < _FEW:
        return []
    line, first = line_of(text, signs[0].start()), signs[0].group()
    message = f"Line {line} holds {shown(first)} and the like: letters that were read wrongly."
    way_out = "Export the file again as UTF-8 from where it came, or go on with it as it is."
    return [Problem("letters read wrongly", message, way_out, "warning", line=line)]


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
