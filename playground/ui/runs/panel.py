"""What the panel of the Runs tab shows of the chosen runs."""

from typing import Any

import gradio as gr
from gradio.components import Component

from playground.reports.merged_zip import mergeable
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components.notice import SILENT, Said, said
from playground.ui.runs.pictures import overlaid
from playground.ui.runs.settings import compared
from playground.ui.runs.widgets import Pieces
from playground.ui.words import runs as words

Updates = dict[Component, Any]
SETTING_WIDTH, RUN_WIDTH = "260px", "320px"
RESUMABLE = ("stopped", "failed", "died", "damaged")  # where only the log is damaged, it goes on


def contents(pieces: Pieces, records: list[Record]) -> Updates:
    """The curves of the runs over each other, and their settings side by side."""
    loss, accuracy = overlaid(records)
    heads, rows = compared(records)
    title = words.SETTINGS if len(records) == 1 else words.DIFFERENCES
    return {
        pieces.loss: loss,
        pieces.accuracy: accuracy,
        pieces.settings: gr.Dataframe(
            {"headers": heads, "data": rows},
            label=title,
            column_widths=[SETTING_WIDTH, *[RUN_WIDTH] * len(records)],
        ),
    }


def damage_told(records: list[Record]) -> Said:
    """What is wrong with the first of the runs that is damaged; nothing where none is."""
    found = [words.damaged(one.name, one.damage) for one in records if one.damage]
    return said(found[0], "error") if found else SILENT


def buttons(pieces: Pieces, records: list[Record], owner: str) -> Updates:
    """What can be done: some of it with one run only, and some by the owner alone."""
    one, own = len(records) == 1, all(owns(record, owner) for record in records)
    name = records[0].name if one else ""
    return {
        pieces.show_code: gr.Button(interactive=one),
        pieces.fetch: gr.Button(interactive=one and records[0].usable),
        pieces.fetch_merged: gr.Button(
            interactive=one and records[0].usable and mergeable(records[0].spec.method)
        ),
        pieces.rename: gr.Button(interactive=one and own),
        pieces.name: gr.Textbox(name, interactive=one and own),
        pieces.resume: gr.Button(
            interactive=own
            and all(record.status in RESUMABLE and record.readable for record in records)
        ),
        pieces.unshare: gr.Button(visible=own and any(record.shared for record in records)),
        pieces.delete: gr.Button(interactive=own and all(record.over for record in records)),
    }
