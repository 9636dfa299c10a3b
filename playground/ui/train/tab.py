"""The Train tab: pick a model and methods on the left, watch them learn on the right."""

import gradio as gr

from playground.models.catalogue import BUNDLED
from playground.ui.components.notice import SILENT
from playground.ui.components.wiring import LATEST, QUICK, QUICK_LATEST, QUIET
from playground.ui.session.selection import selection_inputs
from playground.ui.session.shared import Shared
from playground.ui.train.handlers import Handlers
from playground.ui.train.method_costs import Costs
from playground.ui.train.widgets import Widgets, build_widgets


def build(shared: Shared) -> None:
    """Everything stands there at first sight; the button is ready."""
    widgets = build_widgets(shared)
    handlers = Handlers(shared, widgets)
    _connect_choices(shared, widgets, handlers)
    _connect_costs(shared, widgets)
    _connect_live(shared, widgets, handlers)


def _connect_choices(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    """Model, ticks, the button."""
    methods = widgets.methods
    widgets.model.change(lambda model: model or BUNDLED, widgets.model, shared.model_id, **QUIET)
    methods.ticked(handlers.tick, methods, widgets.button, **QUICK_LATEST)
    methods.ticked(lambda: SILENT, None, widgets.trouble, **QUICK_LATEST)
    widgets.button.click(
        handlers.start,
        selection_inputs(shared) | {methods},
        [shared.owner, shared.selected_runs, widgets.trouble],
        **QUIET,
    )
    widgets.onward.click(lambda: gr.Tabs(selected="compare"), None, shared.tabs, **QUICK)


def _connect_costs(shared: Shared, widgets: Widgets) -> None:
    """Methods in sight are counted on the model at once, the folded ones when they are unfolded."""
    costs, methods = Costs(shared.playground), widgets.methods
    common = [shared.model_id, shared.task_state]
    counting = costs.count, [*common, widgets.pace, methods], methods
    fitting = costs.fits, [*common, methods], widgets.about_model
    gr.on([shared.model_id.change, widgets.pace.change], *counting, **LATEST)
    methods.touched(*counting, **LATEST)
    shared.model_id.change(*fitting, **LATEST)
    methods.ticked(*fitting, **LATEST)
    shared.opened.then(*counting, **QUIET)
    shared.opened.then(*fitting, **QUIET)


def _connect_live(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    """The prompting arms are asked for as soon as data or model are known, and anew when these
    have changed and then stayed the same for one tick of the timer."""
    sources = selection_inputs(shared) | {shared.data_version, widgets.noticed, widgets.settled}
    answers = [
        widgets.question,
        widgets.settled,
        widgets.timer,
        widgets.data_line,
        shared.selected_runs,
    ]
    shared.opened.then(handlers.ask, sources, answers, **QUIET)
    # one event for all: a tick under way must not stop the timer that a change has started
    refreshes = [widgets.timer.tick, shared.data_version.change, shared.model_id.change]
    watched = sources | {widgets.question, widgets.pace}
    written = [*answers, widgets.noticed, widgets.pace]
    gr.on(refreshes, handlers.refresh, watched, written, **LATEST)
    seen = {shared.owner, shared.selected_runs, shared.task_state, widgets.question}
    redraws = [widgets.question.change, shared.selected_runs.change]
    gr.on(redraws, handlers.view, seen | {widgets.methods}, widgets.live, **QUICK_LATEST)
