"""Who speaks, for what service, what an utterance does, what is said next."""

import re
from random import Random

from playground.pretraining.mixture.queries import weak
from playground.pretraining.mixture.task import Episode, Task, Texts, free, pairs
from playground.pretraining.mixture.world import DIALOGUE, Labeller, World, whole

_ENOUGH = 8
_SERVICES = (
    ("restaurants", r"\brestaurant|\btable for|\bdine\b|\bcuisine|\bplace to eat"),
    ("flights", r"\bflights?\b|\bairline|\bfly (?:to|from)"),
    ("hotels", r"\bhotels?\b|\bcheck.?in\b|\bplace to stay|\baccommodation"),
    ("buses", r"\bbus(?:es)?\b"), ("trains", r"\btrains?\b"),
    ("cars", r"\brental car|\brent a car|\bcar\b.*\brent|\bpick.?up date"),
    ("taxis", r"\bcab\b|\btaxi|\bride to\b"), ("films", r"\bmovies?\b|\bcinema|\bshow ?times?\b"
    r"|\btheater"),
    ("music", r"\bsongs?\b|\bmusic\b|\balbum"), ("weather", r"\bweather|\brain\b|\btemperature"
    r"|\bhumidity"),
    ("banking", r"\bbank\b|\bbalance\b|\bsavings\b|\bchecking account|\btransfer\b"),
    ("doctors", r"\bdoctor|\bdentist|\bdermatolog|\bgynecolog|\btherapist"),
    ("events", r"\bevents?\b|\bconcerts?\b|\btickets\b"), ("homes",
    r"\bapartment|\bbedroom|\bproperty\b"),
    ("calendar", r"\bcalendar|\bschedule\b|\bappointment"), ("salons",
    r"\bsalon|\bhaircut|\bstylist"),
)  # fmt: skip
_ACTS = (
    ("thanks", r"\bthanks?\b|\bappreciate"), ("goodbye", r"\bbye\b|\bhave a (?:great|nice|good)"
    r"|enjoy your"),
    ("offer of help", r"anything else|help you with|assist"),
    ("confirmation", r"^(?:yes|sure|correct|okay|ok|yep|that's right|sounds good)\b"),
    ("refusal", r"^(?:no|nope|not now|nah)\b"),
    ("request to confirm", r"^(?:please )?(?:confirm|can you confirm|just to confirm"
    r"|you would like|you want)"),
    ("failure", r"\bsorry\b|unsuccessful|unable|couldn't|could not|wasn't able|failed"),
    ("success", r"has been (?:made|booked|confirmed|reserved)|successful|all set|\bbooked\b"),
    ("question", r"\?$"), ("request", r"^(?:i want|i'd like|i would like|i need|find|please|get"
    r"|show|book|play)"),
)  # fmt: skip
_SERVICES_READ = tuple((label, re.compile(pattern)) for label, pattern in _SERVICES)
_ACTS_READ = tuple((label, re.compile(pattern)) for label, pattern in _ACTS)


def service(utterance: str) -> str | None:
    """The one service an utterance names, None if it names several or none."""
    found = [label for label, fits in _SERVICES_READ if fits.search(utterance.lower())]
    return found[0] if len(found) == 1 and len(utterance) > 25 else None


def act(utterance: str) -> str | None:
    words = utterance.lower()
    return next((label for label, fits in _ACTS_READ if fits.search(words)), None)


_DIALOGUE = frozenset({DIALOGUE})
LABELLERS = {
    "service": Labeller(_DIALOGUE, whole(service)),
    "act": Labeller(_DIALOGUE, whole(act)),
}


def _speaker(rng: Random, world: World) -> Episode | None:
    if len(world.dialogues) < _ENOUGH:
        return None
    names = rng.choice((("user", "assistant"), ("customer", "agent"), ("User", "Assistant")))

    def draw(label: str) -> Texts:
        turns = rng.choice(world.dialogues)
        return (turns[2 * rng.randrange(len(turns) // 2) + names.index(label)].text,)

    return Episode(names, draw, rng.choice(("Who says this?", "Who is speaking?", "")))


def _reply_fits(rng: Random, world: World) -> Episode | None:
    if len(world.dialogues) < _ENOUGH:
        return None

    def yes() -> Texts:
        turns = rng.choice(world.dialogues)
        at = rng.randrange(len(turns) - 1)
        return turns[at].text, turns[at + 1].text

    return pairs(yes, lambda: (yes()[0], yes()[1]), "Does the reply fit?")


def _which_reply(rng: Random, world: World) -> Episode | None:
    if len(world.dialogues) < _ENOUGH:
        return None

    def draw(label: str) -> Texts:
        own, other = rng.sample(world.dialogues, 2)
        at = rng.randrange(len(own) - 1)
        wrong = other[min(at + 1, len(other) - 1)].text
        shown = (own[at + 1].text, wrong) if label == "A" else (wrong, own[at + 1].text)
        return own[at].text, f"A: {shown[0]}\nB: {shown[1]}"

    return Episode(("A", "B"), draw, "Which reply is right?")


def _reply(rng: Random, world: World) -> Episode | None:
    if len(world.dialogues) < _ENOUGH:
        return None

    def make() -> Texts:
        turns = rng.choice(world.dialogues)
        at = 2 * rng.randrange(len(turns) // 2)
        return turns[at].text, turns[at + 1].text

    return free(make)


def _end(rng: Random, world: World) -> Episode | None:
    """Whether a turn is near a conversation's beginning or its end."""
    if len(world.dialogues) < _ENOUGH:
        return None

    def draw(label: str) -> Texts:
        turns = rng.choice(world.dialogues)
        return (rng.choice(turns[:2] if label == "beginning" else turns[-2:]).text,)

    return Episode(("beginning", "end"), draw, "Is it the beginning or the end of a conversation?")


TASKS = (
    Task("dialogue_service", "dialogue", ("message",), "topic", weak("service", 10), 2.0),
    Task("dialogue_act", "dialogue", ("message",), "type", weak("act", 8), 1.5),
    Task("dialogue_speaker", "dialogue", ("message",), "label", _speaker, 0.8),
    Task("dialogue_end", "dialogue", ("message",), "label", _end, 0.5),
    Task("reply_fits", "dialogue", ("message", "reply"), "answer", _reply_fits, 1.0),
    Task("which_reply", "dialogue", ("message", "options"), "answer", _which_reply, 0.8),
    Task("reply", "dialogue", ("message",), "output", _reply, 0.5),
)
