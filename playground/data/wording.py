"""Names and labels as a reader would write them, and words that no two labels share."""

import re
from collections.abc import Sequence

from playground import limits
from playground.data.folding import collapsed

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FASTTEXT = "__label__"  # how fastText files mark a label


def humanised(name: str) -> str:
    """ "card_arrival", "card-arrival" and "CardArrival" as "card arrival"; "LOC" stays."""
    bare = name.removeprefix(_FASTTEXT)
    if bare.lstrip("+-").replace(".", "", 1).isdigit():
        return bare  # -1 is a number, not a hyphen
    spaced = _CAMEL.sub(" ", re.sub(r"[_-]+", " ", bare))
    words = collapsed(spaced)
    changed = len(words.split()) > len(collapsed(bare).split())
    return (words.lower() if changed else words) or collapsed(name) or name


def title(name: str) -> str:
    """A column's name as the start of a line: "review_text" as "Review text"."""
    words = humanised(name)[:60]
    return words[:1].upper() + words[1:]


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


def _begins_another(word: str, words: Sequence[str]) -> bool:
    start = word.casefold()
    return any(
        other.casefold().startswith(start) and re.match(r"\W", other.casefold()[len(start) :])
        for other in words
    )


def _numbered(words: Sequence[str]) -> list[str]:
    """The second and later of equal words with a number before them."""
    result: list[str] = []
    for word in words:
        number, name = 2, word
        while name in result:
            name, number = f"{number} {word}"[: limits.WORD_CHARACTERS], number + 1
        result.append(name)
    return result
