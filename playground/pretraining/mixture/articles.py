"""Titles, topics and kinds of articles, and where a text is from."""

import re
from collections.abc import Mapping
from random import Random

from playground.pretraining.mixture.coherence import articles as runs
from playground.pretraining.mixture.names import word_list
from playground.pretraining.mixture.queries import weak
from playground.pretraining.mixture.task import Episode, Start, Task, Texts, classes, free, some
from playground.pretraining.mixture.world import (
    BOOK,
    DIALOGUE,
    ENCYCLOPEDIA,
    HEALTH,
    Labeller,
    World,
    whole,
)

_ENOUGH = 8
# What an opening sentence says its subject is: the first that fits decides.
_KINDS = (
    ("person", r"\b(?:is|was) an? (?:[\w\-]+ ){0,4}(?:actor|actress|player|politician|singer|writer"
               r"|author|footballer|musician|painter|scientist|lawyer|officer|coach|poet|director"
               r"|artist|journalist|historian|businessman|bishop|composer|professor|swimmer|cyclist)"),
    ("place", r"\b(?:is|was) an? (?:[\w\-]+ ){0,4}(?:village|town|city|municipality|county|district"
              r"|commune|suburb|hamlet|island|community|province|township|settlement|parish)\b"),
    ("river or mountain", r"\bis an? (?:[\w\-]+ ){0,3}(?:river|stream|lake|mountain|peak|glacier"
    r"|creek|hill)\b"),
    ("animal", r"\b(?:is a species of|is a genus of|are a family of) (?:[\w\-]+ ){0,3}(?:moth"
    r"|beetle|fish"
               r"|bird|frog|snail|snake|lizard|bat|spider|butterfly|mammal|crab|fly|ant|insect)"),
    ("plant", r"\bis an? (?:species|genus) of (?:[\w\-]+ ){0,3}(?:plant|tree|shrub|orchid"
    r"|flowering|grass|fern)"),
    ("film", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,7}(?:film|movie|documentary)\b"),
    ("book", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,6}(?:novel|book|magazine|newspaper|comic)\b"),
    ("music", r"\b(?:is|was) (?:an?|the) (?:[\w\-,]+ ){0,6}(?:album|song|single|band|EP)\b"),
    ("school", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,5}(?:school|college|university)\b"),
    ("company", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,5}(?:company|manufacturer|airline|brand|bank"
    r"|firm)\b"),
    ("building", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,5}(?:building|church|house|bridge|castle"
    r"|station|museum|stadium)\b"),
    ("ship or vehicle", r"\b(?:is|was) an? (?:[\w\-,]+ ){0,5}(?:ship|destroyer|aircraft"
    r"|locomotive|car|submarine|frigate)\b"),
    ("sport", r"\b(?:is|was) (?:an?|the) (?:[\w\-,]+ ){0,6}(?:tournament|championship|season"
    r"|club|team|league|race)\b"),
)  # fmt: skip
_KINDS_READ = tuple((label, re.compile(pattern)) for label, pattern in _KINDS)
_TOPICS: Mapping[str, str] = {
    "sports": "football season league team championship goals scored coach match player tournament",
    "politics": "election party minister parliament government elected president senate mayor vote",
    "music": "album band song guitar released recorded singer chart drums orchestra",
    "war": "army battle troops regiment war military soldiers navy infantry attack",
    "science": "species theory energy cells protein chemical physics equation genus molecules",
    "geography": "river village municipality located region district population mountain lake"
    " coast",
    "film and television": "film episode television actor directed starring series movie cast",
    "religion": "church bishop god holy priest saint temple prayer christian monastery",
    "business": "company market business products shares sales founded customers industry bank",
    "education": "school university students college campus teachers education degree",
    "transport": "railway station road line trains highway airport route bus passengers",
    "law": "court judge law trial police prison convicted crime murder legal",
    "health": "disease patients treatment symptoms medical cancer blood doctor infection",
}
_TOPIC_OF = {word: topic for topic, words in _TOPICS.items() for word in words.split()}
_NATIONS = word_list(
    "American British French German Italian Canadian Australian Indian Japanese Chinese"
    " Russian Polish Swedish Spanish Irish Dutch Norwegian Brazilian"
)  # fmt: skip


def entity(sentence: str) -> str | None:
    """What kind of thing an opening sentence says its subject is."""
    return next((label for label, fits in _KINDS_READ if fits.search(sentence[:180])), None)


def topic(sentence: str) -> str | None:
    """The topic two words or more of a sentence point to, and none to another."""
    found = [
        _TOPIC_OF[word] for word in set(sentence.lower().rstrip(".").split()) if word in _TOPIC_OF
    ]
    return found[0] if len(found) > 1 and len(set(found)) == 1 else None


def nationality(sentence: str) -> str | None:
    if not re.search(r"\b(?:is|was) an? ", sentence[:120]):
        return None
    found = [nation for nation in _NATIONS if nation in sentence]
    return found[0] if len(found) == 1 else None


def century(sentence: str) -> str | None:
    years = re.findall(r"\b(1[6-9]|20)\d\d\b", sentence)
    return (
        f"{int(years[0]) + 1}th".replace("21th", "21st") if years and len(set(years)) == 1 else None
    )


_ENCYCLOPEDIA = frozenset({ENCYCLOPEDIA})
LABELLERS = {
    "entity": Labeller(_ENCYCLOPEDIA, whole(entity), most=1),
    "topic": Labeller(frozenset({ENCYCLOPEDIA, BOOK}), whole(topic)),
    "nationality": Labeller(_ENCYCLOPEDIA, whole(nationality), most=1),
    "century": Labeller(_ENCYCLOPEDIA, whole(century)),
}


def _genre(rng: Random, world: World) -> Episode | None:
    names = {ENCYCLOPEDIA: ("encyclopedia", "article"), BOOK: ("novel", "book", "story"),
             DIALOGUE: ("dialogue", "conversation", "chat"), HEALTH: ("health",
             "medicine")}  # fmt: skip
    pools = {rng.choice(names[g]): texts for g, texts in world.sentences.items() if g in names}
    return classes(some(pools, rng, 4), rng)


def _titles(options: int) -> Start:
    """Which of some titles an article has, by its letter."""

    def start(rng: Random, world: World) -> Episode | None:
        if len(world.articles) < _ENOUGH:
            return None
        letters = "ABCD"[:options]

        def draw(label: str) -> Texts:
            own, *others = rng.sample(world.articles, options)
            titles = [other.title for other in others]
            titles.insert(letters.index(label), own.title)
            listed = "\n".join(
                f"{letter}. {title}" for letter, title in zip(letters, titles, strict=True)
            )
            return rng.choice(own.sentences[1:]), listed

        return Episode(tuple(letters), draw, "Which title fits?")

    return start


def _title_fits(rng: Random, world: World) -> Episode | None:
    if len(world.articles) < _ENOUGH:
        return None

    def draw(label: str) -> Texts:
        own, other = rng.sample(world.articles, 2)
        return rng.choice(own.sentences), (own if label == "yes" else other).title

    return Episode(("yes", "no"), draw, "Does the title fit the text?")


def _title_of(rng: Random, world: World) -> Episode | None:
    if len(world.articles) < _ENOUGH:
        return None

    def make() -> Texts:
        article = rng.choice(world.articles)
        return " ".join(article.sentences[:2]), article.title

    return free(make, rng.choice(("What is the title?", "What is it about?", "Give it a title.")))


def _same_subject(rng: Random, world: World) -> Episode | None:
    """By title: which of two articles a sentence is from; the titles are the labels."""
    if len(runs(world)) < _ENOUGH:
        return None
    known = [a for a in rng.sample(world.articles, 6) if len(a.sentences) > 5 and len(a.title) < 30]
    return classes({a.title: a.sentences for a in known[: rng.randint(2, 4)]}, rng)


TASKS = (
    Task("entity_kind", "topic", ("passage",), "type", weak("entity", 10), 2.0),
    Task("article_topic", "topic", ("passage",), "topic", weak("topic", 10), 2.0),
    Task("nationality", "topic", ("passage",), "label", weak("nationality", 6), 0.6),
    Task(
        "century",
        "topic",
        ("passage",),
        "label",
        weak("century", 4, "Which century is it about?"),
        0.5,
    ),
    Task("genre", "topic", ("passage",), "label", _genre, 1.0),
    Task("subject_by_title", "topic", ("passage",), "topic", _same_subject, 1.5),
    Task("title_of_two", "title", ("passage", "options"), "answer", _titles(2), 0.8),
    Task("title_of_four", "title", ("passage", "options"), "answer", _titles(4), 0.8),
    Task("title_fits", "title", ("passage", "title"), "answer", _title_fits, 1.0),
    Task("title_of", "title", ("passage",), "title", _title_of, 1.0),
)
