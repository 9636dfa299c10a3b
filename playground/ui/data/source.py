"""Where the data comes from: a sample, a file, pasted rows or the Hub."""

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from playground.api import Playground
from playground.data.samples import SAMPLES
from playground.data.table import Table
from playground.errors import UserError
from playground.ui.components.notice import SILENT, notice, notice_text
from playground.ui.http.origin import origin
from playground.ui.http.unread import Unread
from playground.ui.words import data as words

FIRST_SAMPLE = "support-tickets"


@dataclass(frozen=True)
class SourceWidgets:
    """The widgets, and the group of widgets each way of bringing data needs."""

    kind: gr.Radio
    groups: dict[str, gr.Column]
    sample: gr.Dropdown
    about: gr.HTML
    upload: gr.File
    paste: gr.Textbox
    paste_button: gr.Button
    hub: tuple[gr.Textbox, gr.Textbox, gr.Textbox]
    hub_button: gr.Button
    error: gr.HTML


def build_source(sign_in: bool = False) -> SourceWidgets:
    """The widgets. sign_in: whether visitors can sign in with the Hub, as on a Space that says so:
    elsewhere gradio's button signs in whoever runs the machine."""
    kind = gr.Radio(
        [(title, name) for name, title in words.SOURCES.items()],
        value="sample",
        label=words.WHERE_FROM,
        elem_id="source",
    )
    groups: dict[str, gr.Column] = {}
    with _group("sample", groups):
        titles = [(sample.title, name) for name, sample in SAMPLES.items()]
        sample = gr.Dropdown(titles, value=FIRST_SAMPLE, label=words.SAMPLE, filterable=False)
        about = notice("sample-about", about_sample(FIRST_SAMPLE))
    with _group("upload", groups):
        upload = gr.File(label=words.UPLOAD, height=150, elem_id="upload", file_count="multiple")
        notice("upload-help", notice_text(words.UPLOAD_HELP, "quiet"))
    with _group("paste", groups):
        paste = gr.Textbox(
            label=words.PASTE,
            info=words.PASTE_HELP,
            placeholder=words.PASTE_EXAMPLE,
            lines=6,
            max_lines=12,
        )
        paste_button = gr.Button(words.PASTE_BUTTON)
    with _group("hub", groups):
        hub, hub_button = _build_hub(sign_in)
    error = notice("data-error", SILENT)
    return SourceWidgets(
        kind, groups, sample, about, upload, paste, paste_button, hub, hub_button, error
    )


def about_sample(name: str) -> dict[str, str]:
    return notice_text(SAMPLES[name].about, "quiet")


def read_file(playground: Playground, unread: Unread, paths: str | list[str] | None) -> Table:
    """The table of an uploaded file, or of several that are parts of one data set. They are then
    removed, once all who sent the same have read it: nothing of them stays on disk. Raises
    UserError where none came: a file chosen while another is read is cleared away with that one.
    """
    if not paths:
        raise UserError("No file has come. Choose it again, once the one before it is read.")
    files = [Path(path) for path in ([paths] if isinstance(paths, str) else paths)]
    try:
        return playground.read(files[0] if len(files) == 1 else files)
    finally:
        for file in files:
            unread.read(origin(), file)


def _build_hub(
    sign_in: bool,
) -> tuple[tuple[gr.Textbox, gr.Textbox, gr.Textbox], gr.Button]:
    if sign_in:
        gr.LoginButton(words.SIGN_IN, words.SIGN_OUT, size="sm")
        notice("sign-in-help", notice_text(words.SIGN_IN_HELP, "quiet"))
    name = gr.Textbox(label=words.HUB, info=words.HUB_HELP, max_lines=1, max_length=200)
    with gr.Row():
        configuration = gr.Textbox(
            label=words.HUB_CONFIGURATION, max_lines=1, max_length=100, min_width=140
        )
        part = gr.Textbox(label=words.HUB_SPLIT, max_lines=1, max_length=100, min_width=140)
    return (name, configuration, part), gr.Button(words.HUB_BUTTON)


def _group(name: str, groups: dict[str, gr.Column]) -> gr.Column:
    groups[name] = gr.Column(visible=name == "sample", elem_classes="tight")
    return groups[name]
