"""The widgets of the Train tab, laid out; nothing here reacts."""

from dataclasses import dataclass

import gradio as gr

from playground.models.catalogue import BUNDLED
from playground.ui.components.notice import notice
from playground.ui.session.shared import Shared
from playground.ui.train import model_picker
from playground.ui.train.live import live_view
from playground.ui.train.method_list import TICKED, method_list
from playground.ui.words import train as words

DEBOUNCE_SECONDS = 0.7


@dataclass(frozen=True)
class Widgets:
    """The widgets of the tab that callbacks read or write.

    question: key of the prompting arms in the chart. pace: seconds zero-shot takes for one example,
    0 until it is known. noticed, settled: the data and model of the last refresh, and those the
    question was asked for.
    """

    model: gr.Dropdown
    about_model: gr.HTML
    data_line: gr.HTML
    methods: gr.HTML
    button: gr.Button
    trouble: gr.HTML
    onward: gr.Button
    live: gr.HTML
    question: gr.State
    pace: gr.State
    noticed: gr.State
    settled: gr.State
    timer: gr.Timer


def build_widgets(shared: Shared) -> Widgets:
    with gr.Row(elem_classes="screen train"):
        with gr.Column(scale=4, min_width=320, elem_classes="sheet"):
            model = gr.Dropdown(
                model_picker.choices(),
                value=BUNDLED,
                label=words.MODEL,
                info=words.MODEL_HELP,
                allow_custom_value=True,
                elem_id="model",
            )
            about_model = notice("about-model", model_picker.about(BUNDLED))
            methods = method_list("methods")
            data_line = notice("train-data")
            button = gr.Button(
                words.train_button(len(TICKED)), variant="primary", size="lg", elem_id="train"
            )
            trouble = notice("train-trouble")
            onward = gr.Button(words.TO_COMPARE, variant="secondary", elem_id="to-compare")
        with gr.Column(scale=8, min_width=320, elem_classes="sheet"):
            live = live_view(shared.playground, "live")
    return Widgets(
        model=model,
        about_model=about_model,
        data_line=data_line,
        methods=methods,
        button=button,
        trouble=trouble,
        onward=onward,
        live=live,
        question=gr.State(""),
        pace=gr.State(0.0),
        noticed=gr.State(""),
        settled=gr.State(""),
        timer=gr.Timer(DEBOUNCE_SECONDS, active=False),
    )
