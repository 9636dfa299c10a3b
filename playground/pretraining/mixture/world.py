"""What tasks draw from: the labelled sets, and a bounded memory of the text that streams by."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from playground.pretraining.mixture.sets import Rows
from playground.pretraining.mixture.task import Pools

_Thing = TypeVar("_Thing")
# A sentence -> the text that is labelled and its label; None if it says nothing.
Find = Callable[[str], tuple[str, str] | None]

ENCYCLOPEDIA, BOOK, DIALOGUE, HEALTH = "encyclopedia", "book", "dialogue", "health"
EVERYWHERE = frozenset({ENCYCLOPEDIA, BOOK, DIALOGUE, HEALTH})
_GENRES = (("wiki", ENCYCLOPEDIA), ("gutenberg", BOOK), ("dialog", DIALOGUE), ("sgd", DIALOGUE),
           ("medquad", HEALTH))  # fmt: skip
_END = re.compile(r"(?<=[.!?])[\"'”’)]?\s+(?=[\"'“‘(]?[A-Z])")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Dr|St|Jr|Sr|Rev|Gen|Col|Capt|No|vs|etc|ca|c|Inc|Co)\.$"
)
_ODD = re.compile(r"[<>{}\[\]_|=*]|\(\s*[,;)]|\s{3,}|—\s*$| ,|\( ")
_SLUR = re.compile(r"(?i)\bnigg|\bdark(?:y|ies)\b")
_LONGEST_READ = 8000  # characters of one text: enough for an article, most of a book's window
_KEPT = 20  # sentences of one text that are remembered
_MEMORY, _POOL, _FEW = 400, 3000, 8


class Labeller(NamedTuple):
    """A weak source of labels: what it finds in the first `most` sentences of some genres."""

    genres: frozenset[str]
    find: Find
    most: int = 12


class Article(NamedTuple):
    """An article with three sentences or more; `sentences` do not hold its title line."""

    title: str
    sentences: tuple[str, ...]


class Turn(NamedTuple):
    speaker: str
    text: str


class Ring(list[_Thing]):
    """The last `size` things put in; a list, so that one is drawn in constant time."""

    def __init__(self, size: int) -> None:
        self.size, self.seen = size, 0

    def put(self, item: _Thing) -> None:
        if len(self) < self.size:
            self.append(item)
        else:
            self[self.seen % self.size] = item
        self.seen += 1


def _memory() -> Ring[_Thing]:
    return Ring(_MEMORY)


@dataclass
class World:
    """sets: labelled set -> label -> texts. labellers: by the name of the pools they fill."""

    sets: Mapping[str, Rows]
    labellers: Mapping[str, Labeller]
    articles: Ring[Article] = field(default_factory=_memory)
    books: Ring[tuple[str, ...]] = field(default_factory=_memory)  # of sentences in a row
    dialogues: Ring[tuple[Turn, ...]] = field(default_factory=_memory)  # of Turns in a row
    health: Ring[Article] = field(default_factory=_memory)  # the first sentence is a question
    sentences: dict[str, Ring[str]] = field(default_factory=dict)  # by genre
    words: Ring[str] = field(default_factory=lambda: Ring(8000))  # lower-case, four to ten letters
    weak: dict[str, dict[str, Ring[str]]] = field(default_factory=dict)  # by labeller, by label
    _made: dict[str, Pools] = field(default_factory=dict)

    def read(self, kind: str, text: str) -> None:
        """Remembers what tasks can use of a text."""
        genre = genre_of(kind)
        text = text[:_LONGEST_READ]
        if genre == DIALOGUE:
            found = self._dialogue(text)
        elif genre == HEALTH:
            found = self._health(text)
        else:
            found = self._prose(genre, text)
        ring = self.sentences.setdefault(genre, Ring(_POOL))
        for sentence in found[:_KEPT]:
            ring.put(sentence)
        self._label(genre, found)
        for word in " ".join(found[:4]).split():
            if word.isalpha() and word.islower() and 4 <= len(word) <= 10:
                self.words.put(word)

    def found(self, labeller: str) -> Pools:
        """What a weak labeller has found so far, by label, where that is enough for a prompt."""
        pools = self.weak.get(labeller, {})
        return {label: texts for label, texts in pools.items() if len(texts) >= _FEW}

    def made(self, name: str, make: Callable[[], Pools]) -> Pools:
        """Pools made once from the labelled sets, which do not change."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _prose(self, genre: str, text: str) -> list[str]:
        title, _, body = text.partition("\n\n") if genre == ENCYCLOPEDIA else ("", "", text)
        found = [s for s in sentences(body) if readable(s)]
        if genre == ENCYCLOPEDIA and len(found) >= 3 and len(title) < 80:
            self.articles.put(Article(title, tuple(found[:16])))
        elif genre == BOOK and len(found) >= 6:
            self.books.put(tuple(found[:30]))
        return found

    def _dialogue(self, text: str) -> list[str]:
        cut = [line.partition(": ") for line in text.splitlines()]
        turns = tuple(Turn(who, said) for who, _, said in cut if said)
        if len(turns) >= 4:
            self.dialogues.put(turns)
        return [turn.text for turn in turns]

    def _health(self, text: str) -> list[str]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        asked = [line for line in lines[:3] if line.endswith("?")]
        found = [s for line in lines for s in sentences(line) if readable(s)]
        if asked and found:
            self.health.put(Article(lines[0], (asked[0], *found[:8])))
        return found[:12] + asked[:1]

    def _label(self, genre: str, found: list[str]) -> None:
        for name, labeller in self.labellers.items():
            if genre in labeller.genres:
                pools = self.weak.setdefault(name, {})
                for text, label in filter(None, map(labeller.find, found[: labeller.most])):
                    pools.setdefault(label, Ring(_POOL)).put(text)


def whole(label: Callable[[str], str | None]) -> Find:
    """A labeller's `find` that labels the sentence as it is."""

    def find(sentence: str) -> tuple[str, str] | None:
        named = label(sentence)
        return (sentence, named) if named else None

    return find


def genre_of(kind: str) -> str:
    """The genre of a text by the name of where it is from; prose of any other name is a book's."""
    return next((genre for part, genre in _GENRES if part in kind.lower()), BOOK)


def sentences(text: str) -> list[str]:
    """The sentences of running text, blanks and line ends made one."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n" if "\n\n" in text else r"\n", text):
        glued = ""
        for part in _END.split(" ".join(block.split())):
            glued = f"{glued} {part}" if glued else part
            if not _ABBREVIATED.search(glued):
                found.append(glued)
                glued = ""
        if glued:
            found.append(glued)
    return found


def readable(sentence: str) -> bool:
    """Whether it is a whole sentence of 5 to 45 words without the scars of markup."""
    if not 20 <= len(sentence) <= 320 or sentence[-1] not in ".!?\"'”":
        return False
    if not (sentence[0].isupper() or sentence[0] in "\"'“‘") or _ODD.search(sentence):
        return False
    if _SLUR.search(sentence):
        return False
    return 5 <= sentence.count(" ") + 1 <= 45
