"""Labels that only the prompt explains: texts of one source go together under a chance name.

The classes are new in every prompt, so nothing can be remembered: what is learnt is to compare
the query with the demonstrations and to take the label of the most similar ones.
"""

from collections.abc import Callable, Sequence
from random import Random

from playground.pretraining.mixture.names import LABEL_WORDS, LETTERS
from playground.pretraining.mixture.renaming import nonsense_words
from playground.pretraining.mixture.task import (
    Episode,
    Pools,
    Start,
    Task,
    Texts,
    classes,
    free,
    some,
)
from playground.pretraining.mixture.world import World

_ENOUGH = 12


def chance_names(count: int, rng: Random) -> Sequence[str]:
    """Different names that say nothing."""
    way = rng.randrange(4)
    if way == 0:
        return rng.sample(LETTERS, count)
    if way == 1:
        return [str(number) for number in rng.sample(range(1, max(10, count + 1)), count)]
    if way == 2:
        return rng.sample(LABEL_WORDS, count)
    return nonsense_words(count, rng)


def unnamed(pools: Pools, rng: Random) -> Episode | None:
    """An episode over the pools under names that say nothing."""
    full = [texts for texts in pools.values() if len(texts) >= 2]
    if len(full) < 2:
        return None
    names = chance_names(len(full), rng)
    episode = classes(dict(zip(names, full, strict=True)), rng)
    return episode and Episode(episode.labels, episode.draw, readable=False)


def _by_article(rng: Random, world: World) -> Episode | None:
    if len(world.articles) < _ENOUGH:
        return None
    chosen = rng.sample(world.articles, rng.choice((2, 2, 2, 3, 3, 4, 5)))
    return unnamed({str(i): article.sentences for i, article in enumerate(chosen)}, rng)


def _by_book(rng: Random, world: World) -> Episode | None:
    if len(world.books) < _ENOUGH:
        return None
    return unnamed(
        dict(zip("ABC", rng.sample(world.books, rng.choice((2, 2, 3))), strict=False)), rng
    )


def _by_dialogue(rng: Random, world: World) -> Episode | None:
    if len(world.dialogues) < _ENOUGH:
        return None
    chosen = rng.sample(world.dialogues, rng.choice((2, 2, 3)))
    return unnamed({str(i): [t.text for t in turns] for i, turns in enumerate(chosen)}, rng)


def _weak(labeller: str, most: int = 5) -> Start:
    """The classes of a weak labeller, unnamed."""

    def start(rng: Random, world: World) -> Episode | None:
        pools = world.found(labeller)
        return unnamed(some(pools, rng, most), rng) if len(pools) > 1 else None

    return start


def _by_genre(rng: Random, world: World) -> Episode | None:
    pools = world.sentences
    return unnamed(some(pools, rng, 4), rng) if len(pools) > 1 else None


def _table(rng: Random, world: World) -> Episode | None:
    """Words with a chance label each: the query was shown before."""
    if len(world.words) < 200:
        return None
    words = list({rng.choice(world.words): None for _ in range(rng.randint(3, 8))})
    names = chance_names(len(words), rng)
    values = dict(zip(words, names, strict=False))
    by_name = {name: (word,) for word, name in values.items()}
    return Episode(tuple(by_name), lambda label: by_name[label], readable=False)


def _sentence_table(rng: Random, world: World) -> Episode | None:
    """Sentences with a chance label each; the query is one of them, shortened."""
    pools = list(world.sentences.values())
    if not pools or len(texts := rng.choice(pools)) < 60:
        return None
    names = chance_names(rng.randint(2, 5), rng)
    own = dict(zip(names, (text.split() for text in rng.sample(texts, len(names))), strict=True))

    def draw(label: str) -> Texts:
        words = own[label]
        least = min(5, len(words))
        return (" ".join(words[: rng.randint(least, len(words))]),)

    return Episode(tuple(own), draw, readable=False)


def _marker(rng: Random, world: World) -> Episode | None:
    """One word among others decides."""
    if len(world.words) < 200:
        return None
    names = chance_names(rng.randint(2, 4), rng)
    marks = {name: rng.choice(world.words) for name in names}

    def draw(label: str) -> Texts:
        words = [rng.choice(world.words) for _ in range(rng.randint(2, 6))]
        words.insert(rng.randrange(len(words) + 1), marks[label])
        return (" ".join(words),)

    return Episode(tuple(marks), draw, readable=False)


def _rule(rng: Random, world: World) -> Episode | None:
    """A rule about letters or length decides, and is never said."""
    if len(world.words) < 200:
        return None
    rule = rng.choice(_RULES)
    groups: dict[object, list[str]] = {}
    for _ in range(120):
        word = rng.choice(world.words)
        groups.setdefault(rule(word), []).append(word)
    return unnamed({str(key): words for key, words in groups.items()}, rng)


_RULES: tuple[Callable[[str], object], ...] = (
    lambda word: len(word) > 5,
    lambda word: word[0] in "aeiou",
    lambda word: word[-1] in "aeiou",
    lambda word: word[-1] == "s",
    lambda word: word[0] < "m",
    lambda word: word.endswith(("ing", "ed")),
)


def _lookup(rng: Random, world: World) -> Episode | None:
    """Pairs in a text: the value of a key."""
    if len(world.words) < 200:
        return None

    def make() -> Texts:
        keys = list({rng.choice(world.words): None for _ in range(rng.randint(3, 7))})
        values = [rng.choice(world.words) for _ in keys]
        shown = ", ".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
        at = rng.randrange(len(keys))
        return shown, keys[at], values[at]

    return free(make)


def _task(name: str, inputs: str, start: Start, weight: float) -> Task:
    return Task(name, "induction", (inputs,), "label", start, weight)


TASKS = (
    _task("by_article", "passage", _by_article, 5.0),
    _task("by_book", "passage", _by_book, 1.0),
    _task("by_dialogue", "message", _by_dialogue, 1.5),
    _task("by_topic", "passage", _weak("topic"), 2.0),
    _task("by_entity", "passage", _weak("entity"), 2.0),
    _task("by_question_kind", "question", _weak("question_kind", 4), 1.5),
    _task("by_service", "message", _weak("service"), 1.5),
    _task("by_act", "message", _weak("act"), 1.0),
    _task("by_sentiment", "review", _weak("lexicon_sentiment"), 1.0),
    _task("by_genre", "text", _by_genre, 0.7),
    _task("word_table", "word", _table, 1.5),
    _task("sentence_table", "text", _sentence_table, 1.5),
    _task("marker_word", "text", _marker, 1.5),
    _task("letter_rule", "word", _rule, 0.5),
    Task("lookup", "induction", ("list", "target"), "output", _lookup, 1.0),
)
