"""Missing words, tense, person and pronouns: what a sentence says about its own words."""

import re
from collections.abc import Sequence
from random import Random

from playground.pretraining.mixture.names import word_list
from playground.pretraining.mixture.queries import weak
from playground.pretraining.mixture.task import Episode, Start, Task, Texts, free, pairs
from playground.pretraining.mixture.world import (
    BOOK,
    DIALOGUE,
    ENCYCLOPEDIA,
    HEALTH,
    Labeller,
    World,
    whole,
)

_ENOUGH, _TRIES = 40, 20
_GENRES = (BOOK, ENCYCLOPEDIA, DIALOGUE, HEALTH)
_PAST = re.compile(r"\b(?:was|were|had|did|went|said|came|took|made|became|began|saw)\b")
_PRESENT = re.compile(r"\b(?:is|are|has|does|goes|says|am|do|have)\b")
_FUTURE = re.compile(r"\b(?:will|shall|'ll|going to)\b")
_PERSONS = (("I", r"\b(?:I|my|me|myself)\b"), ("you", r"\b(?:you|your|yours)\b"),
            ("he", r"\b(?:he|his|him|himself)\b"), ("she", r"\b(?:she|her|hers|herself)\b"),
            ("they", r"\b(?:they|their|them|themselves)\b"), ("we",
            r"\b(?:we|our|us)\b"))  # fmt: skip
_PERSONS_READ = tuple((label, re.compile(pattern)) for label, pattern in _PERSONS)
_CONNECTIVES = word_list("because but although when while after before until since unless")
_PREPOSITIONS = word_list("in on at of for with from by to")


def tense(sentence: str) -> str | None:
    """The tense if the sentence has the marks of one only."""
    marks = (("past", _PAST), ("present", _PRESENT), ("future", _FUTURE))
    found = [label for label, fits in marks if fits.search(sentence)]
    return found[0] if len(found) == 1 else None


def person(sentence: str) -> str | None:
    """The one person whose pronouns a sentence has."""
    found = [label for label, fits in _PERSONS_READ if fits.search(sentence)]
    return found[0] if len(found) == 1 else None


def voice(sentence: str) -> str | None:
    if re.search(r"\b(?:was|were|been|is|are) \w+ed by\b", sentence):
        return "passive"
    return (
        "active"
        if re.match(r"(?:He|She|They|It|We|I) \w+ed (?:the|a|his|her)\b", sentence)
        else None
    )


_PROSE = frozenset({BOOK, ENCYCLOPEDIA})
LABELLERS = {
    "tense": Labeller(frozenset(_GENRES), whole(tense)),
    "person": Labeller(frozenset({BOOK, DIALOGUE}), whole(person)),
    "voice": Labeller(_PROSE, whole(voice)),
}


def known(world: World, rng: Random) -> Sequence[str] | None:
    """The sentences of one genre, None until there are enough."""
    full = [world.sentences[g] for g in _GENRES if len(world.sentences.get(g, ())) >= _ENOUGH]
    return rng.choice(full) if full else None


def _content(text: str) -> list[str]:
    return [word for word in text.split() if len(word) > 4 and word.isalpha() and word.islower()]


def _choose(options: int) -> Start:
    """Which of some words fits a gap; the words are listed, in every example others."""

    def start(rng: Random, world: World) -> Episode | None:
        if not (texts := known(world, rng)) or len(world.words) < _ENOUGH:
            return None

        def make() -> Texts:
            text = next(filter(_content, (rng.choice(texts) for _ in range(_TRIES))), "a thing")
            word = rng.choice(_content(text))
            words = [word, *(rng.choice(world.words) for _ in range(options - 1))]
            rng.shuffle(words)
            return text.replace(word, "___", 1), ", ".join(words), word

        return free(make, rng.choice(("Which word fits?", "Fill the gap.", "")))

    return start


def _missing(words: Sequence[str], question: str) -> Start:
    """Which word of a closed class is missing."""
    fits = re.compile(rf"(?<=\s)({'|'.join(words)})(?=\s)")

    def start(rng: Random, world: World) -> Episode | None:
        if not (texts := known(world, rng)):
            return None
        drawn = rng.sample(texts, min(80, len(texts)))
        found = [match for text in drawn if (match := fits.search(text))]
        if len(found) < 10:
            return None

        def make() -> Texts:
            at = rng.choice(found)
            return f"{at.string[: at.start()]}___{at.string[at.end() :]}", at[1]

        return free(make, question)

    return start


def _gap(rng: Random, world: World) -> Episode | None:
    """Any word of a sentence, without choices."""
    if not (texts := known(world, rng)):
        return None

    def make() -> Texts:
        words = rng.choice(texts).split()
        at = rng.randrange(1, len(words)) if len(words) > 1 else 0
        gone = words[at].strip('.,;:!?"()') or words[at]
        words[at] = words[at].replace(gone, "___", 1)
        return " ".join(words), gone

    return free(make, "Which word is missing?")


def _end(rng: Random, world: World) -> Episode | None:
    """The sentence without its last words: they are the answer."""
    if not (texts := known(world, rng)):
        return None
    count = rng.randint(1, 4)

    def make() -> Texts:
        words = rng.choice(texts).split()
        return " ".join(words[:-count]), " ".join(words[-count:])

    return free(make, rng.choice(("Complete the sentence.", "How does it go on?")))


def _swapped(rng: Random, world: World) -> Episode | None:
    """Whether two neighbouring words of a sentence were swapped."""
    if not (texts := known(world, rng)):
        return None

    def no() -> Texts:
        words = rng.choice(texts).split()
        at = rng.randrange(len(words) - 1) if len(words) > 1 else 0
        words[at : at + 2] = words[at : at + 2][::-1]
        return (" ".join(words),)

    good, bad = rng.choice((("correct", "incorrect"), ("yes", "no"), ("good", "bad")))
    question = "Is the word order right?"
    return Episode((good, bad), lambda one: (rng.choice(texts),) if one == good else no(), question)


def _replaced(rng: Random, world: World) -> Episode | None:
    """Whether a word of a sentence was replaced by a chance one."""
    if not (texts := known(world, rng)) or len(world.words) < _ENOUGH:
        return None

    def no() -> Texts:
        text = rng.choice(texts)
        return (
            text.replace(rng.choice(_content(text) or text.split()), rng.choice(world.words), 1),
        )

    return pairs(lambda: (rng.choice(texts),), no, "Does the sentence make sense?")


TASKS = (
    Task("cloze_of_two", "cloze", ("text", "options"), "word", _choose(2)),
    Task("cloze_of_four", "cloze", ("text", "options"), "word", _choose(4)),
    Task("missing_connective", "cloze", ("text",), "word", _missing(_CONNECTIVES,
         "Which word is missing?"), 0.6),
    Task("missing_preposition", "cloze", ("text",), "word", _missing(_PREPOSITIONS,
         "Fill the gap."), 0.6),
    Task("missing_pronoun", "cloze", ("text",), "word", _missing(word_list(
    "he she it they we you"
), "Which pronoun?"), 0.6),
    Task("missing_verb", "cloze", ("text",), "word", _missing(word_list(
    "is are was were has have had"
), "Which verb?"), 0.6),
    Task("missing_word", "cloze", ("text",), "word", _gap, 0.6),
    Task("sentence_end", "cloze", ("text",), "output", _end, 0.5),
    Task("word_order", "acceptable", ("text",), "answer", _swapped, 1.0),
    Task("word_replaced", "acceptable", ("text",), "answer", _replaced, 1.0),
    Task("tense", "grammar", ("text",), "label", weak("tense"), 0.8),
    Task("person", "grammar", ("text",), "label", weak("person", 5, "Whose pronouns are there?"),
         0.7),
    Task("voice", "grammar", ("text",), "label", weak("voice"), 0.5),
)  # fmt: skip
