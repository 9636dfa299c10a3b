"""The Compare tab: the verdict, every arm, every example, a text of one's own, a study."""

from functools import partial

import gradio as gr

from playground.studies import task_count
from playground.ui.compare.cache import Compared
from playground.ui.compare.handlers import Events
from playground.ui.compare.parts import answered
from playground.ui.compare.widgets import Pieces, lay_out
from playground.ui.session import selection
from playground.ui.session.shared import Shared
from playground.ui.studies import section
from playground.ui.words import compare as words

QUIET = {"show_progress": "hidden", "api_visibility": "private"}
QUICK = {**QUIET, "queue": False}
LATEST = {"trigger_mode": "always_last"}


def build(shared: Shared) -> None:
    """Prompting is compared from the start; a run joins as soon as it is over."""
    compared = Compared(shared.playground)
    pieces = lay_out(shared, compared)
    events = Events(shared, pieces, compared)
    _connect_results(shared, pieces, events)
    _connect_trial(shared, pieces, events)
    section.add(task_count.stored())


def _connect_results(shared: Shared, pieces: Pieces, events: Events) -> None:
    controls, results = pieces.controls, pieces.results
    given = _given(shared, pieces)
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
        pieces.timer.tick,
    ]
    gr.on(changes, events.look, given, _outputs(pieces), **QUICK, **LATEST)
    controls.runs.input(
        events.pick,
        {shared.owner, shared.selected_runs, controls.runs},
        [shared.owner, shared.selected_runs],
        **QUICK,
    )
    given = given | {results.confusion_arm}
    results.confusion_arm.input(events.confuse, given, results.confusion, **QUICK)


def _connect_trial(shared: Shared, pieces: Pieces, events: Events) -> None:
    trial = pieces.trial
    asked = gr.on(
        [trial.button.click, *(box.submit for box in trial.texts)],
        partial(answered, [], busy=words.ASKING),
        None,
        trial.answers,
        **QUICK,
    )
    asked.then(events.say, _given(shared, pieces) | set(trial.texts), trial.answers, **QUIET)


def _given(shared: Shared, pieces: Pieces) -> set:
    controls = pieces.controls
    shown = {controls.shots, controls.one_shot, controls.nearest, controls.draw}
    kept = {pieces.question, pieces.drawn}
    return selection.inputs(shared) | {controls.runs, controls.rule} | shown | kept


def _outputs(pieces: Pieces) -> list:
    results = pieces.results
    return [
        pieces.question,
        pieces.drawn,
        pieces.timer,
        pieces.controls.runs,
        results.verdict,
        results.progress,
        results.forest,
        results.arms,
        results.examples,
        results.confusion_arm,
        results.confusion,
        results.demonstrations,
        *pieces.trial.texts,
        pieces.trial.answers,
    ]
