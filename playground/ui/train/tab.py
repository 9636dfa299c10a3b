"""The Train tab: pick a model and methods on the left, watch them learn on the right."""

import gradio as gr

from playground.models.catalogue import BUNDLED
from playground.ui.components.notice import SILENT
from playground.ui.session import selection
from playground.ui.session.shared import Shared
from playground.ui.train.costs import Costs
from playground.ui.train.handlers import Events
from playground.ui.train.widgets import Pieces, lay_out

QUIET = {"show_progress": "hidden", "api_visibility": "private"}
QUICK = {**QUIET, "queue": False}
LATEST = {"trigger_mode": "always_last"}


def build(shared: Shared) -> None:
    """Everything stands there at first sight; the button is ready."""
    pieces = lay_out(shared)
    events = Events(shared, pieces)
    _connect_choices(shared, pieces, events)
    _connect_costs(shared, pieces)
    _connect_live(shared, pieces, events)


def _connect_choices(shared: Shared, pieces: Pieces, events: Events) -> None:
    """Model, ticks, the button."""
    methods = pieces.methods
    pieces.model.change(lambda model: model or BUNDLED, pieces.model, shared.model_id, **QUIET)
    methods.ticked(events.tick, methods, pieces.button, **QUICK, **LATEST)
    methods.ticked(lambda: SILENT, None, pieces.trouble, **QUICK, **LATEST)
    pieces.button.click(
        events.start,
        selection.inputs(shared) | {methods},
        [shared.owner, shared.selected_runs, pieces.trouble],
        **QUIET,
    )
    pieces.onward.click(lambda: gr.Tabs(selected="compare"), None, shared.tabs, **QUICK)


def _connect_costs(shared: Shared, pieces: Pieces) -> None:
    """Methods in sight are counted on the model at once, the folded ones when they are unfolded."""
    costs, methods = Costs(shared.playground), pieces.methods
    common = [shared.model_id, shared.task_state]
    counting = costs.count, [*common, pieces.pace, methods], methods
    fitting = costs.fits, [*common, methods], pieces.about_model
    gr.on([shared.model_id.change, pieces.pace.change], *counting, **QUIET, **LATEST)
    methods.touched(*counting, **QUIET, **LATEST)
    shared.model_id.change(*fitting, **QUIET, **LATEST)
    methods.ticked(*fitting, **QUIET, **LATEST)
    shared.opened.then(*counting, **QUIET)
    shared.opened.then(*fitting, **QUIET)


def _connect_live(shared: Shared, pieces: Pieces, events: Events) -> None:
    """The prompting arms are asked for as soon as data or model are known, and anew when these
    have changed and then stayed the same for one tick of the timer."""
    sources = selection.inputs(shared) | {shared.data_version, pieces.noticed, pieces.settled}
    answers = [
        pieces.question,
        pieces.settled,
        pieces.timer,
        pieces.data_line,
        shared.selected_runs,
    ]
    shared.opened.then(events.ask, sources, answers, **QUIET)
    # one event for all: a tick under way must not stop the timer that a change has started
    looks = [pieces.timer.tick, shared.data_version.change, shared.model_id.change]
    watched = sources | {pieces.question, pieces.pace}
    written = [*answers, pieces.noticed, pieces.pace]
    gr.on(looks, events.look, watched, written, **QUIET, **LATEST)
    seen = {shared.owner, shared.selected_runs, shared.task_state, pieces.question}
    redraws = [pieces.question.change, shared.selected_runs.change]
    gr.on(redraws, events.view, seen | {pieces.methods}, pieces.live, **QUICK, **LATEST)
