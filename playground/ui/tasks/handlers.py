"""What happens in the Tasks tab: each function asks the API and says what to show."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from playground.comparisons.results import TaskAnswers, TaskCard
from playground.errors import UserError
from playground.ui.components.answers import answers_payload
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.styles import method_styles
from playground.ui.components.wiring import Inputs, Updates
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.tasks.shelf import bases, pressed, ticked
from playground.ui.words import tasks as words

NOTHING: dict[str, Any] = {"runs": [], "text": ""}  # of the last question to several tasks


@dataclass(frozen=True)
class Widgets:
    """columns: what the text boxes stand for, () for one text that any task may read.
    last: what was asked all at once, for the timing that follows."""

    shelf: gr.HTML
    texts: tuple[gr.Textbox, ...]
    button: gr.Button
    note: gr.HTML
    answers: gr.HTML
    times: gr.HTML
    columns: gr.State
    last: gr.State


@dataclass(frozen=True)
class Handlers:
    """The tab's reactions. They return only what changes."""

    shared: Shared
    widgets: Widgets

    def press(self, inputs: Inputs) -> Updates:
        """A card's button: ask that task, or lay out the texts it reads. A tick changes nothing."""
        widgets, shelf = self.widgets, inputs[self.widgets.shelf]
        run = pressed(shelf)
        if not run:
            return gr.skip()
        done: Updates = {widgets.last: NOTHING, widgets.times: SILENT}
        try:
            task = self._card(shelf, run)
            columns = task.columns if len(task.columns) > 1 else ()
            new = columns != tuple(inputs[widgets.columns])
            done |= self._boxes(columns) if new else {}
            if new and columns:
                note = notice_text(words.type_all(task.name, columns), "quiet")
                return {**done, widgets.note: note, widgets.answers: task_answers_payload()}
            typed = [inputs[box] for box in widgets.texts]
            row = dict(zip(task.columns, typed, strict=False))
            found = self.shared.playground.ask_tasks(row, [run], visitor.owner(shelf))
        except UserError as error:
            return {
                **done,
                widgets.note: notice_text(str(error), "error"),
                widgets.answers: task_answers_payload(),
            }
        return {**done, **self._found(found)}

    def ask_all(self, inputs: Inputs) -> Updates:
        """One text of every ticked task that reads one."""
        widgets, shelf = self.widgets, inputs[self.widgets.shelf]
        text = inputs[widgets.texts[0]]
        quiet: Updates = {widgets.last: NOTHING, widgets.times: SILENT}
        one_box = self._boxes(()) if inputs[widgets.columns] else {}
        try:
            runs = ticked(bases(self.shared.playground, shelf), shelf)
            if not runs:
                return {**quiet, widgets.note: notice_text(words.NOBODY, "error")}
            found = self.shared.playground.ask_tasks(text, runs, visitor.owner(shelf))
        except UserError as error:
            trouble: Updates = {
                widgets.note: notice_text(str(error), "error"),
                widgets.answers: task_answers_payload(),
            }
            return {**quiet, **one_box, **trouble}
        shared = [answer.run_id for answer in found.answers if answer.shared]
        updates = {**quiet, **one_box, **self._found(found)}
        if len(shared) > 1:
            updates |= {
                widgets.last: {"runs": shared, "text": text},
                widgets.times: notice_text(words.TIMING, "quiet"),
            }
        return updates

    def time(self, inputs: Inputs) -> Updates:
        """How long the question just answered takes in one batch and one after the other."""
        widgets, last = self.widgets, inputs[self.widgets.last]
        if not last["runs"]:
            return gr.skip()
        try:
            owner = visitor.owner(inputs[widgets.shelf])
            found = self.shared.playground.time_tasks(last["text"], last["runs"], owner)
        except UserError as error:
            return {widgets.times: notice_text(str(error), "error"), widgets.last: NOTHING}
        return {widgets.times: notice_text(words.timed(found), "plain"), widgets.last: NOTHING}

    def _card(self, shelf: object, run: str) -> TaskCard:
        """The card of a run; UserError where it is gone, as the API says it."""
        playground = self.shared.playground
        cards = [task for base in bases(playground, shelf) for task in base.tasks]
        found = next((task for task in cards if task.run_id == run), None)
        if found is None:
            playground.record(run, visitor.owner(shelf))  # says why it cannot be seen
            raise UserError(words.EMPTY)
        return found

    def _boxes(self, columns: Sequence[str]) -> Updates:
        """One box for each column, or one for any text."""
        labels = [*columns] or [words.TEXT]
        boxes: Updates = {
            box: gr.Textbox(
                label=labels[i] if i < len(labels) else words.TEXT, visible=i < len(labels)
            )
            for i, box in enumerate(self.widgets.texts)
        }
        return {**boxes, self.widgets.columns: list(columns)}

    def _found(self, found: TaskAnswers) -> Updates:
        reasons = words.left_out(found.left_out)
        note = notice_text(reasons, "quiet") if reasons else SILENT
        return {self.widgets.answers: task_answers_payload(found), self.widgets.note: note}


def task_answers_payload(found: TaskAnswers | None = None, busy: str = "") -> dict[str, Any]:
    """The value of the answer list: a line with bars for each task."""
    answers = found.answers if found else ()
    styles = method_styles([one.method for one in answers])
    lines = [
        {
            **asdict(style),
            "arm": one.name,
            "label": one.label,
            "probabilities": list(one.probabilities.items()),
            "prompt": one.prompt,
            "written": "",
            "cost": words.cost(one),
        }
        for one, style in zip(answers, styles, strict=True)
    ]
    return {**answers_payload(lines, busy), "empty": words.ANSWERS_EMPTY}
