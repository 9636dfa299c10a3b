"""The Data tab: bring rows, see what is in them, say the task in words."""

from functools import partial

import gradio as gr

from playground.data.table import Table
from playground.tasks.classification import Task
from playground.ui.components.notice import said
from playground.ui.data import view
from playground.ui.data.handlers import Events, wish
from playground.ui.data.outputs import all_outputs, task_outputs, version
from playground.ui.data.reading_handlers import ReadingEvents
from playground.ui.data.source import FIRST_SAMPLE, about_sample, build_source, read_file
from playground.ui.data.widgets import (
    Pieces,
    build_columns,
    build_contents,
    build_division,
    build_editor,
    build_reading,
)
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.session.tables import sample_id
from playground.ui.words import data as words

QUIET = {"show_progress": "hidden", "api_visibility": "private"}
QUICK = {**QUIET, "queue": False}  # answered at once, without a place in the queue
NEWEST = {"trigger_mode": "always_last"}  # gradio drops what comes while it is busy otherwise
LATEST = {**QUIET, **NEWEST}


def build(shared: Shared) -> None:
    """Everything stands there at first sight, for the first sample."""
    table = shared.tables.get(sample_id(FIRST_SAMPLE))
    pieces = _lay_out(shared, table, Task.guess(table))
    events = Events(shared, pieces)
    _connect_sources(events)
    _connect_columns(events)
    _connect_task(events)
    _connect_reading(events)
    _connect_visit(events)


def _lay_out(shared: Shared, table: Table, task: Task) -> Pieces:
    """Three screens of one idea each: where from, what is in it, what the model will read."""
    per_class = shared.labels_per_class.value
    summary = view.summary(table, task, wish(per_class, shared.seed.value))
    with gr.Row(elem_classes="screen"):
        with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
            source = build_source(shared.sign_in)
            columns = build_columns(table)
            division = build_division(per_class, columns.split, shared.seed)
        with gr.Column(scale=7, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.WHAT_IS_IN_IT}")
            contents = build_contents(table, summary)
    with gr.Row(elem_classes="screen"):
        with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.TASK}")
            editor = build_editor(task)
        with gr.Column(scale=6, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.WILL_READ}")
            reading = build_reading(table, task)
            onward = gr.Button(words.TO_TRAIN, elem_id="to-train")
    brought = gr.State({"sample": sample_id(FIRST_SAMPLE)})
    shown = gr.State(sample_id(FIRST_SAMPLE))
    return Pieces(source, columns, division, contents, editor, reading, shown, brought, onward)


def _connect_sources(events: Events) -> None:
    """Every way of bringing rows shows the table, or the reason why not."""
    shared, source = events.shared, events.pieces.source
    divided = [shared.labels_per_class, shared.seed]
    brought = [events.pieces.brought, *divided]
    every = all_outputs(events)

    source.kind.input(
        events.switch,
        [source.kind, *brought],
        [source.kind, *source.groups.values(), *every],
        **QUICK,
    ).then(*version(shared), **LATEST)
    picked = source.sample.input(
        lambda kept, k, seed, name: events.pick_sample(kept, k, seed, sample_id(name)),
        [*brought, source.sample],
        every,
        **QUICK,
    )
    source.sample.input(about_sample, source.sample, source.about, **QUICK)
    picked.then(*version(shared), **LATEST)

    playground, reading, fetching = shared.playground, shared.reading, shared.fetching
    upload = events.bring("upload", reading.seated(partial(read_file, playground, shared.unread)))
    paste = events.bring("paste", reading.seated(playground.paste))
    fetch = events.bring_own("hub", fetching.seated(playground.hub))
    ways = [
        (source.upload.upload, upload, [source.upload]),
        (source.paste_button.click, paste, [source.paste]),
        (source.hub_button.click, fetch, list(source.hub)),
    ]
    for trigger, bring, inputs in ways:
        started = trigger(partial(said, words.READING, "quiet"), None, source.error, **QUICK)
        read_event = started.then(bring, [*brought, *inputs], every, **QUIET)
        read_event.then(*version(shared), **LATEST)


def _connect_columns(events: Events) -> None:
    shared, pieces = events.shared, events.pieces
    roles = [pieces.columns.text, pieces.columns.label, pieces.columns.split]
    chosen = gr.on(
        [column.input for column in roles],
        events.choose,
        [pieces.shown, *roles, shared.labels_per_class, shared.seed],
        all_outputs(events),
        **QUICK,
    )
    chosen.then(*version(shared), **LATEST)

    division = pieces.division
    sliders = [division.per_class.release, division.per_class.input]
    divided = gr.on(
        [*sliders, division.every.input, shared.seed.input],
        events.divide,
        [division.per_class, division.every, shared.seed, shared.table_state, shared.task_state],
        [shared.labels_per_class, pieces.contents.summary, division.per_class],
        **QUICK,
        **NEWEST,
    )
    divided.then(*version(shared), **LATEST)


def _connect_task(events: Events) -> None:
    """Typing is rendered at once; `change`, as gradio's `input` misses what is pasted in."""
    shared, pieces = events.shared, events.pieces
    editor, reading = pieces.editor, pieces.reading
    typed = [editor.template, editor.instruction, editor.words]
    gr.on(
        [editor.template.change, editor.instruction.change, editor.words.input],
        events.edit,
        [*typed, shared.table_state, shared.task_state, reading.index],
        [shared.task_state, reading.prompt, editor.error],
        **QUICK,
        **NEWEST,
    ).then(*version(shared), **LATEST)
    guessed = editor.guess.click(
        events.guess, shared.table_state, [shared.task_state, *task_outputs(pieces)], **QUICK
    )
    guessed.then(*version(shared), **LATEST)


def _connect_reading(events: Events) -> None:
    shared, reading = events.shared, events.pieces.reading
    place = [shared.table_state, shared.task_state, reading.index]
    outputs = [reading.index, reading.prompt, reading.place, events.pieces.editor.error]
    shown = [reading.prompt, reading.checks, reading.chat]
    asked = ReadingEvents(shared, events.pieces)
    check = (asked.check, [*place, shared.model_id], shown)
    for button, step in ((reading.previous, -1), (reading.following, 1)):
        turned = button.click(events.turn(step), place, outputs, **QUICK)
        turned.then(*check, **LATEST)
    spoken = [*outputs, shared.task_state]
    chosen = reading.chat.input(asked.converse, [reading.chat, *place], spoken, **QUICK)
    forgotten = shared.model_id.change(asked.forget_chat, place, [reading.chat, *spoken], **QUIET)
    for changed in (chosen, forgotten):
        changed.then(*version(shared), **LATEST)
    forgotten.then(*check, **LATEST)
    shared.data_version.change(*check, **LATEST)
    shared.opened.then(*check, **QUIET)


def _connect_visit(events: Events) -> None:
    """A reload finds the data as it was; the way on leads to training."""
    shared, pieces = events.shared, events.pieces
    source = pieces.source
    also = [source.kind, *source.groups.values(), source.sample, source.about]
    outputs = [*all_outputs(events), *also, pieces.division.every, shared.seed]
    restored = shared.opened.then(events.restore, shared.owner, outputs, **QUIET)
    restored.then(*version(shared), **LATEST)
    shared.data_version.change(
        lambda saved, table_id, task, k, seed: visitor.keep(
            saved, {"table": table_id, "task": task, "labels_per_class": k, "seed": seed}
        ),
        [shared.owner, *version(shared)[1]],
        shared.owner,
        **QUICK,
    )
    pieces.onward.click(lambda: gr.Tabs(selected="train"), None, shared.tabs, **QUICK)
