"""The Compare tab: the verdict, every arm, every example, a text of one's own, a study."""

from functools import partial

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component

from playground.studies import task_count
from playground.ui.compare.cache import Compared
from playground.ui.compare.handlers import Handlers
from playground.ui.compare.widgets import Widgets, build_widgets
from playground.ui.components.answers import answers_payload
from playground.ui.components.wiring import QUICK, QUICK_LATEST, QUIET
from playground.ui.session.selection import selection_inputs
from playground.ui.session.shared import Shared
from playground.ui.studies import section
from playground.ui.words import compare as words


def build(shared: Shared) -> None:
    """Prompting is compared from the start; a run joins as soon as it is over."""
    compared = Compared(shared.playground)
    widgets = build_widgets(shared, compared)
    handlers = Handlers(shared, widgets, compared)
    _connect_results(shared, widgets, handlers)
    _connect_trial(shared, widgets, handlers)
    section.add(task_count.stored())


def _connect_results(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    controls, results = widgets.controls, widgets.results
    inputs = _inputs(shared, widgets)
    known = gr.State(False)
    shared.opened.then(lambda: True, None, known, **QUIET)
    controls.redraw.click(lambda draw: draw + 1, controls.draw, controls.draw, **QUIET)
    # one event for all, and never two under way: what came later must not be undone by a tick
    changes = [
        known.change,
        shared.data_version.change,
        shared.model_id.change,
        shared.selected_runs.change,
        controls.one_shot.input,
        controls.nearest.input,
        controls.shots.change,
        controls.draw.change,
        controls.rule.input,
        widgets.timer.tick,
    ]
    gr.on(changes, handlers.refresh, inputs, _outputs(widgets), **QUICK_LATEST)
    chosen: set[Block] = {shared.owner, shared.selected_runs, controls.runs}
    controls.runs.input(
        handlers.pick,
        chosen,
        [shared.owner, shared.selected_runs],
        **QUICK,
    )
    results.confusion_arm.input(
        handlers.confuse, inputs | {results.confusion_arm}, results.confusion, **QUICK
    )


def _connect_trial(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    trial = widgets.trial
    asked = gr.on(
        [trial.button.click, *(box.submit for box in trial.texts)],
        partial(answers_payload, [], busy=words.ASKING),
        None,
        trial.answers,
        **QUICK,
    )
    asked.then(handlers.say, _inputs(shared, widgets) | set(trial.texts), trial.answers, **QUIET)


def _inputs(shared: Shared, widgets: Widgets) -> set[Block]:
    controls = widgets.controls
    shown = {controls.shots, controls.one_shot, controls.nearest, controls.draw}
    kept = {widgets.question, widgets.state}
    return selection_inputs(shared) | {controls.runs, controls.rule} | shown | kept


def _outputs(widgets: Widgets) -> list[Component]:
    results = widgets.results
    return [
        widgets.question,
        widgets.state,
        widgets.timer,
        widgets.controls.runs,
        results.verdict,
        results.progress,
        results.forest,
        results.arms,
        results.examples,
        results.confusion_arm,
        results.confusion,
        results.demonstrations,
        *widgets.trial.texts,
        widgets.trial.answers,
    ]
