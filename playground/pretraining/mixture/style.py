"""Ways a data set may spell its texts; an episode has one of them throughout."""

import re
from collections.abc import Callable
from random import Random

_CONTRACTED = re.compile(r"(?i)(?<=\w)(n't|'s|'re|'ve|'ll|'d|'m)\b")
_MARK = re.compile(r"\s*([.,!?;:()\"]+|\.\.\.|--)\s*")


def spaced(text: str) -> str:
    """Lower case, marks and endings set apart: "It isn't good." -> "it is n't good ."."""
    apart = _MARK.sub(r" \1 ", text)
    return " ".join(_CONTRACTED.sub(r" \1", apart).split()).lower()


def bare(text: str) -> str:
    """Lower case without marks at the end, as people type."""
    return text.lower().rstrip(".!? ")


def asked_apart(text: str) -> str:
    """The last mark set apart: "Who was he?" -> "Who was he ?"."""
    return f"{text[:-1].rstrip()} {text[-1]}" if text[-1:] in {"?", ".", "!"} else text


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def a_style(rng: Random) -> Callable[[str], str] | None:
    """How an episode spells its texts; None: as they are, which is most often."""
    chance = rng.random()
    if chance < 0.66:
        return None
    if chance < 0.82:
        return spaced
    if chance < 0.90:
        return asked_apart
    return bare if chance < 0.96 else capital


def cut(text: str, most: int) -> str:
    """The text, or its beginning of at most `most` characters that ends with a whole word; of
    several lines, options for one, each keeps its beginning."""
    if len(text) <= most:
        return text
    lines = text.split("\n")
    room = max(20, most // len(lines))
    return "\n".join(line if len(line) <= room else line[:room].rsplit(" ", 1)[0] for line in lines)
