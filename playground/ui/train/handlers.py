"""What happens in the Train tab: each function asks the API and says what to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.comparisons.question import Question
from playground.errors import UserError
from playground.evaluation.comparison import Comparison
from playground.runs.spec import RunSpec
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.wiring import Inputs, Updates
from playground.ui.http.origin import origin
from playground.ui.session import visitor
from playground.ui.session.selection import read_selection, visible_runs
from playground.ui.session.shared import Shared
from playground.ui.train import reference_levels
from playground.ui.train.live import live_payload
from playground.ui.train.method_list import chosen
from playground.ui.train.widgets import Widgets
from playground.ui.words import train as words


@dataclass(frozen=True)
class Handlers:
    """The tab's reactions. Those that return a dict change only what stands in it."""

    shared: Shared
    widgets: Widgets

    def tick(self, methods: object) -> gr.Button:
        """The button counts the ticked methods."""
        count = len(chosen(methods).ticked)
        return gr.Button(words.train_button(count), interactive=count > 0)

    def start(self, inputs: Inputs) -> Updates:
        """Every ticked method becomes a run in the queue."""
        try:
            selection, methods = (
                read_selection(self.shared, inputs),
                chosen(inputs[self.widgets.methods]),
            )
            specs = [selection.spec(name, methods.of(name)) for name in methods.ticked]
            self._refuse_what_cannot_train(specs)
            start, address = self.shared.playground.start, origin()
            started = [start(spec, selection.table, selection.owner, address) for spec in specs]
        except UserError as error:
            return {self.widgets.trouble: notice_text(str(error), "error")}
        playground, before = self.shared.playground, inputs[self.shared.selected_runs]
        kept = [
            run.id
            for run in visible_runs(playground, before, selection.owner)
            if selection.matches(run)
        ]
        runs = [*kept, *started][-visitor.OPEN_RUNS :]
        return {
            self.shared.selected_runs: runs,
            self.shared.owner: visitor.remember(inputs[self.shared.owner], runs),
            self.widgets.trouble: SILENT,
        }

    def refresh(self, inputs: Inputs) -> Updates:
        """Ask once data and model have been the same for a tick, then wait for the answers."""
        wanted = self._wanted(inputs)
        if inputs[self.widgets.settled] == wanted:
            return self._await_pace(inputs)
        if inputs[self.widgets.noticed] == wanted:
            return self._settle(inputs)
        return {self.widgets.noticed: wanted, self.widgets.timer: gr.Timer(active=True)}

    def ask(self, inputs: Inputs) -> Updates:
        """Have the prompting arms asked, of the open runs or else of the chosen data."""
        settled = self._wanted(inputs)
        try:
            selection = read_selection(self.shared, inputs)
            runs = visible_runs(
                self.shared.playground, inputs[self.shared.selected_runs], selection.owner
            )
            question = selection.question(reference_levels.SHOTS)
            if runs:
                like = runs[0].id
                question = Question(
                    shots=reference_levels.SHOTS, like=like, owner=selection.owner, baseline=True
                )
            key = self.shared.playground.request(question)
        except UserError as error:
            trouble: Updates = {
                self.widgets.data_line: notice_text(str(error), "error"),
                self.widgets.question: "",
            }
            return {
                **trouble,
                self.widgets.settled: settled,
                self.widgets.timer: gr.Timer(active=False),
            }
        line = words.data_line(selection.table.name, selection.labels_per_class, selection.seed)
        return {
            self.widgets.question: key,
            self.widgets.settled: settled,
            self.widgets.timer: gr.Timer(active=True),
            self.widgets.data_line: notice_text(line, "quiet"),
        }

    def view(self, inputs: Inputs) -> dict[str, Any]:
        """What the live view shows from now on."""
        return live_payload(
            visitor.owner(inputs[self.shared.owner]),
            inputs[self.shared.selected_runs],
            inputs[self.widgets.question],
            chosen(inputs[self.widgets.methods]).steps(),
            len(Task.from_json(inputs[self.shared.task_state]).labels),
        )

    def _settle(self, inputs: Inputs) -> Updates:
        """Other data than that of the open runs: put these away, they stay in the Runs tab."""
        try:
            selection = read_selection(self.shared, inputs)
        except UserError:
            return self.ask(inputs)
        before = inputs[self.shared.selected_runs]
        found = visible_runs(self.shared.playground, before, selection.owner)
        kept = [run.id for run in found if selection.matches(run)]
        return {
            **self.ask({**inputs, self.shared.selected_runs: kept}),
            **({} if kept == before else {self.shared.selected_runs: kept}),
        }

    def _await_pace(self, inputs: Inputs) -> Updates:
        """How long zero-shot takes for an example, once known, says how long training takes."""
        try:
            progress = self.shared.playground.progress(inputs[self.widgets.question])
        except UserError:
            return {self.widgets.timer: gr.Timer(active=False)}
        known = [arm for arm in progress.arms if arm.state == "done"]
        if not known and not progress.over:
            return {self.widgets.timer: gr.skip()}
        done: Updates = {self.widgets.timer: gr.Timer(active=False)}
        if not known:
            return done
        compared: Comparison = self.shared.playground.comparison(inputs[self.widgets.question])
        return {**done, self.widgets.pace: compared.arms[0].seconds_per_example}

    def _wanted(self, inputs: Inputs) -> str:
        return f"{inputs[self.shared.data_version]} {inputs[self.shared.model_id]}"

    def _refuse_what_cannot_train(self, specs: Sequence[RunSpec]) -> None:
        """Raises UserError when the model cannot be loaded or a method does not fit it; both are
        known by the time somebody presses the button."""
        for spec in specs:
            cost = self.shared.playground.describe(
                spec.model, spec.method, spec.settings, spec.task
            )
            if cost.refused:
                raise UserError(cost.refused)
