"""What each part of the Data tab shows of a table and a task, as updates of its widgets."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.data.samples import SAMPLES
from playground.data.table import Table
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, said
from playground.ui.data import plots, view
from playground.ui.data.problems import listed
from playground.ui.data.reading import rendered
from playground.ui.data.source import about_sample
from playground.ui.data.view import Wish
from playground.ui.data.widgets import Pieces, split_choices
from playground.ui.session.shared import Shared
from playground.ui.session.tables import SAMPLE
from playground.ui.words import data as words

Updates = dict[Component, Any]


@dataclass(frozen=True)
class Drawing:
    """One method for each part of the tab."""

    shared: Shared
    pieces: Pieces

    def divided(self, table: Table, task: Task, wanted: Wish) -> Updates:
        """How the rows are divided, in the state, in words and on the slider."""
        summary = said(view.summary(table, task, wanted), "headline")
        number = wanted.labels_per_class
        moved = {} if number is None else {"value": number}
        slider = gr.Slider(**moved, interactive=number is not None)
        return {
            self.shared.labels_per_class: number,
            self.pieces.contents.summary: summary,
            self.pieces.division.per_class: slider,
        }

    def columns(self, table: Table) -> Updates:
        names = list(table.columns)
        columns = self.pieces.columns
        return {
            columns.text: gr.Dropdown(names, value=list(table.text_columns)),
            columns.label: gr.Dropdown(names, value=table.label_column),
            columns.split: gr.Dropdown(split_choices(table), value=table.split_column or ""),
        }

    def contents(self, table: Table) -> Updates:
        contents = self.pieces.contents
        plain = words.summary(len(table.rows), len(table.label_counts), "")
        return {
            contents.summary: said(plain, "headline"),
            contents.balance: plots.balance(table.label_counts),
            contents.lengths: plots.lengths(view.texts(table)),
            contents.rows: gr.Dataframe(view.first_rows(table), column_widths=view.widths(table)),
            contents.problems: listed(table.problems),
        }

    def task(self, task: Task) -> Updates:
        editor = self.pieces.editor
        return {
            editor.template: task.template,
            editor.instruction: task.instruction,
            editor.words: view.word_rows(task),
            editor.error: SILENT,
            self.pieces.reading.chat: task.chat,
        }

    def row(self, table: Table, task: Task, index: int = 0) -> Updates:
        reading = self.pieces.reading
        return {
            reading.index: index,
            reading.prompt: rendered(task, table.rows[index]),
            reading.place: said(words.row_place(index, len(table.rows)), "quiet"),
        }

    def source(self, kind: str) -> Updates:
        """The widgets of one way of bringing data, and no others."""
        groups = self.pieces.source.groups
        visible = {group: gr.Column(visible=name == kind) for name, group in groups.items()}
        return {self.pieces.source.kind: kind, **visible}

    def returned(self, table_id: str, table: Table) -> Updates:
        """Where the data of a visitor who comes back was from."""
        name = table_id.removeprefix(SAMPLE)
        if name in SAMPLES:
            source = self.pieces.source
            return {**self.source("sample"), source.sample: name, source.about: about_sample(name)}
        told = said(words.still_here(table.name), "good")
        known = {self.pieces.brought: {"upload": table_id}, self.pieces.source.error: told}
        return {**self.source("upload"), **known}
