"""The methods as a checkable list, each with its cost, its card and its settings."""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from playground.methods.cards import MethodCard, cards
from playground.runs.spec import Value
from playground.ui import settings
from playground.ui.ground import Given
from playground.ui.words import train as words

FIRST = ("lora", "soft_prompt", "adapter", "prompt_based_fine_tuning")  # in sight
TICKED = ("lora", "soft_prompt")  # at first sight


@dataclass(frozen=True)
class MethodRow:
    """One method on the page."""

    card: MethodCard
    ticked: gr.Checkbox
    details: gr.Accordion
    widgets: dict[str, Component]

    def chosen(self, given: Given) -> dict[str, Value]:
        """The settings as they stand."""
        return {name: given[widget] for name, widget in self.widgets.items()}


@dataclass(frozen=True)
class Ticks:
    """One box to tick for each method, in the order of `ordered`; `more` folds all but the
    first."""

    boxes: list[gr.Checkbox]
    more: gr.Accordion


def tick_list() -> Ticks:
    """The methods with their cost beside them: the first few in sight, the others folded."""
    first, *shelves = shelved()
    with gr.Column(elem_id="methods", elem_classes="methods"):
        gr.Markdown(f"### {words.METHODS}")
        boxes = [_box(card) for card in first]
        count = sum(map(len, shelves))
        with gr.Accordion(
            words.more_methods(count), open=False, elem_id="more-methods", elem_classes="more"
        ) as more:
            for title, cards_of_shelf in zip(words.SHELVES, shelves, strict=True):
                if cards_of_shelf:
                    gr.Markdown(f"#### {title}")
                boxes.extend(_box(card) for card in cards_of_shelf)
    return Ticks(boxes, more)


def _box(card: MethodCard) -> gr.Checkbox:
    return gr.Checkbox(
        card.name in TICKED,
        label=card.title,
        info=words.COUNTING if card.name in FIRST else words.COUNTED_WHEN_OPEN,
        elem_id=f"method-{card.name}",
        elem_classes="method",
    )


def method_details(ticks: list[gr.Checkbox]) -> tuple[MethodRow, ...]:
    """What each method does and its settings, folded; of the ticked ones only."""
    return tuple(_details(*both) for both in zip(ordered(), ticks, strict=True))


def shelved() -> tuple[list[MethodCard], list[MethodCard], list[MethodCard]]:
    """Those in sight, best known first; the other usual ones, and further ones, by title."""
    found = cards()
    rest = sorted((c for name, c in found.items() if name not in FIRST), key=lambda c: c.title)
    usual = [card for card in rest if card.shelf == "main"]
    return [found[name] for name in FIRST], usual, [card for card in rest if card not in usual]


def ordered() -> list[MethodCard]:
    """Every method, in the order in which the page lists them."""
    return [card for shelf in shelved() for card in shelf]


def _details(card: MethodCard, ticked: gr.Checkbox) -> MethodRow:
    with gr.Accordion(
        words.settings_of(card.title),
        open=False,
        visible=ticked.value,
        elem_id=f"settings-{card.name}",
        elem_classes="method-settings",
    ) as details:
        gr.Markdown(f"{card.about}\n\n[{words.PAPER}]({card.paper})", elem_classes="method-about")
        with gr.Row(elem_classes="setting-grid"):
            made = settings.widgets(card)
    return MethodRow(card, ticked, details, made)
