"""Which encoding of Latin script a text is in: the one that makes words of a language of it."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import combinations

_SAMPLE = 100_000  # bytes that are looked at
ENOUGH = 0.9  # share of the characters beyond ASCII that must fit
_WESTERN = {
    "German": "äöüßé",
    "French": "àâçèéêëîïôùûüÿœæ",
    "Spanish": "áéíñóúü",
    "Portuguese": "àáâãçéêíóôõúü",
    "Italian": "àèéìíòóùú",
    "Catalan": "àçèéíïòóúü",
    "Nordic": "åäöæøéü",
    "Dutch": "áéëèïíóöü",
}
_APART = ("French", "Portuguese")  # together they have what Hungarian reads as when read wrongly
_ICELANDIC = "áæéíðóöþúý"  # by itself: with another it would be Turkish read wrongly
_CENTRAL = (
    *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž"),  # Polish, Czech, Slovak
    *("áéíóöőúüű", "ăâîşţ", "čćđšž"),  # Hungarian, Romanian, Croatian and Slovenian
)
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņōŗšūž", "äõöüšž")  # Lithuanian, Latvian, Estonian
_TURKISH = ("çğıöşüâîûİ",)
_EURO = tuple(f"{letters}œšž" for letters in _WESTERN.values())
_OTHERS = (  # encodings, and the letters of the languages that are written in them
    ("cp1254", _TURKISH),
    ("cp1250", _CENTRAL),
    ("iso8859-2", _CENTRAL),
    ("cp1257", _BALTIC),
    ("iso8859-15", _EURO),
    ("iso8859-4", _BALTIC),
    ("iso8859-16", ("ăâîșț",)),
)
_BEYOND = re.compile(r"[^\x00-\x7f]")
_MISPLACED = re.compile(  # what a wrong guess leaves beside letters, and capitals inside words
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f\xad\xb4\xb7\u2010-\u2015\u2018\u2019](?=[^\W\d_])"
    r"|[\xa4\x80-\x9f]"
    r"|(?<=[^\W\d_])[\xa6\xa8\xb8\xbc-\xbe]|[\xa6\xa8\xb8\xbc-\xbe](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[\xb2\xb3\xb9](?=[^\W\d_])"
    r"|(?<=[a-z])[\u00c0-\u00de\u0160\u017d\u0178](?=[a-z])"
)


def latin_encoding(raw: bytes) -> str:
    """The encoding under which nearly all characters beyond ASCII are letters of one language, or
    of two Western ones; of equally good ones the Western. "" where none is good."""
    sample = raw[:_SAMPLE]
    western = _western_sets()
    candidates = [("cp1252", western), ("latin-1", western), *_OTHERS]
    scores = [_score(sample, encoding, languages) for encoding, languages in candidates]
    best = max(scores)
    return candidates[scores.index(best)][0] if best >= ENOUGH else ""


def _western_sets() -> tuple[str, ...]:
    pairs = (pair for pair in combinations(_WESTERN, 2) if pair != _APART)
    return (*(_WESTERN[one] + _WESTERN[other] for one, other in pairs), _ICELANDIC)


def _score(sample: bytes, encoding: str, languages: tuple[str, ...]) -> float:
    """The largest share of characters beyond ASCII that fit a language; signs fit every one, where
    they stand as signs do. 0 where bytes have no meaning in the encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    counts = Counter(_BEYOND.findall(text))
    misplaced = Counter(_MISPLACED.findall(text))
    placed = {sign: number - misplaced[sign] for sign, number in counts.items()}
    total = max(1, counts.total())
    return max(_fitting(placed, letters) for letters in languages) / total


def _fitting(placed: Mapping[str, int], letters: str) -> int:
    known = set(letters) | set(letters.upper())
    return sum(number for sign, number in placed.items() if sign in known or not sign.isalpha())
