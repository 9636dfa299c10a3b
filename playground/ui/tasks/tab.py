"""The Tasks tab: finished runs as tasks of one resident model, asked alone or all at once."""

from functools import partial

import gradio as gr

from playground import limits
from playground.ui.compare.parts import answer_list
from playground.ui.components.notice import notice
from playground.ui.session.shared import Shared
from playground.ui.tasks.handlers import NOTHING, Events, Pieces, answers
from playground.ui.tasks.shelf import looking, task_shelf
from playground.ui.words import tasks as words

MOST_TEXTS = 3  # columns one can type into; a task with more is asked through the API
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
QUICK = {**QUIET, "queue": False}


def build(shared: Shared) -> None:
    """The shelf looks for itself; asking happens at a press, and the timing follows the answers."""
    pieces = lay_out(shared)
    events = Events(shared, pieces)
    shared.owner.change(looking, shared.owner, pieces.shelf, **QUICK)
    given = {pieces.shelf, pieces.columns, pieces.last, *pieces.texts}
    kept = (pieces.columns, pieces.last)
    outputs = [pieces.note, pieces.answers, pieces.times, *kept, *pieces.texts]
    pieces.shelf.input(events.press, given, outputs, trigger_mode="always_last", **QUIET)
    asked = gr.on(
        [pieces.button.click, pieces.texts[0].submit],
        partial(answers, busy=words.ASKING),
        None,
        pieces.answers,
        **QUICK,
    )
    known = asked.then(events.ask_all, given, outputs, **QUIET)
    known.then(events.time, given, [pieces.times, pieces.last], **QUIET)


def lay_out(shared: Shared) -> Pieces:
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
            said = answer_list("task-answers")
            times = notice("task-times")
    return Pieces(shelf, texts, button, note, said, times, gr.State([]), gr.State(NOTHING))
