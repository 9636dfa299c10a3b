"""How words and sentences are spelled, and small arithmetic: rules with a yes or a no."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

from playground.pretraining.mixture.cloze import known
from playground.pretraining.mixture.task import Episode, Start, Task, Texts, free, perhaps_asked
from playground.pretraining.mixture.world import World

Rule = Callable[[str], bool]
_TRIES = 60


def _rule(
    make: Callable[[Random, World], tuple[Rule, str]], labels: Texts = ("yes", "no")
) -> Start:
    """Whether a word keeps a rule; both kinds are looked for among the words read."""

    def start(rng: Random, world: World) -> Episode | None:
        if len(world.words) < 200:
            return None
        rule, question = make(rng, world)
        kept: tuple[list[str], list[str]] = ([], [])
        for _ in range(8 * _TRIES):
            word = rng.choice(world.words)
            kept[not rule(word)].append(word)
        if min(map(len, kept)) < 3:
            return None
        return Episode(labels, lambda label: (rng.choice(kept[labels.index(label)]),), question)

    return start


def _starts(rng: Random, world: World) -> tuple[Rule, str]:
    letter = rng.choice(rng.choice(world.words))
    return lambda word: word[0] == letter, f"Does it start with {letter}?"


def _ends(rng: Random, world: World) -> tuple[Rule, str]:
    letter = rng.choice(world.words)[-1]
    return lambda word: word[-1] == letter, f"Does it end with {letter}?"


def _has(rng: Random, world: World) -> tuple[Rule, str]:
    letter = rng.choice(rng.choice(world.words))
    return lambda word: letter in word, f"Does it have the letter {letter}?"


def _long(rng: Random, world: World) -> tuple[Rule, str]:
    length = rng.randint(5, 7)
    return lambda word: len(word) >= length, f"Does it have {length} letters or more?"


def _double(rng: Random, world: World) -> tuple[Rule, str]:
    return lambda word: any(a == b for a, b in pairwise(word)), "Does it have a double letter?"


def _vowel(rng: Random, world: World) -> tuple[Rule, str]:
    return lambda word: word[0] in "aeiou", "Does it start with a vowel or a consonant?"


def _two_words(yes: Callable[[str, str], bool], question: str) -> Start:
    """A yes or no about two words."""

    def start(rng: Random, world: World) -> Episode | None:
        if len(world.words) < 200:
            return None

        def draw(label: str) -> Texts:
            for _ in range(_TRIES):
                first, second = rng.choice(world.words), rng.choice(world.words)
                if yes(first, second) == (label == "yes"):
                    break
            return first, second

        return Episode(("yes", "no"), draw, question)

    return start


def _contains(rng: Random, world: World) -> Episode | None:
    """Whether a sentence has a word."""
    if not (texts := known(world, rng)) or len(world.words) < 60:
        return None

    def draw(label: str) -> Texts:
        text = rng.choice(texts)
        own = [word for word in text.split() if word.isalpha()]
        return text, rng.choice(own if label == "yes" and own else world.words)

    return Episode(("yes", "no"), draw, "Does the sentence have the word?")


def _length(rng: Random, world: World) -> Episode | None:
    if not (texts := known(world, rng)):
        return None
    halves = sorted(rng.sample(texts, min(60, len(texts))), key=len)
    short, long = halves[: len(halves) // 3], halves[-len(halves) // 3 :]
    draw = lambda label: (rng.choice(short if label == "short" else long),)  # noqa: E731
    return Episode(("short", "long"), draw, "Is the sentence short or long?")


def _numbers(rule: Callable[[int], bool], labels: Texts, question: str) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        most = rng.choice((99, 999))

        def draw(label: str) -> Texts:
            for _ in range(_TRIES):
                number = rng.randint(1, most)
                if rule(number) == (label == labels[0]):
                    break
            return (str(number),)

        return Episode(labels, draw, question if rng.random() < 0.7 else "")

    return start


def _of_numbers(answer: Callable[[list[int]], int], question: str, count: int = 2) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        most = rng.choice((9, 20, 99))

        def make() -> Texts:
            numbers = [rng.randint(1, most) for _ in range(count)]
            return ", ".join(map(str, numbers)), str(answer(numbers))

        return perhaps_asked(make, question, rng)

    return start


def _compare(rng: Random, world: World) -> Episode:
    def draw(label: str) -> Texts:
        low, high = sorted(rng.sample(range(1, 1000), 2))
        return (f"{high} and {low}" if label == "yes" else f"{low} and {high}",)

    return Episode(("yes", "no"), draw, "Is the first number larger?")


def _sequence(rng: Random, world: World) -> Episode:
    def make() -> Texts:
        first, step = rng.randint(1, 30), rng.randint(1, 6)
        row = [str(first + step * i) for i in range(5)]
        return ", ".join(row[:-1]), row[-1]

    return free(make, "Which number comes next?")


def _word(name: str, start: Start) -> Task:
    return Task(name, "spelling", ("word",), "answer", start, 0.4)


def _two(name: str, yes: Callable[[str, str], bool], question: str) -> Task:
    return Task(name, "spelling", ("first", "second"), "answer", _two_words(yes, question), 0.3)


TASKS = (
    _word("starts_with", _rule(_starts)),
    _word("ends_with", _rule(_ends)),
    _word("has_letter", _rule(_has)),
    _word("long_word", _rule(_long)),
    _word("double_letter", _rule(_double)),
    _word("vowel_or_consonant", _rule(_vowel, ("vowel", "consonant"))),
    _two("same_first_letter", lambda a, b: a[0] == b[0], "Do they start with the same letter?"),
    _two("same_last_letter", lambda a, b: a[-1] == b[-1], "Do they end with the same letter?"),
    _two("longer_word", lambda a, b: len(a) > len(b), "Is the first word longer?"),
    _two("alphabetical", lambda a, b: a < b, "Are they in alphabetical order?"),
    _two("same_word", lambda a, b: a == b, "Is it the same word?"),
    Task("contains_word", "spelling", ("text", "target"), "answer", _contains, 0.7),
    Task("short_or_long", "spelling", ("text",), "label", _length, 0.4),
    Task("parity", "numbers", ("number",), "label", _numbers(lambda n: n % 2 == 0, ("even",
         "odd"), "Even or odd?"), 0.4),
    Task("large_number", "numbers", ("number",), "label", _numbers(lambda n: n > 50, ("large",
         "small"), "Is it more than 50?"), 0.4),
    Task("round_number", "numbers", ("number",), "answer", _numbers(lambda n: n % 5 == 0, ("yes",
         "no"), "Can it be divided by 5?"), 0.3),
    Task("larger_first", "numbers", ("numbers",), "answer", _compare, 0.5),
    Task("largest_number", "numbers", ("numbers",), "output", _of_numbers(max,
         "Which is the largest?", 3), 0.4),
    Task("smallest_number", "numbers", ("numbers",), "output", _of_numbers(min,
         "Which is the smallest?", 3), 0.3),
    Task("add", "numbers", ("numbers",), "output", _of_numbers(sum, "What is the sum?"), 0.3),
    Task("next_number", "numbers", ("numbers",), "output", _sequence, 0.3),
)  # fmt: skip
