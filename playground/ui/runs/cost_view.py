"""What runs cost, as a table on the Runs tab, and the button that times their answers."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.comparisons.cost_rows import CostRow
from playground.errors import UserError
from playground.inference.replies import Measured
from playground.ui.components.notice import SILENT, notice, said
from playground.ui.runs.list import chosen_runs
from playground.ui.runs.rows import model_title
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.words import ledger as words

NAME_WIDTH, WIDTH = "240px", "150px"
DIGITS = 3  # that are shown of a measured number
SAID_EVERY = 4  # answers timed, between two sentences that say how many
OVER = -1
Updates = dict[Component, Any]


@dataclass(frozen=True)
class LedgerPieces:
    """The section's widgets. note: what is missing, how far the timing is, what it found."""

    table: gr.Dataframe
    time: gr.Button
    note: gr.HTML


def build_ledger() -> LedgerPieces:
    gr.Markdown(f"### {words.TITLE}\n{words.HELP}")
    table = gr.Dataframe(
        type="array",
        datatype="str",
        interactive=False,
        show_label=False,
        headers=list(words.HEADS),
        column_widths=[NAME_WIDTH, *[WIDTH] * (len(words.HEADS) - 1)],
        wrap=True,
        max_height=420,
        visible=False,
        elem_id="run-ledger",
        buttons=[],
    )
    with gr.Row(elem_classes="actions"):
        time = gr.Button(
            words.TIME, size="sm", min_width=150, interactive=False, elem_id="run-time"
        )
    return LedgerPieces(table, time, notice("run-ledger-note", said(words.EMPTY, "quiet")))


@dataclass(frozen=True)
class LedgerEvents:
    """The section's reactions. Every method returns only what changes."""

    shared: Shared
    pieces: LedgerPieces

    def choose(self, saved: object, listed: object) -> Updates:
        """Other runs are chosen: what those cost that have learnt something."""
        runs, others = self._usable(saved, listed)
        pieces = self.pieces
        try:
            rows = self.shared.playground.ledger(runs, visitor.owner(saved)) if runs else []
        except UserError as error:  # the log of a damaged run may not say what it cost
            return self._none(str(error), "error")
        if not rows:
            return self._none(words.EMPTY, "quiet")
        note = said(words.left_out(others), "quiet") if others else SILENT
        button = gr.Button(interactive=True)
        return {pieces.time: button, pieces.table: shown(rows), pieces.note: note}

    def _none(self, why: str, tone: str) -> Updates:
        pieces = self.pieces
        unseen = gr.Dataframe(visible=False)
        off = gr.Button(interactive=False)
        return {pieces.time: off, pieces.table: unseen, pieces.note: said(why, tone)}

    def time(self, saved: object, listed: object) -> Iterator[Updates]:
        """Time the answers of the chosen runs, saying how far it is."""
        pieces, owner = self.pieces, visitor.owner(saved)
        runs, _ = self._usable(saved, listed)
        yield {pieces.time: gr.Button(interactive=False), pieces.note: said(words.TIMING, "quiet")}
        heard: SimpleQueue[int] = SimpleQueue()
        with ThreadPoolExecutor(1) as pool:
            time, here = self.shared.playground.time_answers, copy_context()
            timing = pool.submit(here.run, time, runs, owner, heard.put)
            timing.add_done_callback(lambda over: heard.put(OVER))
            while (done := heard.get()) != OVER:
                if done % SAID_EVERY == 0:
                    yield {pieces.note: said(words.timing(done), "quiet")}
        button = {pieces.time: gr.Button(interactive=True)}
        if isinstance(error := timing.exception(), UserError):
            yield {**button, pieces.note: said(str(error), "error")}
        else:
            rows = timing.result()
            yield {
                **button,
                pieces.table: shown(rows),
                pieces.note: said(words.timed(rows), "quiet"),
            }

    def _usable(self, saved: object, listed: object) -> tuple[list[str], list[str]]:
        """Ids of the chosen runs that have learnt something, and the names of the others."""
        owner, found, others = visitor.owner(saved), [], []
        for run in chosen_runs(listed):
            try:
                record = self.shared.playground.record(run, owner)
            except UserError:
                continue  # deleted in another tab: the list leaves it out too
            if record.usable:
                found.append(record.id)
            else:
                others.append(record.name)
        return found, others


def connect_ledger(shared: Shared, listed: gr.HTML, pieces: LedgerPieces) -> None:
    """The table follows the choice; a timing under way ends when other runs are chosen."""
    events = LedgerEvents(shared, pieces)
    given, outputs = [shared.owner, listed], [pieces.table, pieces.time, pieces.note]
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    timing = pieces.time.click(events.time, given, outputs, **quiet)
    newest = {**quiet, "queue": False, "trigger_mode": "always_last"}
    listed.input(events.choose, given, outputs, cancels=[timing], **newest)


def shown(rows: list[CostRow]) -> gr.Dataframe:
    """The table of some rows, on the page."""
    return gr.Dataframe(
        {"headers": list(words.HEADS), "data": [line(row) for row in rows]}, visible=True
    )


def line(row: CostRow) -> list[str]:
    """One row as texts, in the order and the units of the headers."""
    full = not row.run_id
    merged = words.THE_SAME if full else row.not_mergeable
    return [
        words.full_copy(model_title(row.model), row.name) if full else row.name,
        f"{row.trainable:,}",
        figures(100 * row.share),
        figures(row.bytes / 1e6),
        words.NOT_TRAINED if row.peak_bytes is None else figures(row.peak_bytes / 1e6),
        words.NOT_TRAINED if row.seconds_per_step is None else figures(row.seconds_per_step),
        measured(row.answer),
        merged if row.answer and merged else measured(row.merged),
    ]


def measured(found: Measured | None) -> str:
    """A median with its 95 % interval."""
    if found is None:
        return words.NOT_TIMED
    return words.interval(figures(found.median), figures(found.low), figures(found.high))


def figures(value: float) -> str:
    """Three digits that count, and never an exponent."""
    size = math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{max(0, DIGITS - 1 - size) if value else 0}f}"
