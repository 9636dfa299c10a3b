"""The methods as one list: a box to tick, what it costs and, unfolded, what it does, with settings.

One component that a script draws from the methods' cards: a widget for every setting of every
method would be half of the page.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from playground.limits import TEMPLATE_CHARACTERS
from playground.methods.cards import MethodCard, cards
from playground.methods.common.rates import swept
from playground.runs.spec import Value
from playground.ui.components.assets import script
from playground.ui.words import methods as words

FIRST = ("lora", "soft_prompt", "adapter", "prompt_based_fine_tuning")  # in sight
TICKED = ("lora", "soft_prompt")  # at first sight
SHARED_RATE = 1e-3  # what every method would get if all got the same
Json = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """What a visitor has chosen. ticked: methods in the order of the page. settings: of each
    method those that were changed. unfolded: whether all methods are in sight."""

    ticked: tuple[str, ...]
    settings: dict[str, dict[str, Value]]
    unfolded: bool

    def of(self, method: str) -> dict[str, Value]:
        """The changed settings of one method."""
        return self.settings.get(method, {})

    def steps(self) -> int:
        """The most steps that a ticked method takes, 100 where none is known."""
        asked = [self.of(name).get("steps", _default(name, "steps")) for name in self.ticked]
        return max((int(one) for one in asked if isinstance(one, int | float)), default=100)

    @property
    def in_sight(self) -> tuple[str, ...]:
        """The methods that are shown."""
        shown = [card.name for card in ordered()]
        return tuple(name for name in shown if self.unfolded or name in (*FIRST, *self.ticked))


def method_list(elem_id: str) -> gr.HTML:
    """Its value is what `chosen` reads. It triggers `ticked` when a box was, and `touched` when a
    setting has changed or the others were unfolded; its costs come in by `gr.HTML(costs=…)`."""
    return gr.HTML(
        {"ticked": list(TICKED), "settings": {}, "unfolded": False},
        html_template=f'<h3>{words.METHODS}</h3><div class="method-list"></div>',
        js_on_load=f"const SAYS = {json.dumps(list_payload())};\n"
        + script("components/styles.js")
        + script("train/methods.js"),
        costs={},
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes="methods",
    )


def chosen(value: object) -> Choice:
    """What the browser sent. What is no method is left out; whether a setting may have its value
    is for `cards.checked` to say."""
    known = value if isinstance(value, dict) else {}
    ticked, settings = known.get("ticked"), known.get("settings")
    ticks = ticked if isinstance(ticked, list) else []
    changes = settings if isinstance(settings, dict) else {}
    return Choice(
        ticked=tuple(card.name for card in ordered() if card.name in ticks),
        settings={
            name: dict(changed)
            for name, changed in changes.items()
            if name in cards() and isinstance(changed, dict)
        },
        unfolded=known.get("unfolded") is True,
    )


def list_payload() -> Json:
    """All that the list's script draws: the cards tier by tier, and its own words."""
    first, *others = by_tier()
    titled = zip(words.TIERS, others, strict=True)
    return {
        "first": [_card_payload(card) for card in first],
        "shelves": [
            [title, [_card_payload(card) for card in found]] for title, found in titled if found
        ],
        "words": {
            "more": words.more_methods(sum(map(len, others))),
            "counting": words.COUNTING,
            "paper": words.PAPER,
            "reset": words.RESET,
            "rates": words.RATES,
            "default": words.DEFAULT_RATE,
            "shared": words.SHARED_RATE,
        },
        "shared": SHARED_RATE,
    }


def by_tier() -> tuple[list[MethodCard], list[MethodCard], list[MethodCard]]:
    """Those in sight, best known first; the other usual ones, and further ones, by title."""
    found = cards()
    rest = sorted((c for name, c in found.items() if name not in FIRST), key=lambda c: c.title)
    usual = [card for card in rest if card.tier == "main"]
    return [found[name] for name in FIRST], usual, [card for card in rest if card not in usual]


def ordered() -> list[MethodCard]:
    """Every method, in the order in which the page lists them."""
    return [card for tier in by_tier() for card in tier]


def paragraphs(text: str) -> list[str]:
    """A docstring's paragraphs, each on one line."""
    return [" ".join(part.split()) for part in text.split("\n\n")]


def label(name: str) -> str:
    """`batch_size` as people write it."""
    return name.replace("_", " ").capitalize()


def _card_payload(card: MethodCard) -> Json:
    return {
        "name": card.name,
        "title": card.title,
        "unfold": words.settings_of(card.title),
        "about": paragraphs(card.about),
        "paper": card.paper,
        "rates": swept(card.name).rates,
        "source": words.rate_source(card, swept(card.name)),
        "rate": card.setting("learning_rate").default,
        "settings": [
            {**asdict(one), "label": label(one.name), "most": TEMPLATE_CHARACTERS}
            for one in card.settings
        ],
    }


def _default(method: str, setting: str) -> Value:
    return cards()[method].setting(setting).default
