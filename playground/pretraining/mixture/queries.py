"""Questions: what kind of answer they ask for, and which of them are well formed."""

import re
from random import Random

from playground.pretraining.mixture.task import (
    Episode,
    Pools,
    Start,
    Task,
    classes,
    free,
    some,
    yes_no,
)
from playground.pretraining.mixture.world import (
    BOOK,
    DIALOGUE,
    HEALTH,
    Labeller,
    World,
    whole,
)

# The first that fits decides; weak labels by the words a question begins with or turns on.
_KINDS = (
    ("abbreviation", r"\bstand for\b|\babbreviat|\bacronym\b|\bfull form\b|\bshort for\b"),
    ("number", r"\bhow (?:many|much|old|long|far|tall|big|fast|high|deep|large|often|hot|heavy)\b"
               r"|\bwhat (?:is|was) the (?:number|population|price|cost|distance|height|speed|size"
               r"|length|weight|age|average|percentage|temperature)\b|\bwhat percent"),
    ("time", r"^when\b|\bwhat (?:year|day|date|month|time|century)\b|\bin what year\b"
             r"|\bwhich (?:year|day|month)\b"),
    ("person", r"^who\b|^whose\b|\b(?:what|which) (?:\w+ )?(?:president|king|queen|actor|actress"
    r"|author"
               r"|singer|man|woman|person|player|scientist|writer|artist|leader)\b"
               r"|^what (?:is|was) the name of the (?:man|woman|person|president|author)"),
    ("place", r"^where\b|\b(?:what|which) (?:\w+ )?(?:country|city|state|place|continent|county"
    r"|river"
              r"|island|town|ocean|planet|mountain|capital)\b|^what is the capital\b"),
    ("reason", r"^why\b|^what (?:is|was) the reason\b|^what causes?\b"),
    ("manner", r"^how (?:do|does|did|can|to|would|should|could)\b"),
    ("description", r"^what (?:is|are|was) (?:an? )?\w+\s*\?$|^what does \w+ mean|^define\b"
                    r"|^what is the (?:meaning|definition|purpose|difference|history|origin)\b"
                    r"|^describe\b|^what (?:do|does) .* mean"),
    ("thing", r"\b(?:what|which) (?:\w+ )?(?:color|colour|animal|food|language|book|song|film|movie"
              r"|word|sport|type|kind|kinds|types|element|team|game|company|disease|color|brand|plant)s?\b"),
    ("yes or no", r"^(?:is|are|do|does|did|can|could|was|were|has|have|will|would|should)\b"),
)  # fmt: skip
_KINDS_READ = tuple((label, re.compile(pattern)) for label, pattern in _KINDS)
_NAMES = {
    "abbreviation": ("abbreviation", "short form", "acronym"),
    "number": ("number", "quantity", "numeric", "amount"), "time": ("time", "date", "when"),
    "person": ("person", "human", "people", "individual", "who"),
    "place": ("place", "location", "where", "geography"),
    "reason": ("reason", "cause", "why"), "manner": ("manner", "method", "how"),
    "description": ("description", "definition", "explanation", "meaning"),
    "thing": ("thing", "entity", "object"), "yes or no": ("yes or no", "confirmation"),
}  # fmt: skip
_MEDICAL = (
    ("symptoms", r"symptom|sign"), ("treatment", r"treat"), ("causes", r"^what causes|caused"),
    ("genetics", r"genetic"), ("inheritance", r"inherited"), ("frequency",
    r"how many people|common"),
    ("diagnosis", r"diagnos"), ("research", r"research|trials"), ("outlook", r"outlook"),
    ("risk", r"at risk|risk"), ("prevention", r"prevent"), ("definition",
    r"^what is \(are\)|^what is"),
    ("complications", r"complication"), ("stages", r"stages"),
)  # fmt: skip
_MEDICAL_READ = tuple((label, re.compile(pattern)) for label, pattern in _MEDICAL)


def kind(question: str) -> str | None:
    """What kind of answer a question asks for, None if its words do not tell."""
    if not question.endswith("?") or len(question) > 160:
        return None
    words = question.lower().lstrip("\"'“ ")
    return next((label for label, fits in _KINDS_READ if fits.search(words)), None)


def medical(question: str) -> str | None:
    words = question.lower()
    if not words.endswith("?"):
        return None
    return next((label for label, fits in _MEDICAL_READ if fits.search(words)), None)


def form(sentence: str) -> str | None:
    if sentence[-1] in ".?!":
        return {"?": "question", "!": "exclamation", ".": "statement"}[sentence[-1]]
    return None


LABELLERS = {
    "question_kind": Labeller(frozenset({BOOK, DIALOGUE, HEALTH}), whole(kind)),
    "medical_kind": Labeller(frozenset({HEALTH}), whole(medical)),
    "sentence_form": Labeller(frozenset({BOOK, DIALOGUE}), whole(form)),
}


def _queries(world: World) -> Pools:
    def make() -> Pools:
        found: dict[str, list[str]] = {}
        for texts in world.sets.get("query-wellformedness", {}).values():
            for text in texts:
                if label := kind(text):
                    found.setdefault(label, []).append(text)
        return found

    return world.made("queries", make)


def _named(pools: Pools, rng: Random) -> Pools:
    return {rng.choice(_NAMES[label]): texts for label, texts in pools.items()}


def _kinds(most: int, least: int, weak: bool = False) -> Start:
    def start(rng: Random, world: World) -> Episode | None:
        pools = world.found("question_kind") if weak else _queries(world)
        chosen = some(pools, rng, most, min(least, len(pools))) if len(pools) > 1 else {}
        return classes(_named(chosen, rng), rng)

    return start


def _is_kind(rng: Random, world: World) -> Episode | None:
    pools = {label: texts for label, texts in _queries(world).items() if label in _ASKED_FOR}
    if not pools:
        return None
    label = rng.choice(list(pools))
    question = f"Does it ask for {_ASKED_FOR[label]}?"
    return yes_no(pools, rng, label, question)


_ASKED_FOR = {
    "person": "a person", "place": "a place", "time": "a time", "number": "a number",
    "reason": "a reason", "abbreviation": "an abbreviation", "description": "a definition",
}  # fmt: skip


def _wh_word(rng: Random, world: World) -> Episode | None:
    pools = {k: v for k, v in _queries(world).items() if k in ("person", "place", "time", "reason")}
    if len(pools) < 2:
        return None
    texts = [text for texts in pools.values() for text in rng.sample(texts, min(40, len(texts)))]

    def make() -> tuple[str, ...]:
        first, _, rest = rng.choice(texts).partition(" ")
        return f"___ {rest}", first.lower()

    return free(make, "Which word is missing?")


def _well_formed(rng: Random, world: World) -> Episode | None:
    rows = world.sets.get("query-wellformedness", {})
    good, bad = rng.choice((("well formed", "badly formed"), ("good", "bad"), ("correct",
    "incorrect"),
                            ("yes", "no"), ("fluent", "broken")))  # fmt: skip
    question = "Is it a well-formed question?"
    pools = {good: rows.get("well-formed", ()), bad: rows.get("not well-formed", ())}
    return classes(pools, rng, question)


def _spam(rng: Random, world: World) -> Episode | None:
    rows = world.sets.get("sms-spam", {})
    ham, spam = rng.choice((("ham", "spam"), ("normal", "spam"), ("personal", "advertising"),
                            ("no", "yes"), ("not spam", "spam"), ("real", "junk")))  # fmt: skip
    question = "Is it spam?" if ham == "no" else ""
    return classes({ham: rows.get("ham", ()), spam: rows.get("spam", ())}, rng, question)


def weak(labeller: str, most: int = 12, question: str = "") -> Start:
    """Episodes over what a weak labeller found."""
    return lambda rng, world: classes(some(world.found(labeller), rng, most), rng, question)


TASKS = (
    Task("question_kind", "question", ("question",), "type", _kinds(10, 3), 3.0),
    Task("question_kind_pair", "question", ("question",), "type", _kinds(2, 2), 1.0),
    Task("question_kind_many", "question", ("question",), "type", _kinds(10, 6), 2.0),
    Task("question_kind_weak", "question", ("question",), "type", _kinds(8, 3, weak=True), 0.7),
    Task("question_asks_for", "question", ("question",), "answer", _is_kind, 1.0),
    Task("question_word", "question", ("question",), "word", _wh_word, 0.6),
    Task("medical_kind", "question", ("question",), "type", weak("medical_kind", 10), 1.0),
    Task("sentence_form", "question", ("text",), "label", weak("sentence_form"), 0.6),
    Task("well_formed", "acceptable", ("question",), "answer", _well_formed, 1.5),
    Task("sms_spam", "spam", ("message",), "label", _spam, 1.5),
)
