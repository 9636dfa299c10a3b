"""The Data tab: bring rows, see what is in them, say the task in words."""

from collections.abc import Callable
from functools import partial

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from playground.data.table import Table
from playground.tasks.classification import Task
from playground.ui.components.notice import notice_text
from playground.ui.components.wiring import LATEST, QUICK, QUICK_LATEST, QUIET, Updates
from playground.ui.data import view
from playground.ui.data.handlers import Handlers
from playground.ui.data.prompt_handlers import PromptHandlers
from playground.ui.data.source import FIRST_SAMPLE, about_sample, build_source, read_file
from playground.ui.data.updates import all_outputs, task_outputs, version_update
from playground.ui.data.widgets import (
    Widgets,
    build_columns,
    build_contents,
    build_editor,
    build_prompt,
    build_split,
)
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.session.tables import sample_id
from playground.ui.words import data as words


def build(shared: Shared) -> None:
    """Everything stands there at first sight, for the first sample."""
    table = shared.tables.get(sample_id(FIRST_SAMPLE))
    widgets = _build_widgets(shared, table, Task.guess(table))
    handlers = Handlers(shared, widgets)
    _connect_sources(handlers)
    _connect_columns(handlers)
    _connect_task(handlers)
    _connect_reading(handlers)
    _connect_visit(handlers)


def _build_widgets(shared: Shared, table: Table, task: Task) -> Widgets:
    """Three screens of one idea each: where from, what is in it, what the model will read."""
    summary = view.summary(
        table, task, view.split_settings(shared.labels_per_class.value, shared.seed.value)
    )
    with gr.Row(elem_classes="screen"):
        with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
            source = build_source(shared.sign_in)
            columns = build_columns(table)
            split = build_split(shared.labels_per_class.value, columns.split, shared.seed)
        with gr.Column(scale=7, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.WHAT_IS_IN_IT}")
            contents = build_contents(table, summary)
    with gr.Row(elem_classes="screen"):
        with gr.Column(scale=5, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.TASK}")
            editor = build_editor(task)
        with gr.Column(scale=6, min_width=320, elem_classes="sheet"):
            gr.Markdown(f"## {words.WILL_READ}")
            prompt = build_prompt(table, task)
            onward = gr.Button(words.TO_TRAIN, elem_id="to-train")
    brought = gr.State({"sample": sample_id(FIRST_SAMPLE)})
    shown = gr.State(sample_id(FIRST_SAMPLE))
    return Widgets(source, columns, split, contents, editor, prompt, shown, brought, onward)


def _connect_sources(handlers: Handlers) -> None:
    """Every way of bringing rows shows the table, or the reason why not."""
    shared, source = handlers.shared, handlers.widgets.source
    split = [shared.labels_per_class, shared.seed]
    brought = [handlers.widgets.brought, *split]
    every = all_outputs(shared, handlers.widgets)

    source.kind.input(
        handlers.switch,
        [source.kind, *brought],
        [source.kind, *source.groups.values(), *every],
        **QUICK,
    ).then(*version_update(shared), **LATEST)
    picked = source.sample.input(
        lambda brought, labels_per_class, seed, name: handlers.pick_sample(
            brought, labels_per_class, seed, sample_id(name)
        ),
        [*brought, source.sample],
        every,
        **QUICK,
    )
    source.sample.input(about_sample, source.sample, source.about, **QUICK)
    picked.then(*version_update(shared), **LATEST)

    playground, reading, fetching = shared.playground, shared.reading, shared.fetching
    upload = handlers.bring("upload", reading.seated(partial(read_file, playground, shared.unread)))
    paste = handlers.bring("paste", reading.seated(playground.paste))
    fetch = handlers.bring_own("hub", fetching.seated(playground.hub))
    ways: list[tuple[Callable[..., Dependency], Callable[..., Updates], list[Component]]] = [
        (source.upload.upload, upload, [source.upload]),
        (source.paste_button.click, paste, [source.paste]),
        (source.hub_button.click, fetch, list(source.hub)),
    ]
    for trigger, bring, inputs in ways:
        started = trigger(partial(notice_text, words.READING, "quiet"), None, source.error, **QUICK)
        read_event = started.then(bring, [*brought, *inputs], every, **QUIET)
        read_event.then(*version_update(shared), **LATEST)


def _connect_columns(handlers: Handlers) -> None:
    shared, widgets = handlers.shared, handlers.widgets
    roles = [widgets.columns.text, widgets.columns.label, widgets.columns.split]
    chosen = gr.on(
        [column.input for column in roles],
        handlers.choose,
        [widgets.shown, *roles, shared.labels_per_class, shared.seed],
        all_outputs(shared, widgets),
        **QUICK,
    )
    chosen.then(*version_update(shared), **LATEST)

    split = widgets.split
    sliders = [split.labels_per_class.release, split.labels_per_class.input]
    resplit = gr.on(
        [*sliders, split.every.input, shared.seed.input],
        handlers.resplit,
        [split.labels_per_class, split.every, shared.seed, shared.table_state, shared.task_state],
        [shared.labels_per_class, widgets.contents.summary, split.labels_per_class],
        **QUICK_LATEST,
    )
    resplit.then(*version_update(shared), **LATEST)


def _connect_task(handlers: Handlers) -> None:
    """Typing is rendered at once; `change`, as gradio's `input` misses what is pasted in."""
    shared, widgets = handlers.shared, handlers.widgets
    editor, prompt = widgets.editor, widgets.prompt
    typed = [editor.template, editor.instruction, editor.words]
    gr.on(
        [editor.template.change, editor.instruction.change, editor.words.input],
        handlers.edit,
        [*typed, shared.table_state, shared.task_state, prompt.index],
        [shared.task_state, prompt.prompt, editor.error],
        **QUICK_LATEST,
    ).then(*version_update(shared), **LATEST)
    guessed = editor.guess.click(
        handlers.guess, shared.table_state, [shared.task_state, *task_outputs(widgets)], **QUICK
    )
    guessed.then(*version_update(shared), **LATEST)


def _connect_reading(handlers: Handlers) -> None:
    shared, prompt = handlers.shared, handlers.widgets.prompt
    place = [shared.table_state, shared.task_state, prompt.index]
    outputs = [prompt.index, prompt.prompt, prompt.place, handlers.widgets.editor.error]
    shown = [prompt.prompt, prompt.checks, prompt.chat]
    asked = PromptHandlers(shared, handlers.widgets)
    check = (asked.check, [*place, shared.model_id], shown)
    for button, step in ((prompt.previous, -1), (prompt.following, 1)):
        turned = button.click(handlers.turn(step), place, outputs, **QUICK)
        turned.then(*check, **LATEST)
    spoken = [*outputs, shared.task_state]
    chosen = prompt.chat.input(asked.converse, [prompt.chat, *place], spoken, **QUICK)
    forgotten = shared.model_id.change(asked.forget_chat, place, [prompt.chat, *spoken], **QUIET)
    for changed in (chosen, forgotten):
        changed.then(*version_update(shared), **LATEST)
    forgotten.then(*check, **LATEST)
    shared.data_version.change(*check, **LATEST)
    shared.opened.then(*check, **QUIET)


def _connect_visit(handlers: Handlers) -> None:
    """A reload finds the data as it was; the way on leads to training."""
    shared, widgets = handlers.shared, handlers.widgets
    source = widgets.source
    also = [source.kind, *source.groups.values(), source.sample, source.about]
    outputs = [*all_outputs(shared, widgets), *also, widgets.split.every, shared.seed]
    restored = shared.opened.then(handlers.restore, shared.owner, outputs, **QUIET)
    restored.then(*version_update(shared), **LATEST)
    shared.data_version.change(
        lambda saved, table_id, task, labels_per_class, seed: visitor.keep(
            saved,
            {
                "table": table_id,
                "task": task,
                "labels_per_class": labels_per_class,
                "seed": seed,
            },
        ),
        [shared.owner, *version_update(shared)[1]],
        shared.owner,
        **QUICK,
    )
    widgets.onward.click(lambda: gr.Tabs(selected="train"), None, shared.tabs, **QUICK)
