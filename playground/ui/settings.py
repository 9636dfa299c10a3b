"""The settings of a method as widgets, made from its card: nothing here knows any method."""

from typing import Any

import gradio as gr

from playground.methods.cards import MethodCard, Setting


def widgets(card: MethodCard) -> dict[str, gr.components.Component]:
    """One widget for each setting of the method, by the setting's name."""
    return {setting.name: widget(setting) for setting in card.settings}


def widget(setting: Setting) -> gr.components.Component:
    """Numbers are typed, without bounds: playground.start says them in a sentence."""
    said: dict[str, Any] = {"label": label(setting.name), "info": setting.help, "min_width": 150}
    if setting.kind == "bool":
        return gr.Checkbox(setting.default, **said)
    if setting.choices:
        return gr.Dropdown(list(setting.choices), value=setting.default, filterable=False, **said)
    if setting.kind == "str":
        return gr.Textbox(setting.default, **said)
    return gr.Number(setting.default, precision=0 if setting.kind == "int" else None, **said)


def label(name: str) -> str:
    """`batch_size` as people write it."""
    return name.replace("_", " ").capitalize()
