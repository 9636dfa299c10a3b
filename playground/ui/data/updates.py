"""What the events of the Data tab write: which widgets, and what these show of table and task."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from playground.data.samples import SAMPLES
from playground.data.table import Table
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.wiring import Updates
from playground.ui.data import charts, view
from playground.ui.data.problems import problems_payload
from playground.ui.data.prompt import prompt_payload
from playground.ui.data.source import about_sample
from playground.ui.data.view import SplitSettings
from playground.ui.data.widgets import Widgets, split_choices
from playground.ui.session.shared import Shared
from playground.ui.session.tables import SAMPLE
from playground.ui.words import data as words


@dataclass(frozen=True)
class Updater:
    """One method for each part of the tab."""

    shared: Shared
    widgets: Widgets

    def split(self, table: Table, task: Task, settings: SplitSettings) -> Updates:
        """How the rows are split, in the state, in words and on the slider."""
        labels_per_class = settings.labels_per_class
        every = labels_per_class is None
        slider = (
            gr.Slider(interactive=False)
            if every
            else gr.Slider(value=labels_per_class, interactive=True)
        )
        return {
            self.shared.labels_per_class: labels_per_class,
            self.widgets.contents.summary: notice_text(
                view.summary(table, task, settings), "headline"
            ),
            self.widgets.split.labels_per_class: slider,
        }

    def columns(self, table: Table) -> Updates:
        names = list(table.columns)
        columns = self.widgets.columns
        return {
            columns.text: gr.Dropdown(names, value=list(table.text_columns)),
            columns.label: gr.Dropdown(names, value=table.label_column),
            columns.split: gr.Dropdown(split_choices(table), value=table.split_column or ""),
        }

    def contents(self, table: Table) -> Updates:
        contents = self.widgets.contents
        plain = words.summary(len(table.rows), len(table.label_counts), "")
        return {
            contents.summary: notice_text(plain, "headline"),
            contents.balance: charts.balance(table.label_counts),
            contents.lengths: charts.lengths(view.texts(table)),
            contents.rows: gr.Dataframe(view.first_rows(table), column_widths=view.widths(table)),
            contents.problems: problems_payload(table.problems),
        }

    def task(self, task: Task) -> Updates:
        editor = self.widgets.editor
        return {
            editor.template: task.template,
            editor.instruction: task.instruction,
            editor.words: view.word_rows(task),
            editor.error: SILENT,
            self.widgets.prompt.chat: task.chat,
        }

    def row(self, table: Table, task: Task, index: int = 0) -> Updates:
        prompt = self.widgets.prompt
        return {
            prompt.index: index,
            prompt.prompt: prompt_payload(task, table.rows[index]),
            prompt.place: notice_text(words.row_place(index, len(table.rows)), "quiet"),
        }

    def source(self, kind: str) -> Updates:
        """The widgets of one way of bringing data, and no others."""
        groups = self.widgets.source.groups
        visible: Updates = {
            group: gr.Column(visible=name == kind) for name, group in groups.items()
        }
        return {self.widgets.source.kind: kind, **visible}

    def returned(self, table_id: str, table: Table) -> Updates:
        """Where the data of a visitor who comes back was from."""
        name = table_id.removeprefix(SAMPLE)
        if name in SAMPLES:
            source = self.widgets.source
            return {**self.source("sample"), source.sample: name, source.about: about_sample(name)}
        return {
            **self.source("upload"),
            self.widgets.brought: {"upload": table_id},
            self.widgets.source.error: notice_text(words.still_here(table.name), "good"),
        }


def version_update(shared: Shared) -> tuple[Callable[..., str], list[Component], Component]:
    """What `.then` needs to say that table, task, labels per class or seed may have changed."""
    inputs = [shared.table_state, shared.task_state, shared.labels_per_class, shared.seed]
    return (
        lambda table_id, task, labels_per_class, seed: view.version(
            table_id, task, view.split_settings(labels_per_class, seed)
        ),
        inputs,
        shared.data_version,
    )


def task_outputs(widgets: Widgets) -> list[Component]:
    editor, prompt = widgets.editor, widgets.prompt
    shown = [editor.template, editor.instruction, editor.words, editor.error]
    return [*shown, prompt.index, prompt.prompt, prompt.place, prompt.chat]


def all_outputs(shared: Shared, widgets: Widgets) -> list[Component]:
    contents, columns = widgets.contents, widgets.columns
    return [
        shared.table_state,
        shared.task_state,
        widgets.shown,
        widgets.brought,
        widgets.source.error,
        widgets.source.upload,
        shared.labels_per_class,
        widgets.split.labels_per_class,
        columns.text,
        columns.label,
        columns.split,
        contents.summary,
        contents.balance,
        contents.lengths,
        contents.rows,
        contents.problems,
        *task_outputs(widgets),
    ]
