"""The widgets of the Runs tab."""

from dataclasses import dataclass

import gradio as gr

from playground.api import Playground
from playground.ui.components.figure import figure
from playground.ui.components.notice import notice, said
from playground.ui.components.plots import CURVE_HEIGHT
from playground.ui.http.download import downloader
from playground.ui.runs.cost_view import LedgerPieces, build_ledger
from playground.ui.runs.list import run_list
from playground.ui.words import runs as words


@dataclass(frozen=True)
class Pieces:
    """`panel` is what there is to see and do once a run is chosen; `doomed` are the ids of the runs
    that `question` asks about."""

    listed: gr.HTML
    headline: gr.HTML
    panel: gr.Column
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
    note: gr.HTML
    download: gr.HTML
    link: gr.Textbox
    sure: gr.Row
    question: gr.HTML
    doomed: gr.State
    delete_sure: gr.Button
    keep: gr.Button
    code: gr.Code
    loss: gr.HTML
    accuracy: gr.HTML
    settings: gr.Dataframe
    ledger: LedgerPieces


def build_pieces(playground: Playground) -> Pieces:
    """The list on top; below it the chosen runs, hidden while there is none."""
    made: dict[str, gr.components.Component | gr.blocks.BlockContext | LedgerPieces] = {}
    with gr.Column(elem_classes="sheet"):
        gr.Markdown(f"## {words.TITLE}")
        made["listed"] = run_list(playground, "run-list")
        made["headline"] = notice("run-headline", said(words.NO_TICK, "quiet"))
        with gr.Column(visible=False, elem_id="run-panel") as made["panel"]:
            made |= _actions() | _answers() | _pictures()
            made["ledger"] = build_ledger()
    return Pieces(**made)


def _actions() -> dict[str, gr.components.Component]:
    with gr.Row(elem_classes="actions"):
        buttons = {
            "open": gr.Button(words.OPEN, variant="primary", size="sm", min_width=80),
            "fetch": gr.Button(words.DOWNLOAD, size="sm", min_width=150),
            "fetch_merged": gr.Button(words.DOWNLOAD_MERGED, size="sm", min_width=190),
            "show_code": gr.Button(words.CODE, size="sm", min_width=130),
            "share": gr.Button(words.LINK, size="sm", min_width=110),
            "unshare": gr.Button(words.UNSHARE, size="sm", min_width=110, visible=False),
            "resume": gr.Button(words.RESUME, size="sm", min_width=90),
            "delete": gr.Button(words.DELETE, size="sm", min_width=90),
        }
    with gr.Row(elem_classes="actions naming", equal_height=True):
        buttons["name"] = gr.Textbox(
            label=words.NEW_NAME, max_lines=1, max_length=80, scale=3, min_width=200
        )
        buttons["rename"] = gr.Button(words.RENAME, size="sm", min_width=90, scale=0)
    return buttons


def _answers() -> dict[str, gr.components.Component | gr.Row]:
    """What the actions say."""
    note, download = notice("run-note"), downloader("run-download")
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
    return {
        "note": note,
        "download": download,
        "link": link,
        "sure": sure,
        "question": question,
        "doomed": doomed,
        "delete_sure": delete_sure,
        "keep": keep,
        "code": code,
    }


def _pictures() -> dict[str, gr.components.Component]:
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
    return {"loss": loss, "accuracy": accuracy, "settings": settings}
