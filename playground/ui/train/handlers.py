"""What happens in the Train tab: each function asks the API and says what to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.comparisons.question import Question
from playground.errors import UserError
from playground.evaluation.comparison import Comparison
from playground.runs.spec import RunSpec
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, said
from playground.ui.http.origin import origin
from playground.ui.session import visitor
from playground.ui.session.selection import Given, ground, visible
from playground.ui.session.shared import Shared
from playground.ui.train import reference_levels
from playground.ui.train.live import shown
from playground.ui.train.method_list import chosen
from playground.ui.train.widgets import Pieces
from playground.ui.words import train as words

Updates = dict[Component, Any]


@dataclass(frozen=True)
class Events:
    """The tab's reactions. Those that return a dict change only what stands in it."""

    shared: Shared
    pieces: Pieces

    def tick(self, methods: object) -> gr.Button:
        """The button counts the ticked methods."""
        count = len(chosen(methods).ticked)
        return gr.Button(words.train_button(count), interactive=count > 0)

    def start(self, given: Given) -> Updates:
        """Every ticked method becomes a run in the queue."""
        try:
            here, methods = ground(self.shared, given), chosen(given[self.pieces.methods])
            specs = [here.spec(name, methods.of(name)) for name in methods.ticked]
            self._refuse_what_cannot_train(specs)
            start, place = self.shared.playground.start, origin()
            started = [start(spec, here.table, here.owner, place) for spec in specs]
        except UserError as error:
            return {self.pieces.trouble: said(str(error), "error")}
        playground, before = self.shared.playground, given[self.shared.selected_runs]
        kept = [run.id for run in visible(playground, before, here.owner) if here.is_of(run)]
        runs = [*kept, *started][-visitor.OPEN_RUNS :]
        return {
            self.shared.selected_runs: runs,
            self.shared.owner: visitor.remember(given[self.shared.owner], runs),
            self.pieces.trouble: SILENT,
        }

    def look(self, given: Given) -> Updates:
        """Ask once data and model have been the same for a tick, then wait for the answers."""
        wanted = self._wanted(given)
        if given[self.pieces.settled] == wanted:
            return self._await_pace(given)
        if given[self.pieces.noticed] == wanted:
            return self._settle(given)
        return {self.pieces.noticed: wanted, self.pieces.timer: gr.Timer(active=True)}

    def ask(self, given: Given) -> Updates:
        """Have the prompting arms asked, of the open runs or else of the chosen data."""
        settled = self._wanted(given)
        try:
            here = ground(self.shared, given)
            runs = visible(self.shared.playground, given[self.shared.selected_runs], here.owner)
            question = here.question(reference_levels.SHOTS)
            if runs:
                like = runs[0].id
                question = Question(
                    shots=reference_levels.SHOTS, like=like, owner=here.owner, baseline=True
                )
            key = self.shared.playground.request(question)
        except UserError as error:
            trouble = {self.pieces.data_line: said(str(error), "error"), self.pieces.question: ""}
            return {
                **trouble,
                self.pieces.settled: settled,
                self.pieces.timer: gr.Timer(active=False),
            }
        line = words.data_line(here.table.name, here.labels_per_class, here.seed)
        return {
            self.pieces.question: key,
            self.pieces.settled: settled,
            self.pieces.timer: gr.Timer(active=True),
            self.pieces.data_line: said(line, "quiet"),
        }

    def view(self, given: Given) -> dict[str, Any]:
        """What the live view shows from now on."""
        return shown(
            visitor.owner(given[self.shared.owner]),
            given[self.shared.selected_runs],
            given[self.pieces.question],
            chosen(given[self.pieces.methods]).steps(),
            len(Task.from_json(given[self.shared.task_state]).labels),
        )

    def _settle(self, given: Given) -> Updates:
        """Other data than that of the open runs: put these away, they stay in the Runs tab."""
        try:
            here = ground(self.shared, given)
        except UserError:
            return self.ask(given)
        before = given[self.shared.selected_runs]
        found = visible(self.shared.playground, before, here.owner)
        kept = [run.id for run in found if here.is_of(run)]
        return {
            **self.ask({**given, self.shared.selected_runs: kept}),
            **({} if kept == before else {self.shared.selected_runs: kept}),
        }

    def _await_pace(self, given: Given) -> Updates:
        """How long zero-shot takes for an example, once known, says how long training takes."""
        try:
            progress = self.shared.playground.progress(given[self.pieces.question])
        except UserError:
            return {self.pieces.timer: gr.Timer(active=False)}
        known = [arm for arm in progress.arms if arm.state == "done"]
        if not known and not progress.over:
            return {self.pieces.timer: gr.skip()}
        done = {self.pieces.timer: gr.Timer(active=False)}
        if not known:
            return done
        compared: Comparison = self.shared.playground.comparison(given[self.pieces.question])
        return {**done, self.pieces.pace: compared.arms[0].seconds_per_example}

    def _wanted(self, given: Given) -> str:
        return f"{given[self.shared.data_version]} {given[self.shared.model_id]}"

    def _refuse_what_cannot_train(self, specs: Sequence[RunSpec]) -> None:
        """Raises UserError when the model cannot be loaded or a method does not fit it; both are
        known by the time somebody presses the button."""
        for spec in specs:
            cost = self.shared.playground.describe(
                spec.model, spec.method, spec.settings, spec.task
            )
            if cost.refused:
                raise UserError(cost.refused)
