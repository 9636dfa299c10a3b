"""Emotions of comments: pairs, small choices, the six basic ones, yes or no."""

from collections.abc import Mapping
from random import Random

from playground.pretraining.mixture.sentiment import grouped
from playground.pretraining.mixture.task import Episode, Pools, Start, Task, classes, some, yes_no
from playground.pretraining.mixture.world import World

EKMAN = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": ("joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism",
            "relief", "pride", "admiration", "desire", "caring"),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
}  # fmt: skip
_FEELS: Mapping[str, str] = {
    "admiration": "admiring", "amusement": "amused", "anger": "angry", "annoyance": "annoyed",
    "approval": "approving", "caring": "caring", "confusion": "confused", "curiosity": "curious",
    "desire": "longing", "disappointment": "disappointed", "disapproval": "disapproving",
    "disgust": "disgusted", "embarrassment": "embarrassed", "excitement": "excited",
    "fear": "afraid", "gratitude": "grateful", "grief": "grieving", "joy": "happy",
    "love": "loving",
    "nervousness": "nervous", "optimism": "hopeful", "pride": "proud", "realization": "aware",
    "relief": "relieved", "remorse": "sorry", "sadness": "sad", "surprise": "surprised",
    "neutral": "neutral",
}  # fmt: skip
_PLAIN = {"joy": "happy", "sadness": "sad", "anger": "angry", "fear": "afraid", "love": "loving",
          "surprise": "surprised"}  # fmt: skip


def _rows(world: World) -> Pools:
    rows = world.sets.get("goemotions", {})
    return world.made(
        "emotions", lambda: {k: v for k, v in rows.items() if k in _FEELS and k != "neutral"}
    )


def _named(pools: Pools, rng: Random) -> Pools:
    """The emotions as nouns, or as what the writer is."""
    return pools if rng.random() < 0.6 else {_FEELS[name]: texts for name, texts in pools.items()}


def _subset(most: int, least: int = 2) -> Start:
    return lambda rng, world: classes(_named(some(_rows(world), rng, most, least), rng), rng)


def _ekman(rng: Random, world: World) -> Episode | None:
    rows = world.sets.get("goemotions", {})
    return classes(some(world.made("ekman", lambda: grouped(rows, EKMAN)), rng, 6, 3), rng)


def _plain(rng: Random, world: World) -> Episode | None:
    rows = _rows(world)
    return classes({word: rows.get(name, ()) for name, word in _PLAIN.items()}, rng)


def _is(rng: Random, world: World) -> Episode | None:
    if not (rows := _rows(world)):
        return None
    name = rng.choice(list(rows))
    questions = (f"Is the writer {_FEELS[name]}?", f"Does it express {name}?", f"Is this {name}?")
    return yes_no(rows, rng, name, rng.choice(questions))


def _same(rng: Random, world: World) -> Episode | None:
    rows = {name: texts for name, texts in _rows(world).items() if len(texts) >= 2}
    if len(rows) < 2:
        return None
    names = list(rows)

    def draw(label: str) -> tuple[str, ...]:
        first, other = rng.sample(names, 2)
        return rng.choice(rows[first]), rng.choice(rows[first if label == "yes" else other])

    return Episode(("yes", "no"), draw, "Do both express the same emotion?")


TASKS = (
    Task("emotion_pair", "emotion", ("text",), "emotion", _subset(2), 2.0),
    Task("emotion_few", "emotion", ("text",), "emotion", _subset(5, 3), 2.0),
    Task("emotion_many", "emotion", ("text",), "emotion", _subset(12, 6), 1.5),
    Task("emotion_basic", "emotion", ("text",), "emotion", _ekman, 1.5),
    Task("emotion_plain", "emotion", ("text",), "emotion", _plain),
    Task("emotion_is", "emotion", ("text",), "answer", _is, 1.5),
    Task("emotion_same", "emotion", ("first", "second"), "answer", _same, 0.7),
)
