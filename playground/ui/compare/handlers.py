"""What happens in the Compare tab: each function asks the API and says what to show."""

from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.comparisons.question import Question, run_names
from playground.comparisons.results import Progress
from playground.errors import UserError
from playground.evaluation.comparison import Comparison
from playground.tasks.classification import Task
from playground.ui.compare import view
from playground.ui.compare.cache import Compared
from playground.ui.compare.choice import Chosen, choose
from playground.ui.compare.confusion_plot import confusion
from playground.ui.compare.parts import answered, demonstrated, exampled
from playground.ui.compare.widgets import NOTHING_DRAWN, Pieces
from playground.ui.components import plots
from playground.ui.components.figure import drawn
from playground.ui.components.notice import SILENT, said
from playground.ui.components.styles import answer_looks
from playground.ui.http.origin import SESSION
from playground.ui.session import visitor
from playground.ui.session.selection import Given, visible
from playground.ui.session.shared import Shared
from playground.ui.words import compare as words

Updates = dict[Component, Any]


@dataclass(frozen=True)
class Events:
    """The tab's reactions. Those that return a dict change only what stands in it."""

    shared: Shared
    pieces: Pieces
    compared: Compared

    def look(self, given: Given) -> Updates:
        """Draw what is new since the last look; ask anew if something else is chosen now."""
        pieces, drawn_now = self.pieces, given[self.pieces.drawn]
        if self.shared.listeners.has_left(SESSION.get()):
            return {pieces.timer: gr.skip()}  # this look was on its way when the tab was closed
        try:
            chosen = choose(self.shared, given)
            question = self._question(given, chosen)
            wanted = f"{given[self.shared.table_state]} {question}"
            ticked = set(given[pieces.controls.runs] or []) == {run.id for run in chosen.runs}
            progress = self._progress(given)
            if wanted == drawn_now["asked"] and ticked and progress:
                return self._show(given, chosen, progress)
            resting = question.shots[-1] == drawn_now["shots"]
            if drawn_now["asked"] and not resting and wanted != drawn_now["wanted"]:
                ticking = {pieces.timer: gr.Timer(active=True)}  # the slider may move on
                return {pieces.drawn: {**drawn_now, "wanted": wanted}} | ticking
            return self._ask(given, chosen, question, wanted)
        except UserError as error:
            trouble = {pieces.results.verdict: said(str(error), "error")}
            nothing = {**NOTHING_DRAWN, "task": drawn_now["task"]}
            forgotten = {pieces.question: "", pieces.drawn: nothing}
            resting = {pieces.timer: gr.Timer(active=False), pieces.results.progress: SILENT}
            return trouble | forgotten | resting

    def _ask(self, given: Given, chosen: Chosen, question: Question, wanted: str) -> Updates:
        """Have the arms asked; what is known already shows at once."""
        pieces, playground = self.pieces, self.shared.playground
        playground.let_go(given[pieces.question])
        key = playground.request(question)
        self.shared.listeners.when_left(SESSION.get(), partial(playground.let_go, key))
        task, shots = chosen.task.to_json(), question.shots[-1]
        asked = {**NOTHING_DRAWN, "asked": wanted, "shots": shots, "task": task}
        new = {pieces.question: key, pieces.drawn: asked}
        parts = {**new, **self._picker(chosen)}
        if task != given[pieces.drawn]["task"]:
            parts |= self._texts(chosen.task)
        demonstrations = playground.demonstrations(key)
        most = max(demonstrations.values(), key=len, default=())
        near = next(iter(question.nearest), 0)
        parts[pieces.results.demonstrations] = demonstrated(most, question.seed, near)
        return {**parts, **self._show({**given, **new}, chosen, playground.progress(key))}

    def pick(self, given: Given) -> Updates:
        """Other runs: those still training stay open."""
        picked = list(given[self.pieces.controls.runs] or [])
        owner = visitor.owner(given[self.shared.owner])
        before = visible(self.shared.playground, given[self.shared.selected_runs], owner)
        runs = [*picked, *(run.id for run in before if not run.over)][: visitor.OPEN_RUNS]
        saved = visitor.remember(given[self.shared.owner], runs)
        return {self.shared.selected_runs: runs, self.shared.owner: saved}

    def confuse(self, given: Given) -> Any:
        """The confusion matrix of the chosen arm."""
        name = given[self.pieces.results.confusion_arm]
        comparison = self._comparison(given, self._progress(given))
        known = comparison is not None and name in comparison.counts
        return _confusion(comparison, name) if known else gr.skip()

    def say(self, given: Given) -> dict[str, Any]:
        """What every arm answers to the typed text."""
        try:
            chosen = choose(self.shared, given)
            question = self._question(given, chosen)
            typed = [given[box] for box in self.pieces.trial.texts]
            row = dict(zip(chosen.task.text_columns, typed, strict=False))
            rule = given[self.pieces.controls.rule]
            found = self.shared.playground.answer(row, question, rule)
        except UserError as error:
            return answered([], busy=str(error))
        return answered(view.answers(found, answer_looks(found, chosen.methods)))

    def _question(self, given: Given, chosen: Chosen) -> Question:
        controls, shots = self.pieces.controls, self._shots(given)
        nearest = shots[-1:] if given[controls.nearest] else ()
        return chosen.question(shots, given[controls.draw], nearest)

    def _shots(self, given: Given) -> tuple[int, ...]:
        controls = self.pieces.controls
        return (0, *((1,) if given[controls.one_shot] else ()), int(given[controls.shots]))

    def _progress(self, given: Given) -> Progress | None:
        try:
            return self.shared.playground.progress(given[self.pieces.question])
        except UserError:
            return None

    def _comparison(self, given: Given, progress: Progress | None) -> Comparison | None:
        key, rule = given[self.pieces.question], given[self.pieces.controls.rule]
        return self.compared.get(key, rule, progress) if progress else None

    def _show(self, given: Given, chosen: Chosen, progress: Progress) -> Updates:
        """What has changed since it was last drawn; the timer goes on while more is to come."""
        rule, before = given[self.pieces.controls.rule], given[self.pieces.drawn]
        waiting = [run.name for run in chosen.waiting]
        done = [arm.name for arm in progress.arms if arm.state == "done"]
        marks = {"light": f"{rule} {waiting} {progress}", "heavy": f"{rule} {done}"}
        now = {**before, **marks}
        going = bool(waiting) or not progress.over
        if now["light"] == before["light"]:
            return {self.pieces.timer: gr.skip() if going else gr.Timer(active=False)}
        comparison = self._comparison(given, progress)
        updates = {
            self.pieces.drawn: now,
            self.pieces.timer: gr.Timer(active=going),
            self.pieces.results.arms: view.table(comparison, progress),
            self.pieces.results.progress: said(_to_come(progress, waiting), "quiet"),
        }
        if comparison is None or now["heavy"] == before["heavy"]:
            return updates
        return {**updates, **self._results(given, comparison, progress)}

    def _results(self, given: Given, comparison: Comparison, progress: Progress) -> Updates:
        """Everything that follows from the answers."""
        results, key = self.pieces.results, given[self.pieces.question]
        names = [arm.name for arm in comparison.arms]
        arm = view.best_pair(comparison)[1]
        order = [one.name for one in progress.arms]
        sentence = comparison.sentence()
        return {
            results.verdict: said(sentence, "headline"),
            results.forest: drawn(plots.forest(comparison, order), words.forest_alt(sentence)),
            results.examples: exampled(key, comparison.rule, len(names)),
            results.confusion_arm: gr.Dropdown(names, value=arm),
            results.confusion: _confusion(comparison, arm),
        }

    def _texts(self, task: Task) -> Updates:
        """An empty box for each text of the task; what was said belongs to the task before."""
        boxes = self.pieces.trial.texts
        named = zip_longest(boxes, task.text_columns[: len(boxes)])
        new = {
            box: gr.Textbox("", label=column or "", visible=column is not None)
            for box, column in named
        }
        return {**new, self.pieces.trial.answers: answered([])}

    def _picker(self, chosen: Chosen) -> Updates:
        """The visitor's runs that may stand in this comparison; those that do are ticked."""
        own = self.shared.playground.runs(owner=chosen.ground.owner)
        compared = {run.id for run in chosen.runs}
        offered = [run for run in own if run.usable and run.id not in compared and chosen.fits(run)]
        runs = (*chosen.runs, *offered)
        choices = [(name, run.id) for name, run in zip(run_names(runs), runs, strict=True)]
        ids = [run.id for run in chosen.runs]
        info = words.RUNS_HELP if choices else words.NO_RUNS
        return {self.pieces.controls.runs: gr.Dropdown(choices, value=ids, info=info)}


def _to_come(progress: Progress, waiting: list[str]) -> str:
    asked = [arm.name for arm in progress.arms if arm.state in ("waiting", "asking")]
    return " ".join(part for part in (words.asking(asked), words.waiting_for(waiting)) if part)


def _confusion(comparison: Comparison, name: str) -> dict[str, Any]:
    arm = comparison.arm(name)
    alt = words.confusion_alt(name, round(arm.accuracy * arm.n), arm.n)
    return drawn(confusion(comparison, name), alt)
