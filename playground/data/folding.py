"""Text without case, punctuation and spacing: what counts as the same text twice."""

import unicodedata


class _WithoutPunctuation(dict[int, int | str]):
    """A table for str.translate that decides about a character when it is first met.

    Only punctuation (Unicode category P) goes: emoji and vowel signs carry meaning.
    """

    def __missing__(self, code: int) -> int | str:
        value = " " if unicodedata.category(chr(code)).startswith("P") else code
        self[code] = value
        return value


_TABLE = _WithoutPunctuation()


def collapsed(text: str) -> str:
    """The text on one line with single blanks."""
    return " ".join(text.split())


def folded(text: str) -> str:
    """Case-folded, without punctuation, blanks collapsed; ":)" and the like stay themselves."""
    plain = text.casefold()
    return collapsed(plain.translate(_TABLE)) or collapsed(plain)
