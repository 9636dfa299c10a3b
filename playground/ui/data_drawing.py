"""What each part of the Data tab shows of a table and a task, as updates of its widgets."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.data.table import Table
from playground.data.task import Task
from playground.ui import data_plots, data_view
from playground.ui.data_pieces import Pieces, split_choices
from playground.ui.data_view import Wish
from playground.ui.notice import SILENT, said
from playground.ui.problems import listed
from playground.ui.reading import rendered
from playground.ui.shared import Shared
from playground.ui.words import data as words

Updates = dict[Component, Any]


@dataclass(frozen=True)
class Drawing:
    """One method for each part of the tab."""

    shared: Shared
    pieces: Pieces

    def divided(self, table: Table, task: Task, wanted: Wish) -> Updates:
        """How the rows are divided, in the state, in words and on the slider."""
        summary = said(data_view.summary(table, task, wanted), "headline")
        number = wanted.labels_per_class
        slider = (
            gr.Slider(interactive=False) if number is None else gr.Slider(number, interactive=True)
        )
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
            contents.balance: data_plots.balance(table.label_counts),
            contents.lengths: data_plots.lengths(data_view.texts(table)),
            contents.rows: gr.Dataframe(
                data_view.first_rows(table), column_widths=data_view.widths(table)
            ),
            contents.problems: listed(table.problems),
        }

    def task(self, task: Task) -> Updates:
        editor = self.pieces.editor
        return {
            editor.template: task.template,
            editor.instruction: task.instruction,
            editor.words: data_view.word_rows(task),
            editor.error: SILENT,
        }

    def row(self, table: Table, task: Task, index: int = 0) -> Updates:
        reading = self.pieces.reading
        return {
            reading.index: index,
            reading.prompt: rendered(task, table.rows[index]),
            reading.place: said(words.row_place(index, len(table.rows)), "quiet"),
        }
