"""The widgets of the Data tab, grouped as they stand on the page."""

from dataclasses import dataclass

import gradio as gr

from playground.data.table import Table
from playground.tasks.classification import Task
from playground.ui.components.figure import figure
from playground.ui.components.notice import SILENT, notice, notice_text
from playground.ui.data import charts, view
from playground.ui.data.problems import problem_list, problems_payload
from playground.ui.data.prompt import checks_box, prompt_box, prompt_payload, waiting_payload
from playground.ui.data.source import SourceWidgets
from playground.ui.words import data as words

MOST_PER_CLASS = 256


@dataclass(frozen=True)
class ColumnWidgets:
    """Which column has which role."""

    text: gr.Dropdown
    label: gr.Dropdown
    split: gr.Dropdown


@dataclass(frozen=True)
class SplitWidgets:
    """How many examples to learn from; the seed is shared with the other tabs."""

    labels_per_class: gr.Slider
    every: gr.Checkbox


@dataclass(frozen=True)
class ContentWidgets:
    """What is in the table."""

    summary: gr.HTML
    balance: gr.HTML
    lengths: gr.HTML
    rows: gr.Dataframe
    problems: gr.HTML


@dataclass(frozen=True)
class EditorWidgets:
    """The task in words."""

    template: gr.Textbox
    instruction: gr.Textbox
    words: gr.Dataframe
    guess: gr.Button
    error: gr.HTML


@dataclass(frozen=True)
class PromptWidgets:
    """One row as the model reads it. `index`: which row of the table; `chat`: in sight where the
    model has a chat template."""

    index: gr.State
    place: gr.HTML
    prompt: gr.HTML
    chat: gr.Checkbox
    checks: gr.HTML
    previous: gr.Button
    following: gr.Button


@dataclass(frozen=True)
class Widgets:
    """All of the tab. `shown`: id of the table on screen, which has no task yet when no label
    column could be guessed; `brought`: for each source, the id of the table it gave."""

    source: SourceWidgets
    columns: ColumnWidgets
    split: SplitWidgets
    contents: ContentWidgets
    editor: EditorWidgets
    prompt: PromptWidgets
    shown: gr.State
    brought: gr.State
    onward: gr.Button


def build_columns(table: Table) -> ColumnWidgets:
    names = list(table.columns)
    with gr.Row():
        text = gr.Dropdown(
            names,
            value=list(table.text_columns),
            multiselect=True,
            max_choices=2,
            label=words.TEXT_COLUMNS,
            elem_id="text-columns",
            min_width=150,
        )
        label = gr.Dropdown(
            names, value=table.label_column, label=words.LABEL_COLUMN, min_width=150
        )
    split = gr.Dropdown(
        split_choices(table),
        value=table.split_column or "",
        label=words.SPLIT_COLUMN,
        min_width=150,
        render=False,
    )
    return ColumnWidgets(text, label, split)


def split_choices(table: Table) -> list[tuple[str, str]]:
    return [(words.NO_SPLIT_COLUMN, ""), *((words.split_by(name), name) for name in table.columns)]


def build_split(number: int, column: gr.Dropdown, seed: gr.Number) -> SplitWidgets:
    labels_per_class = gr.Slider(
        1,
        MOST_PER_CLASS,
        value=number,
        step=1,
        label=words.LABELS_PER_CLASS,
        info=words.LABELS_PER_CLASS_HELP,
        elem_id="labels-per-class",
    )
    every = gr.Checkbox(label=words.ALL_LABELLED, container=False)
    with gr.Row():
        column.render()
        seed.render()
    return SplitWidgets(labels_per_class, every)


def build_contents(table: Table, summary: str) -> ContentWidgets:
    notice_place = notice("data-summary", notice_text(summary, "headline"))
    with gr.Row(elem_classes="charts"):
        balance = figure(charts.balance(table.label_counts), charts.HEIGHT, "balance")
        lengths = figure(charts.lengths(view.texts(table)), charts.HEIGHT, "lengths")
    rows = gr.Dataframe(
        view.first_rows(table),
        column_widths=view.widths(table),
        type="array",
        interactive=False,
        label=words.FIRST_ROWS,
        max_height=210,
        elem_id="first-rows",
        buttons=[],
    )
    problems = problem_list(problems_payload(table.problems), "problems")
    return ContentWidgets(notice_place, balance, lengths, rows, problems)


def build_editor(task: Task) -> EditorWidgets:
    template = gr.Textbox(
        task.template,
        label=words.TEMPLATE,
        info=words.TEMPLATE_HELP,
        lines=3,
        max_lines=8,
        elem_id="template",
    )
    instruction = gr.Textbox(
        task.instruction, label=words.INSTRUCTION, lines=1, max_lines=4, elem_id="instruction"
    )
    label_words = gr.Dataframe(
        view.word_rows(task),
        headers=list(words.LABEL_WORDS_HEAD),
        type="array",
        interactive=True,
        static_columns=[0],
        label=words.LABEL_WORDS,
        max_height=230,
        elem_id="label-words",
        buttons=[],
    )
    notice("label-words-help", notice_text(words.LABEL_WORDS_HELP, "quiet"))
    guess = gr.Button(words.GUESS, size="sm", elem_id="guess")
    return EditorWidgets(template, instruction, label_words, guess, notice("task-error", SILENT))


def build_prompt(table: Table, task: Task) -> PromptWidgets:
    prompt = prompt_box(prompt_payload(task, table.rows[0]), "prompt")
    with gr.Row(elem_classes="pager"):
        previous = gr.Button(words.PREVIOUS_ROW, size="sm", min_width=90)
        place = notice("row-place", notice_text(words.row_place(0, len(table.rows)), "quiet"))
        following = gr.Button(words.NEXT_ROW, size="sm", min_width=90)
    chat = gr.Checkbox(
        task.chat,
        label=words.CHAT,
        info=words.CHAT_HELP,
        container=False,
        visible=False,
        elem_id="chat",
    )
    checks = checks_box(waiting_payload(), "checks")
    return PromptWidgets(gr.State(0), place, prompt, chat, checks, previous, following)
