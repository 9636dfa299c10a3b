"""The Tasks tab: finished runs as tasks of one resident model, asked alone or all at once."""

from functools import partial

import gradio as gr
from gradio.blocks import Block

from playground import limits
from playground.ui.components.answers import answer_list
from playground.ui.components.notice import notice
from playground.ui.components.wiring import LATEST, QUICK, QUIET
from playground.ui.session.shared import Shared
from playground.ui.tasks.handlers import NOTHING, Handlers, Widgets, task_answers_payload
from playground.ui.tasks.shelf import looking, task_shelf
from playground.ui.words import tasks as words

MOST_TEXTS = 3  # columns one can type into; a task with more is asked through the API


def build(shared: Shared) -> None:
    """The shelf refreshes itself; asking happens at a press, and the timing follows the answers."""
    widgets = build_widgets(shared)
    handlers = Handlers(shared, widgets)
    shared.owner.change(looking, shared.owner, widgets.shelf, **QUICK)
    inputs: set[Block] = {widgets.shelf, widgets.columns, widgets.last, *widgets.texts}
    kept = (widgets.columns, widgets.last)
    outputs = [widgets.note, widgets.answers, widgets.times, *kept, *widgets.texts]
    widgets.shelf.input(handlers.press, inputs, outputs, **LATEST)
    asked = gr.on(
        [widgets.button.click, widgets.texts[0].submit],
        partial(task_answers_payload, busy=words.ASKING),
        None,
        widgets.answers,
        **QUICK,
    )
    known = asked.then(handlers.ask_all, inputs, outputs, **QUIET)
    known.then(handlers.time, inputs, [widgets.times, widgets.last], **QUIET)


def build_widgets(shared: Shared) -> Widgets:
    with gr.Column(elem_classes="tasks"):
        with gr.Column(elem_classes="sheet"):
            gr.Markdown(f"## {words.TITLE}\n{words.HELP}")
            shelf = task_shelf(shared.playground, "task-shelf")
        with gr.Column(elem_classes="sheet"):
            texts = tuple(
                gr.Textbox(
                    label=words.TEXT,
                    placeholder=words.PLACEHOLDER if index == 0 else None,
                    lines=1,
                    max_lines=4,
                    visible=index == 0,
                    max_length=limits.EXAMPLE_CHARACTERS,
                    elem_id=f"task-text-{index}",
                )
                for index in range(MOST_TEXTS)
            )
            button = gr.Button(words.ASK_ALL, variant="primary", elem_id="ask-tasks")
            note = notice("task-note")
            answer_widget = answer_list("task-answers")
            times = notice("task-times")
    return Widgets(
        shelf, texts, button, note, answer_widget, times, gr.State([]), gr.State(NOTHING)
    )
