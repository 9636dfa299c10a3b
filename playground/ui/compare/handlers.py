"""What happens in the Compare tab: each function asks the API and says what to show."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import Any

import gradio as gr

from playground.comparisons.question import Question, run_names
from playground.comparisons.results import Progress
from playground.errors import UserError
from playground.evaluation.comparison import Comparison
from playground.tasks.classification import Task
from playground.ui.compare import view
from playground.ui.compare.cache import Compared
from playground.ui.compare.choice import Chosen, choose
from playground.ui.compare.confusion_plot import confusion_payload
from playground.ui.compare.parts import demonstrations_payload, examples_payload
from playground.ui.compare.state import ViewState, Wanted, next_action
from playground.ui.compare.widgets import Widgets
from playground.ui.components import plots
from playground.ui.components.answers import answers_payload
from playground.ui.components.figure import figure_payload
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.styles import answer_styles
from playground.ui.components.wiring import Inputs, Updates
from playground.ui.http.origin import SESSION
from playground.ui.session import visitor
from playground.ui.session.selection import visible_runs
from playground.ui.session.shared import Shared
from playground.ui.words import compare as words


@dataclass(frozen=True)
class Handlers:
    """The tab's reactions. Those that return a dict change only what stands in it."""

    shared: Shared
    widgets: Widgets
    compared: Compared

    def refresh(self, inputs: Inputs) -> Updates:
        """Draw what is new since the last refresh; ask anew if something else is chosen now."""
        widgets, state = self.widgets, inputs[self.widgets.state]
        if self.shared.listeners.has_left(SESSION.get()):
            return {widgets.timer: gr.skip()}  # it was on its way when the tab was closed
        try:
            chosen = choose(self.shared, inputs)
            question, progress = self._question(inputs, chosen), self._progress(inputs)
            wanted = self._wanted(inputs, chosen, question, known=progress is not None)
            action = next_action(state, wanted)
            if action == "show" and progress:
                return self._show(inputs, chosen, progress)
            if action == "wait":
                waiting = replace(state, wanted=wanted.question)
                return {widgets.state: waiting, widgets.timer: gr.Timer(active=True)}
            return self._ask(inputs, chosen, question, wanted)
        except UserError as error:
            return {
                widgets.results.verdict: notice_text(str(error), "error"),
                widgets.results.progress: SILENT,
                widgets.question: "",
                widgets.state: ViewState(task=state.task),
                widgets.timer: gr.Timer(active=False),
            }

    def _wanted(self, inputs: Inputs, chosen: Chosen, question: Question, known: bool) -> Wanted:
        ticked = set(inputs[self.widgets.controls.runs] or [])
        compared = {run.id for run in chosen.runs}
        identity = f"{inputs[self.shared.table_state]} {question}"
        return Wanted(identity, question.shots[-1], known and ticked == compared)

    def _ask(self, inputs: Inputs, chosen: Chosen, question: Question, wanted: Wanted) -> Updates:
        """Have the arms asked; what is known already shows at once."""
        widgets, playground = self.widgets, self.shared.playground
        playground.let_go(inputs[widgets.question])
        key = playground.request(question)
        self.shared.listeners.when_left(SESSION.get(), partial(playground.let_go, key))
        task = chosen.task.to_json()
        state = ViewState(wanted.question, shots=wanted.shots, task=task)
        updates = {widgets.question: key, widgets.state: state, **self._picker(chosen)}
        if task != inputs[widgets.state].task:
            updates |= self._texts(chosen.task)
        demonstrations = playground.demonstrations(key)
        most = max(demonstrations.values(), key=len, default=())
        near = next(iter(question.nearest), 0)
        updates[widgets.results.demonstrations] = demonstrations_payload(most, question.seed, near)
        now = {**inputs, widgets.question: key, widgets.state: state}
        return {**updates, **self._show(now, chosen, playground.progress(key))}

    def pick(self, inputs: Inputs) -> Updates:
        """Other runs: those still training stay open."""
        picked = list(inputs[self.widgets.controls.runs] or [])
        owner = visitor.owner(inputs[self.shared.owner])
        before = visible_runs(self.shared.playground, inputs[self.shared.selected_runs], owner)
        runs = [*picked, *(run.id for run in before if not run.over)][: visitor.OPEN_RUNS]
        saved = visitor.remember(inputs[self.shared.owner], runs)
        return {self.shared.selected_runs: runs, self.shared.owner: saved}

    def confuse(self, inputs: Inputs) -> Any:
        """The confusion matrix of the chosen arm."""
        name = inputs[self.widgets.results.confusion_arm]
        comparison = self._comparison(inputs, self._progress(inputs))
        if comparison is None or name not in comparison.counts:
            return gr.skip()
        return confusion_payload(comparison, name)

    def say(self, inputs: Inputs) -> dict[str, Any]:
        """What every arm answers to the typed text."""
        try:
            chosen = choose(self.shared, inputs)
            question = self._question(inputs, chosen)
            typed = [inputs[box] for box in self.widgets.trial.texts]
            row = dict(zip(chosen.task.text_columns, typed, strict=False))
            rule = inputs[self.widgets.controls.rule]
            found = self.shared.playground.answer(row, question, rule)
        except UserError as error:
            return answers_payload([], busy=str(error))
        return answers_payload(view.answers(found, answer_styles(found, chosen.methods)))

    def _question(self, inputs: Inputs, chosen: Chosen) -> Question:
        controls, shots = self.widgets.controls, self._shots(inputs)
        nearest = shots[-1:] if inputs[controls.nearest] else ()
        return chosen.question(shots, inputs[controls.draw], nearest)

    def _shots(self, inputs: Inputs) -> tuple[int, ...]:
        controls = self.widgets.controls
        return (0, *((1,) if inputs[controls.one_shot] else ()), int(inputs[controls.shots]))

    def _progress(self, inputs: Inputs) -> Progress | None:
        try:
            return self.shared.playground.progress(inputs[self.widgets.question])
        except UserError:
            return None

    def _comparison(self, inputs: Inputs, progress: Progress | None) -> Comparison | None:
        key, rule = inputs[self.widgets.question], inputs[self.widgets.controls.rule]
        return self.compared.get(key, rule, progress) if progress else None

    def _show(self, inputs: Inputs, chosen: Chosen, progress: Progress) -> Updates:
        """What has changed since it was last drawn; the timer goes on while more is to come."""
        rule, before = inputs[self.widgets.controls.rule], inputs[self.widgets.state]
        waiting = [run.name for run in chosen.waiting]
        done = [arm.name for arm in progress.arms if arm.state == "done"]
        marks = {"progress": f"{rule} {waiting} {progress}", "results": f"{rule} {done}"}
        going = bool(waiting) or not progress.over
        if marks["progress"] == before.progress:
            return {self.widgets.timer: gr.skip() if going else gr.Timer(active=False)}
        comparison = self._comparison(inputs, progress)
        updates: Updates = {
            self.widgets.state: replace(before, **marks),
            self.widgets.timer: gr.Timer(active=going),
            self.widgets.results.arms: view.table(comparison, progress),
            self.widgets.results.progress: notice_text(view.to_come(progress, waiting), "quiet"),
        }
        if comparison is None or marks["results"] == before.results:
            return updates
        return {**updates, **self._results(inputs, comparison, progress)}

    def _results(self, inputs: Inputs, comparison: Comparison, progress: Progress) -> Updates:
        """Everything that follows from the answers."""
        results, key = self.widgets.results, inputs[self.widgets.question]
        names = [arm.name for arm in comparison.arms]
        arm = view.best_pair(comparison)[1]
        order = [one.name for one in progress.arms]
        sentence = comparison.sentence()
        return {
            results.verdict: notice_text(sentence, "headline"),
            results.forest: figure_payload(
                plots.forest(comparison, order), words.forest_alt(sentence)
            ),
            results.examples: examples_payload(key, comparison.rule, len(names)),
            results.confusion_arm: gr.Dropdown(names, value=arm),
            results.confusion: confusion_payload(comparison, arm),
        }

    def _texts(self, task: Task) -> Updates:
        """An empty box for each text of the task; what was said belongs to the task before."""
        boxes = self.widgets.trial.texts
        named = zip_longest(boxes, task.text_columns[: len(boxes)])
        boxes_now: Updates = {
            box: gr.Textbox("", label=column or "", visible=column is not None)
            for box, column in named
        }
        return {**boxes_now, self.widgets.trial.answers: answers_payload([])}

    def _picker(self, chosen: Chosen) -> Updates:
        """The visitor's runs that may stand in this comparison; those that do are ticked."""
        own = self.shared.playground.runs(owner=chosen.selection.owner)
        compared = {run.id for run in chosen.runs}
        offered = [run for run in own if run.usable and run.id not in compared and chosen.fits(run)]
        runs = (*chosen.runs, *offered)
        choices = [(name, run.id) for name, run in zip(run_names(runs), runs, strict=True)]
        ids = [run.id for run in chosen.runs]
        info = words.RUNS_HELP if choices else words.NO_RUNS
        return {self.widgets.controls.runs: gr.Dropdown(choices, value=ids, info=info)}
