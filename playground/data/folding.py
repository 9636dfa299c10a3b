"""When two texts or two labels are equal, when they only look alike, and when they are near-copies.

Equal texts: the same characters, however composed (Unicode NFC), blanks around them aside. Only
those repeat or contradict each other. Near-copies, equal once `folded`, differ at most in case,
punctuation, blanks, compatibility forms and characters that cannot be seen ("x." and "x?"): all of
them stay, but never on both sides of a split.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

# Soft hyphens, zero-width blanks, direction marks, byte order marks, fillers, variation selectors.
_UNSEEN = (
    r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160"
    r"\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"  # between other scripts' letters, or in emoji, they mean much
_NEEDLESS = re.compile(
    rf"(?![{_JOINERS}])[{_UNSEEN}]"
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


_FEW = 24  # different signs in a text up to which replacing them one by one is faster


class _Signs(dict[int, int | str]):
    """A table for str.translate that decides about a character when it is first met.

    Only punctuation (Unicode category P) goes: emoji and vowel signs carry meaning.
    """

    def __missing__(self, code: int) -> int | str:
        value = " " if unicodedata.category(chr(code)).startswith("P") else code
        self[code] = value
        return value


_SIGNS = _Signs()


def collapsed(text: str) -> str:
    """The text on one line with single blanks."""
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in the text: blanks, zero-width characters, fillers."""
    return not text.strip() or (not text.isascii() and not UNSEEN.sub("", text).strip())


def composed(text: str) -> str:
    """The text with every letter in its composed form, without blanks around it: equal texts give
    the same."""
    return _normal("NFC", text).strip()


def tidy(text: str) -> str:
    """The text as it is seen: composed, single blanks, nothing invisible that joins nothing."""
    if UNSEEN.search(text):
        text = _NEEDLESS.sub("", text)
    return collapsed(_normal("NFC", text))


def look(text: str) -> str:
    """What two texts that look alike have in common; the case stays."""
    return collapsed(_normal("NFC", UNSEEN.sub("", text)))


def compatible(text: str) -> str:
    """The text without what cannot be seen, full-width letters, ligatures and the like as plain
    ones; composed only where that would make it more than twice as long, as one sign can be a
    sentence."""
    seen = text if text.isascii() and text.isprintable() else UNSEEN.sub("", text)
    plain = _normal("NFKC", seen)
    return plain if len(plain) <= 2 * len(seen) + _FEW else _normal("NFC", seen)


def folded(text: str) -> str:
    """Case-folded, without punctuation, blanks collapsed; ":)" and the like stay themselves."""
    plain = compatible(text).casefold()
    return collapsed(_without_punctuation(plain)) or collapsed(plain)


def near_key(texts: Iterable[str]) -> bytes:
    """What near-copies have in common when an example is made of several texts: 16 bytes, as the
    folded texts of a whole table would be the table once more in memory."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(folded(text).encode(errors="surrogatepass") + b"\0")
    return digest.digest()


def _normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """The text in a normal form. Left as it is where more marks follow each other than any writing
    has: putting them in order takes the square of their number."""
    if text.isascii() or unicodedata.is_normalized(form, text) or _is_stacked(text):
        return text
    return unicodedata.normalize(form, text)


def _is_stacked(text: str) -> bool:
    """Whether more than 30 combining marks follow each other (the limit of Unicode's Stream-Safe
    Text Format, UAX 15), or some of the scripts beyond the basic plane are there."""
    rare = (sign for sign in set(text) if sign > "\uffff" and unicodedata.combining(sign))
    return any(rare) or _stacks().search(text) is not None


@lru_cache(maxsize=1)
def _stacks() -> re.Pattern[str]:
    marks = (chr(code) for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))
    return re.compile(f"[{''.join(marks)}]{{31}}")


def _without_punctuation(text: str) -> str:
    signs = [sign for sign in set(text) if _SIGNS[ord(sign)] == " "]
    if len(signs) > _FEW:
        return text.translate(_SIGNS)
    for sign in signs:
        text = text.replace(sign, " ")
    return text
