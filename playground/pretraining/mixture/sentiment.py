"""Sentiment, by far the most: of comments, verse, and sentences whose words or critics tell."""

from random import Random

from playground.pretraining.mixture.critics import quoted_verdict, verdict
from playground.pretraining.mixture.lexicon import polarity
from playground.pretraining.mixture.names import SENTIMENT_COLUMNS
from playground.pretraining.mixture.sets import Rows
from playground.pretraining.mixture.task import Episode, Pools, Start, Task, classes, yes_no
from playground.pretraining.mixture.world import (
    BOOK,
    DIALOGUE,
    ENCYCLOPEDIA,
    EVERYWHERE,
    Labeller,
    World,
    whole,
)

_GOOD = "admiration amusement approval excitement gratitude joy love optimism pride relief"
_BAD = "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness"
GROUPS = {
    "positive": tuple(_GOOD.split()),
    "negative": (*_BAD.split(), "remorse", "sadness"),
    "neutral": ("neutral", "realization"),
}
_PRAISE = {
    "praise": ("admiration", "gratitude", "approval", "love"),
    "complaint": ("annoyance", "disapproval", "disappointment", "anger", "disgust"),
}
_QUESTIONS = (
    "Is this review positive or negative?", "What is the sentiment of this text?",
    "Did the writer like it?", "Is the opinion good or bad?", "How does the writer feel about it?",
    "What is the tone?", "Does it sound happy or unhappy?", "Would the writer recommend it?",
)  # fmt: skip
_ENDINGS = ("\nIt was", " It was", "\nAll in all, it was", " Overall, it was", "\nIn a word:",
            "\nIn summary, it was", " This is", "\nThe writer thinks it is",
            "\nThis was")  # fmt: skip
LABELLERS = {
    "lexicon_sentiment": Labeller(EVERYWHERE, whole(polarity), most=90),
    "lexicon_hint": Labeller(frozenset({BOOK, DIALOGUE}), whole(lambda s: polarity(s, 4)), most=90),
    "reception": Labeller(frozenset({ENCYCLOPEDIA}), whole(verdict), most=90),
    "quoted_critics": Labeller(frozenset({ENCYCLOPEDIA}), quoted_verdict, most=90),
}


def grouped(rows: Rows, groups: dict[str, tuple[str, ...]]) -> Pools:
    """The texts of each group of labels together."""
    return {
        name: [text for label, texts in rows.items() if _all_in(label, labels) for text in texts]
        for name, labels in groups.items()
    }


def _all_in(label: str, group: tuple[str, ...]) -> bool:
    """Whether every part of a label, "joy+love" for one, is of the group."""
    return set(label.split("+")) <= set(group)


def comments(world: World) -> Pools:
    return world.made("comments", lambda: grouped(world.sets.get("goemotions", {}), GROUPS))


def verses(world: World) -> Pools:
    return world.sets.get("poem-sentiment", {})


def two_way(pools: Pools, rng: Random) -> Episode | None:
    """Positive and negative, under one of the usual pairs of words."""
    good, bad = rng.choice(SENTIMENT_COLUMNS)
    return classes({good: pools.get("positive", ()), bad: pools.get("negative", ())}, rng)


def _asked(pools: Pools, rng: Random, asked: str, questions: tuple[str, ...]) -> Episode | None:
    both = {label: pools.get(label, ()) for label in ("positive", "negative")}
    return yes_no(both, rng, asked, rng.choice(questions))


def _three_way(pools: Pools, rng: Random) -> Episode | None:
    words = rng.choice((("positive", "negative", "neutral"), ("good", "bad", "neutral"),
                        ("Positive", "Negative", "Neutral"), ("good", "bad", "okay")))  # fmt: skip
    named = zip(words, ("positive", "negative", "neutral"), strict=True)
    return classes({word: pools.get(label, ()) for word, label in named}, rng)


def _stars(pools: Pools, rng: Random) -> Episode | None:
    good, bad = rng.choice((("5", "1"), ("5 stars", "1 star"), ("five", "one"), ("10", "1")))
    question = rng.choice(
        ("How many stars?", "What is the rating?", "How would the writer rate it?")
    )
    return classes({good: pools["positive"], bad: pools["negative"]}, rng, question)


def _praise(rng: Random, world: World) -> Episode | None:
    rows = world.sets.get("goemotions", {})
    pools = world.made("praise", lambda: grouped(rows, _PRAISE))
    names = rng.choice((("praise", "complaint"), ("compliment", "complaint"), ("praise",
    "criticism"),
                        ("thumbs up", "thumbs down"), ("thanks", "complaint")))  # fmt: skip
    return classes(dict(zip(names, pools.values(), strict=True)), rng)


def _neutral(rng: Random, world: World) -> Episode | None:
    pools = comments(world)
    both = world.made(
        "moved",
        lambda: {"moved": [*pools["positive"], *pools["negative"]], "not": pools["neutral"]},
    )
    names = rng.choice((("emotional", "neutral"), ("subjective", "objective"), ("opinion", "fact")))
    return classes(dict(zip(names, both.values(), strict=True)), rng)


def _of(source: str) -> Start:
    return lambda rng, world: two_way(_pools(source, world), rng)


def _is(source: str, asked: str, *questions: str) -> Start:
    return lambda rng, world: _asked(_pools(source, world), rng, asked, questions)


def _pools(source: str, world: World) -> Pools:
    known = {"comments": comments, "verses": verses}
    return known[source](world) if source in known else world.found(source)


def _review(name: str, start: Start, weight: float, inputs: str = "review") -> Task:
    return Task(name, "sentiment", (inputs,), "sentiment", start, weight, _QUESTIONS, _ENDINGS)


_LIKED = ("Is this positive?", "Did the writer like it?", "Is the writer happy?",
          "Is this good news?", "Would the writer recommend it?",
          "Is it a good review?")  # fmt: skip
_DISLIKED = ("Is this negative?", "Is the writer unhappy?", "Is this a complaint?", "Is it bad?")
TASKS = (
    _review("comment_sentiment", _of("comments"), 12.0),
    _review("lexicon_sentiment", _of("lexicon_sentiment"), 7.0),
    _review("lexicon_hint", _of("lexicon_hint"), 1.0),
    _review("reception", _of("reception"), 1.0),
    _review("quoted_critics", _of("quoted_critics"), 0.8),
    _review("verse_sentiment", _of("verses"), 1.0, "verse"),
    _review("comment_stars", lambda rng, world: _stars(comments(world), rng), 1.0),
    _review("comment_three_way", lambda rng, world: _three_way(comments(world), rng), 2.0),
    _review("verse_three_way", lambda rng, world: _three_way(verses(world), rng), 0.5, "verse"),
    Task(
        "comment_is_positive",
        "sentiment",
        ("review",),
        "answer",
        _is("comments", "positive", *_LIKED),
        2.0,
    ),
    Task(
        "comment_is_negative",
        "sentiment",
        ("review",),
        "answer",
        _is("comments", "negative", *_DISLIKED),
    ),
    Task(
        "critic_liked_it",
        "sentiment",
        ("review",),
        "answer",
        _is("quoted_critics", "positive", *_LIKED),
    ),
    Task("praise_or_complaint", "sentiment", ("review",), "label", _praise, 1.5),
    Task("subjective_or_neutral", "sentiment", ("text",), "label", _neutral),
)
