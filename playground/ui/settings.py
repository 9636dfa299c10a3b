"""The settings of a method as widgets, made from its card: nothing here knows any method."""

from typing import Any

import gradio as gr

from playground.methods.cards import MethodCard, Setting

SLIDER_STEPS = 256  # a whole number with a longer range is typed, not dragged


def widgets(card: MethodCard) -> dict[str, gr.components.Component]:
    """One widget for each setting of the method, by the setting's name."""
    return {setting.name: widget(setting) for setting in card.settings}


def widget(setting: Setting) -> gr.components.Component:
    """Bounds are not given to number fields: playground.start says them in a sentence."""
    said: dict[str, Any] = {"label": label(setting.name), "info": setting.help, "min_width": 150}
    if setting.kind == "bool":
        return gr.Checkbox(setting.default, **said)
    if setting.choices:
        return gr.Dropdown(list(setting.choices), value=setting.default, filterable=False, **said)
    if setting.kind == "str":
        return gr.Textbox(setting.default, **said)
    if _is_short_range(setting):
        return gr.Slider(setting.low, setting.high, setting.default, step=1, **said)
    return gr.Number(setting.default, precision=0 if setting.kind == "int" else None, **said)


def label(name: str) -> str:
    """`batch_size` as people write it."""
    return name.replace("_", " ").capitalize()


def _is_short_range(setting: Setting) -> bool:
    bounded = setting.low is not None and setting.high is not None
    return setting.kind == "int" and bounded and setting.high - setting.low <= SLIDER_STEPS
