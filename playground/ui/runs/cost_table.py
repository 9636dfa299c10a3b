"""What runs cost, as a table on the Runs tab, and the button that times their answers."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue

import gradio as gr

from playground.comparisons.cost_rows import CostRow
from playground.errors import UserError
from playground.inference.replies import Measured
from playground.ui.components.notice import SILENT, notice, notice_text
from playground.ui.components.wiring import QUICK_LATEST, QUIET, Updates
from playground.ui.runs.run_list import chosen_runs
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.words import cost_table as words
from playground.ui.words.titles import model_title

NAME_WIDTH, WIDTH = "240px", "150px"
DIGITS = 3  # that are shown of a measured number
SAID_EVERY = 4  # answers timed, between two sentences that say how many
OVER = -1


@dataclass(frozen=True)
class CostWidgets:
    """The section's widgets. note: what is missing, how far the timing is, what it found."""

    table: gr.Dataframe
    time: gr.Button
    note: gr.HTML


def build_cost_table() -> CostWidgets:
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
    return CostWidgets(table, time, notice("run-ledger-note", notice_text(words.EMPTY, "quiet")))


@dataclass(frozen=True)
class CostHandlers:
    """The section's reactions. Every method returns only what changes."""

    shared: Shared
    widgets: CostWidgets

    def choose(self, saved: object, listed: object) -> Updates:
        """Other runs are chosen: what those cost that have learnt something."""
        runs, others = self._usable(saved, listed)
        widgets = self.widgets
        try:
            rows = self.shared.playground.ledger(runs, visitor.owner(saved)) if runs else []
        except UserError as error:  # the log of a damaged run may not say what it cost
            return self._none(str(error), "error")
        if not rows:
            return self._none(words.EMPTY, "quiet")
        note = notice_text(words.left_out(others), "quiet") if others else SILENT
        button = gr.Button(interactive=True)
        return {widgets.time: button, widgets.table: table_update(rows), widgets.note: note}

    def _none(self, why: str, tone: str) -> Updates:
        widgets = self.widgets
        unseen = gr.Dataframe(visible=False)
        off = gr.Button(interactive=False)
        return {widgets.time: off, widgets.table: unseen, widgets.note: notice_text(why, tone)}

    def time(self, saved: object, listed: object) -> Iterator[Updates]:
        """Time the answers of the chosen runs, saying how far it is."""
        widgets, owner = self.widgets, visitor.owner(saved)
        runs, _ = self._usable(saved, listed)
        yield {
            widgets.time: gr.Button(interactive=False),
            widgets.note: notice_text(words.TIMING, "quiet"),
        }
        heard: SimpleQueue[int] = SimpleQueue()
        with ThreadPoolExecutor(1) as pool:
            time, context = self.shared.playground.time_answers, copy_context()
            timing = pool.submit(context.run, time, runs, owner, heard.put)
            timing.add_done_callback(lambda over: heard.put(OVER))
            while (done := heard.get()) != OVER:
                if done % SAID_EVERY == 0:
                    yield {widgets.note: notice_text(words.timing(done), "quiet")}
        button: Updates = {widgets.time: gr.Button(interactive=True)}
        if isinstance(error := timing.exception(), UserError):
            yield {**button, widgets.note: notice_text(str(error), "error")}
        else:
            rows = timing.result()
            yield {
                **button,
                widgets.table: table_update(rows),
                widgets.note: notice_text(words.timed(rows), "quiet"),
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


def connect_cost_table(shared: Shared, listed: gr.HTML, widgets: CostWidgets) -> None:
    """The table follows the choice; a timing under way ends when other runs are chosen."""
    handlers = CostHandlers(shared, widgets)
    inputs, outputs = [shared.owner, listed], [widgets.table, widgets.time, widgets.note]
    timing = widgets.time.click(handlers.time, inputs, outputs, **QUIET)
    listed.input(handlers.choose, inputs, outputs, cancels=[timing], **QUICK_LATEST)


def table_update(rows: list[CostRow]) -> gr.Dataframe:
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
