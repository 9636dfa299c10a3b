"""Names and labels as a reader would write them, and words that no two labels share.

A label stays as it is wherever it may be a word or a name: JavaScript, LaTeX, C++, e-mail, 18-24,
B-PER, U.S., comp.graphics. What only programs write is taken apart:
- underscores: card_arrival, CARD_ARRIVAL (all capitals become small letters with them), New_York;
- humps after a small letter, each of at least three letters: orderStatus, but not iPhone or eBay;
- humps after a capital only where the labels show that they are names of a program: one has a small
  word inside (AddToPlaylist), or two have three humps; GitHub or LinkedIn may be names.
"""

import re
from collections.abc import Sequence

from playground import limits
from playground.data.folding import collapsed, tidy

_HUMPS = re.compile(r"(?:[A-Z][a-z]+){2,}")  # AddToPlaylist
_HUMP = re.compile(r"[A-Z][a-z]+")
_ORDER_STATUS = re.compile(r"(?:[a-z]{3,}|is|has|no|to|in|on|do|go|my|by)(?:[A-Z][a-z]{2,})+")
_SMALL_WORDS = frozenset(
    ("To", "Of", "And", "For", "In", "On", "By", "With", "The", "From", "Or", "At", "Is", "Not")
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0+|,0)")
_FASTTEXT = "__label__"  # how fastText files mark a label


def label_words(labels: Sequence[str]) -> list[str]:
    """What a reader would write for each of the labels; some may be equal."""
    program = _are_identifiers(labels)
    words = [_label_word(label, program) for label in labels]
    whole = [_WHOLE.fullmatch(word) for word in words]
    return [match.group(1) for match in whole if match] if all(whole) else words


def title(name: str) -> str:
    """A column's name as the start of a line: "review_text", "review-text" and "ReviewText" as
    "Review text"; "LOC" stays."""
    spaced = collapsed(_CAMEL.sub(" ", re.sub(r"[_-]+", " ", name)))
    changed = len(spaced.split()) > len(collapsed(name).split())
    words = (spaced.lower() if changed else spaced) or collapsed(name) or name
    return words[:1].upper() + words[1:60]


def distinct(words: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The words, mended where two are equal or one begins another ("card", "card arrival").

    Equal ones fall back to their labels; one that begins another becomes "other card", since
    its label is what the longer ones leave over.
    """
    fitting = [word[: limits.WORD_CHARACTERS].strip() or "?" for word in words]
    chosen = [
        word if fitting.count(word) == 1 else collapsed(label)[: limits.WORD_CHARACTERS]
        for word, label in zip(fitting, labels, strict=True)
    ]
    chosen = _numbered(chosen)
    for _ in range(len(chosen)):
        begun = [i for i, word in enumerate(chosen) if _begins_another(word, chosen)]
        if not begun:
            break
        for i in begun:
            chosen[i] = f"other {chosen[i]}"[: limits.WORD_CHARACTERS].strip()
        chosen = _numbered(chosen)
    return chosen


def _label_word(label: str, program: bool) -> str:
    bare = tidy(label.removeprefix(_FASTTEXT)) or tidy(label)
    if "_" in bare.strip("_"):
        bare = _without_underscores(bare)
    pieces = [_without_humps(piece, program) for piece in bare.split()]
    return " ".join(pieces) or bare


def _without_underscores(label: str) -> str:
    """ "NOT_SPAM" as "not spam", "US_politics" as "US politics", "COVID_19" as "COVID 19"."""
    words = [word for word in label.replace("_", " ").split() if word]
    spelt = [word for word in words if any(map(str.isalpha, word))]
    shouted = len(spelt) > 1 and all(word.isupper() for word in spelt)
    small = shouted and max(map(len, spelt)) > 3  # B_PER and US_UK are abbreviations
    return " ".join(words).lower() if small else " ".join(words)


def _without_humps(word: str, program: bool) -> str:
    if _ORDER_STATUS.fullmatch(word) or (program and _HUMPS.fullmatch(word)):
        return _CAMEL.sub(" ", word).lower()
    return word


def _are_identifiers(labels: Sequence[str]) -> bool:
    """Whether labels with humps after a capital are a program's names, not a reader's."""
    humps = [_HUMP.findall(label) for label in labels if _HUMPS.fullmatch(label)]
    return any(_SMALL_WORDS & set(hump[1:-1]) for hump in humps) or (
        sum(len(hump) > 2 for hump in humps) > 1
    )


def _begins_another(word: str, words: Sequence[str]) -> bool:
    """Whether another one is this word and more words: "C" does not begin "C++"."""
    start = f"{word.casefold()} "
    return any(other.casefold().startswith(start) for other in words)


def _numbered(words: Sequence[str]) -> list[str]:
    """The second and later of equal words with a number before them."""
    result: list[str] = []
    for word in words:
        number, name = 2, word
        while name in result:
            name, number = f"{number} {word}"[: limits.WORD_CHARACTERS], number + 1
        result.append(name)
    return result
