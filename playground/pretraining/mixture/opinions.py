"""Sentiment compared: of words, of two texts, and where a sentence says it."""

from random import Random

from playground.pretraining.mixture.lexicon import NEGATIVE, POSITIVE
from playground.pretraining.mixture.sentiment import comments, two_way
from playground.pretraining.mixture.task import Episode, Task, free
from playground.pretraining.mixture.world import World

_WORDS = {"positive": sorted(POSITIVE), "negative": sorted(NEGATIVE)}


def _words(rng: Random, world: World) -> Episode | None:
    return two_way(_WORDS, rng)


def _more_positive(rng: Random, world: World) -> Episode | None:
    pools = comments(world)
    if not pools["positive"] or not pools["negative"]:
        return None
    wanted = rng.choice(("positive", "negative"))
    other = "negative" if wanted == "positive" else "positive"

    def draw(label: str) -> tuple[str, ...]:
        shown = (rng.choice(pools[wanted]), rng.choice(pools[other]))
        return shown if label == "first" else shown[::-1]

    return Episode(("first", "second"), draw, f"Which one is more {wanted}, first or second?")


def _same(rng: Random, world: World) -> Episode | None:
    pools = comments(world)
    if not pools["positive"] or not pools["negative"]:
        return None

    def draw(label: str) -> tuple[str, ...]:
        first, other = rng.sample(("positive", "negative"), 2)
        second = first if label == "same" else other
        return rng.choice(pools[first]), rng.choice(pools[second])

    return Episode(("same", "different"), draw, "Is the sentiment the same or different?")


def _strongest_word(rng: Random, world: World) -> Episode | None:
    pools = world.found("lexicon_sentiment")
    if len(pools) < 2:
        return None
    wanted, lexicon = rng.choice((("positive", POSITIVE), ("negative", NEGATIVE)))
    texts = pools[wanted]

    def make() -> tuple[str, ...]:
        text = rng.choice(texts)
        found = [
            word for word in text.lower().replace(",", " ").rstrip(".!?").split() if word in lexicon
        ]
        return text, found[0] if found else "none"

    return free(make, f"Which is the first word that is {wanted}?")


TASKS = (
    Task("word_sentiment", "sentiment", ("word",), "sentiment", _words, 1.5),
    Task("more_positive", "sentiment", ("first", "second"), "answer", _more_positive),
    Task("same_sentiment", "sentiment", ("first", "second"), "answer", _same),
    Task("sentiment_word", "sentiment", ("review",), "word", _strongest_word, 0.5),
)
