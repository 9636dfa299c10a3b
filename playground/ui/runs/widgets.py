"""The widgets of the Runs tab."""

from dataclasses import dataclass

import gradio as gr

from playground.api import Playground
from playground.ui.components.assets import script
from playground.ui.components.figure import figure
from playground.ui.components.notice import notice, notice_text
from playground.ui.components.plots import CURVE_HEIGHT
from playground.ui.runs.cost_table import CostWidgets, build_cost_table
from playground.ui.runs.run_list import run_list
from playground.ui.words import runs as words

Download = dict[str, str]  # {"address", "name", "text"}


@dataclass(frozen=True)
class ActionWidgets:
    """What can be done with the chosen runs."""

    open: gr.Button
    fetch: gr.Button
    fetch_merged: gr.Button
    show_code: gr.Button
    share: gr.Button
    unshare: gr.Button
    resume: gr.Button
    delete: gr.Button
    name: gr.Textbox
    rename: gr.Button


@dataclass(frozen=True)
class ReplyWidgets:
    """What comes of it. doomed: ids of the runs that `question` asks about."""

    note: gr.HTML
    download: gr.HTML
    link: gr.Textbox
    sure: gr.Row
    question: gr.HTML
    doomed: gr.State
    delete_sure: gr.Button
    keep: gr.Button
    code: gr.Code


@dataclass(frozen=True)
class DetailWidgets:
    """Curves and settings of the chosen runs."""

    loss: gr.HTML
    accuracy: gr.HTML
    settings: gr.Dataframe


@dataclass(frozen=True)
class Widgets:
    """`panel` is what there is to see and do once a run is chosen; all below it lie in it."""

    listed: gr.HTML
    headline: gr.HTML
    panel: gr.Column
    actions: ActionWidgets
    replies: ReplyWidgets
    details: DetailWidgets
    costs: CostWidgets


def build_widgets(playground: Playground) -> Widgets:
    """The list on top; below it the chosen runs, hidden while there is none."""
    with gr.Column(elem_classes="sheet"):
        gr.Markdown(f"## {words.TITLE}")
        listed = run_list(playground, "run-list")
        headline = notice("run-headline", notice_text(words.NO_TICK, "quiet"))
        with gr.Column(visible=False, elem_id="run-panel") as panel:
            actions, replies, details = _build_actions(), _build_replies(), _build_details()
            costs = build_cost_table()
    return Widgets(listed, headline, panel, actions, replies, details, costs)


def _build_actions() -> ActionWidgets:
    with gr.Row(elem_classes="actions"):
        open_ = gr.Button(words.OPEN, variant="primary", size="sm", min_width=80)
        fetch = gr.Button(words.DOWNLOAD, size="sm", min_width=150)
        fetch_merged = gr.Button(words.DOWNLOAD_MERGED, size="sm", min_width=190)
        show_code = gr.Button(words.CODE, size="sm", min_width=130)
        share = gr.Button(words.LINK, size="sm", min_width=110)
        unshare = gr.Button(words.UNSHARE, size="sm", min_width=110, visible=False)
        resume = gr.Button(words.RESUME, size="sm", min_width=90)
        delete = gr.Button(words.DELETE, size="sm", min_width=90)
    with gr.Row(elem_classes="actions naming", equal_height=True):
        name = gr.Textbox(label=words.NEW_NAME, max_lines=1, max_length=80, scale=3, min_width=200)
        rename = gr.Button(words.RENAME, size="sm", min_width=90, scale=0)
    return ActionWidgets(
        open_, fetch, fetch_merged, show_code, share, unshare, resume, delete, name, rename
    )


def _build_replies() -> ReplyWidgets:
    note, download = notice("run-note"), download_link("run-download")
    # interactive, as a field that is not cannot be reached by keyboard to copy from it
    link = gr.Textbox(label=words.LINK_BOX, interactive=True, visible=False, elem_id="run-link")
    with gr.Row(visible=False, elem_classes="actions", elem_id="run-sure") as sure:
        question, doomed = notice("run-question"), gr.State([])
        delete_sure = gr.Button(words.DELETE_SURE, variant="stop", size="sm", min_width=120)
        keep = gr.Button(words.KEEP, size="sm", min_width=80)
    code = gr.Code(
        language="python",
        label=words.CODE_BOX,
        visible=False,
        interactive=False,
        max_lines=28,
        elem_id="run-code",
    )
    return ReplyWidgets(note, download, link, sure, question, doomed, delete_sure, keep, code)


def _build_details() -> DetailWidgets:
    with gr.Row(elem_classes="charts"):
        with gr.Column(min_width=300):
            gr.Markdown(f"### {words.LOSS}")
            loss = figure(None, CURVE_HEIGHT, "run-loss")
        with gr.Column(min_width=300):
            gr.Markdown(f"### {words.ACCURACY}")
            accuracy = figure(None, CURVE_HEIGHT, "run-accuracy")
    settings = gr.Dataframe(
        type="array",
        interactive=False,
        label=words.SETTINGS,
        wrap=True,
        max_height=420,
        elem_id="run-settings",
        buttons=[],
    )
    return DetailWidgets(loss, accuracy, settings)


def download_link(elem_id: str) -> gr.HTML:
    """Starts a download in the browser and says so; output a `download_payload(...)` to it."""
    return gr.HTML(
        None,
        html_template='<p class="download" role="status" aria-live="polite" hidden></p>',
        js_on_load=script("runs/download.js"),
        elem_id=elem_id,
        elem_classes="notice-place",
    )


def download_payload(address: str, name: str) -> Download:
    """The value of a `download_link`. address: of Downloads.offer, relative to the page."""
    return {"address": address, "name": name, "text": words.downloaded(name)}
