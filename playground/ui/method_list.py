"""The methods as a checkable list, each with its cost, its card and its settings."""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from playground.methods.cards import MethodCard, cards
from playground.runs.spec import Value
from playground.ui import settings
from playground.ui.ground import Given
from playground.ui.words import train as words

FIRST = ("lora", "soft_prompt")  # ticked at first sight, and on top


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


def tick_list() -> list[gr.Checkbox]:
    """One box to tick for each method, its cost beside it, in the order of `ordered`."""
    with gr.Column(elem_id="methods", elem_classes="methods"):
        gr.Markdown(f"### {words.METHODS}")
        return [
            gr.Checkbox(
                card.name in FIRST,
                label=card.title,
                info=words.COUNTING,
                elem_id=f"method-{card.name}",
                elem_classes="method",
            )
            for card in ordered()
        ]


def method_details(ticks: list[gr.Checkbox]) -> tuple[MethodRow, ...]:
    """What each method does and its settings, folded; of the ticked ones only."""
    return tuple(_details(*both) for both in zip(ordered(), ticks, strict=True))


def ordered() -> list[MethodCard]:
    """The best known first, the rest by title."""
    found = cards()
    rest = sorted((c for name, c in found.items() if name not in FIRST), key=lambda c: c.title)
    return [found[name] for name in FIRST if name in found] + rest


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
