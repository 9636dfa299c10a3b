"""Text to text: copy, reverse, pick a word, change case, mend."""

import re
from collections.abc import Callable, Mapping
from random import Random

from playground.pretraining.mixture.cloze import known
from playground.pretraining.mixture.task import Episode, Start, Task, Texts, free, perhaps_asked
from playground.pretraining.mixture.world import World

_ENOUGH = 60


# A few words in, words out.
_OF_WORDS: Mapping[str, tuple[Callable[[list[str]], str], str]] = {
    "copy_words": (lambda words: " ".join(words), "Repeat the words."),
    "reverse_words": (lambda words: " ".join(words[::-1]), "Reverse the order."),
    "first_word": (lambda words: words[0], "What is the first word?"),
    "last_word": (lambda words: words[-1], "What is the last word?"),
    "second_word": (lambda words: words[1], "What is the second word?"),
    "middle_words": (lambda words: " ".join(words[1:-1]), "Leave out the first and last word."),
    "ends_of_list": (lambda words: f"{words[0]} {words[-1]}", "Give the first and the last word."),
    "upper_case": (lambda words: " ".join(words).upper(), "Write it in capitals."),
    "capitalise": (
        lambda words: " ".join(word.capitalize() for word in words),
        "Capitalise each word.",
    ),
    "sort_words": (lambda words: " ".join(sorted(words)), "Sort the words."),
    "acronym": (lambda words: "".join(word[0].upper() for word in words), "What are the initials?"),
    "twice": (
        lambda words: " ".join(word for word in words for _ in (1, 2)),
        "Say each word twice.",
    ),
    "join_words": (lambda words: " and ".join(words), "Join the words with and."),
    "rotate": (lambda words: " ".join([*words[1:], words[0]]), "Move the first word to the end."),
    "longest_word": (lambda words: max(words, key=len), "Which word is the longest?"),
    "shortest_word": (lambda words: min(words, key=len), "Which word is the shortest?"),
    "first_in_alphabet": (lambda words: min(words), "Which word comes first in the alphabet?"),
    "every_other": (lambda words: " ".join(words[::2]), "Give every other word."),
}
# One word in, one out.
_OF_WORD: Mapping[str, tuple[Callable[[str], str], str]] = {
    "first_letter": (lambda word: word[0], "What is the first letter?"),
    "last_letter": (lambda word: word[-1], "What is the last letter?"),
    "spell": (lambda word: " ".join(word), "Spell the word."),
    "count_letters": (lambda word: str(len(word)), "How many letters does it have?"),
    "reverse_letters": (lambda word: " ".join(word[::-1]), "Spell it backwards."),
}
_OF_SENTENCE: Mapping[str, tuple[Callable[[str], str], str]] = {
    "copy_sentence": (lambda text: text, "Repeat it."),
    "lower_case": (str.lower, "Write it in small letters."),
    "drop_marks": (lambda text: " ".join(re.findall(r"\w+", text)), "Leave out the punctuation."),
    "first_three_words": (lambda text: " ".join(text.split()[:3]), "Give the first three words."),
    "last_two_words": (lambda text: " ".join(text.split()[-2:]), "Give the last two words."),
}


def _words(change: Callable[[list[str]], str], question: str) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if len(world.words) < _ENOUGH:
            return None
        least, most = rng.choice(((3, 4), (3, 6), (4, 4)))
        glue = rng.choice((" ", " ", ", "))

        def make() -> Texts:
            words = list({rng.choice(world.words): None for _ in range(rng.randint(least, most))})
            words += [rng.choice(world.words) for _ in range(3 - len(words))]
            return glue.join(words), change(words)

        return perhaps_asked(make, question, rng)

    return start


def _word(change: Callable[[str], str], question: str) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if len(world.words) < _ENOUGH:
            return None

        def make() -> Texts:
            word = rng.choice(world.words)
            return word, change(word)

        return perhaps_asked(make, question, rng)

    return start


def _sentence(change: Callable[[str], str], question: str) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        if not (texts := known(world, rng)):
            return None

        def make() -> Texts:
            text = " ".join(rng.choice(texts).split()[:20])
            return text, change(text)

        return perhaps_asked(make, question, rng)

    return start


def _punctuate(rng: Random, world: World) -> Episode | None:
    """A sentence in small letters without marks: the answer has both."""
    if not (texts := known(world, rng)):
        return None

    def make() -> Texts:
        text = rng.choice(texts)
        return re.sub(r"[^\w\s']", "", text).lower(), text

    return free(make, "Write it with capitals and punctuation.")


def _replace(rng: Random, world: World) -> Episode | None:
    """One word replaced by another, the same two in the whole prompt."""
    if len(world.words) < _ENOUGH:
        return None
    old, new = rng.choice(world.words), rng.choice(world.words)

    def make() -> Texts:
        words = [rng.choice(world.words) for _ in range(rng.randint(2, 4))]
        words.insert(rng.randrange(len(words) + 1), old)
        return " ".join(words), " ".join(new if word == old else word for word in words)

    return free(make, f"Replace {old} by {new}.")


def _task(name: str, inputs: str, start: Start) -> Task:
    return Task(name, "transform", (inputs,), "output", start, 0.3)


TASKS = (
    *(_task(name, "list", _words(*row)) for name, row in _OF_WORDS.items()),
    *(_task(name, "word", _word(*row)) for name, row in _OF_WORD.items()),
    *(_task(name, "text", _sentence(*row)) for name, row in _OF_SENTENCE.items()),
    _task("punctuate", "text", _punctuate),
    _task("replace_word", "list", _replace),
)
