"""What happens in the Tasks tab: each function asks the API and says what to show."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from playground.comparisons.results import TaskAnswers, TaskCard
from playground.errors import UserError
from playground.ui.compare.parts import answered
from playground.ui.components.notice import SILENT, said
from playground.ui.components.styles import method_looks
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.tasks.shelf import bases, pressed, ticked
from playground.ui.words import tasks as words

Updates = dict[Component, Any]
Given = dict[Component, Any]
NOTHING: dict[str, Any] = {"runs": [], "text": ""}  # of the last question to several tasks


@dataclass(frozen=True)
class Pieces:
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
class Events:
    """The tab's reactions. They return only what changes."""

    shared: Shared
    pieces: Pieces

    def press(self, given: Given) -> Updates:
        """A card's button: ask that task, or lay out the texts it reads. A tick changes nothing."""
        pieces, shelf = self.pieces, given[self.pieces.shelf]
        run = pressed(shelf)
        if not run:
            return gr.skip()
        done = {pieces.last: NOTHING, pieces.times: SILENT}
        try:
            task = self._card(shelf, run)
            columns = task.columns if len(task.columns) > 1 else ()
            new = columns != tuple(given[pieces.columns])
            done |= self._boxes(columns) if new else {}
            if new and columns:
                told = said(words.type_all(task.name, columns), "quiet")
                return {**done, pieces.note: told, pieces.answers: answers()}
            typed = [given[box] for box in pieces.texts]
            row = dict(zip(task.columns, typed, strict=False))
            found = self.shared.playground.ask_tasks(row, [run], visitor.owner(shelf))
        except UserError as error:
            return {**done, pieces.note: said(str(error), "error"), pieces.answers: answers()}
        return {**done, **self._found(found)}

    def ask_all(self, given: Given) -> Updates:
        """One text of every ticked task that reads one."""
        pieces, shelf = self.pieces, given[self.pieces.shelf]
        text = given[pieces.texts[0]]
        quiet = {pieces.last: NOTHING, pieces.times: SILENT}
        one_box = self._boxes(()) if given[pieces.columns] else {}
        try:
            runs = ticked(bases(self.shared.playground, shelf), shelf)
            if not runs:
                return {**quiet, pieces.note: said(words.NOBODY, "error")}
            found = self.shared.playground.ask_tasks(text, runs, visitor.owner(shelf))
        except UserError as error:
            trouble = {pieces.note: said(str(error), "error"), pieces.answers: answers()}
            return {**quiet, **one_box, **trouble}
        shared = [answer.run_id for answer in found.answers if answer.shared]
        updates = {**quiet, **one_box, **self._found(found)}
        if len(shared) > 1:
            updates |= {
                pieces.last: {"runs": shared, "text": text},
                pieces.times: said(words.TIMING, "quiet"),
            }
        return updates

    def time(self, given: Given) -> Updates:
        """How long the question just answered takes in one batch and one after the other."""
        pieces, last = self.pieces, given[self.pieces.last]
        if not last["runs"]:
            return gr.skip()
        try:
            owner = visitor.owner(given[pieces.shelf])
            found = self.shared.playground.time_tasks(last["text"], last["runs"], owner)
        except UserError as error:
            return {pieces.times: said(str(error), "error"), pieces.last: NOTHING}
        return {pieces.times: said(words.timed(found), "plain"), pieces.last: NOTHING}

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
        boxes = {
            box: gr.Textbox(
                label=labels[i] if i < len(labels) else words.TEXT, visible=i < len(labels)
            )
            for i, box in enumerate(self.pieces.texts)
        }
        return {**boxes, self.pieces.columns: list(columns)}

    def _found(self, found: TaskAnswers) -> Updates:
        told = words.left_out(found.left_out)
        note = said(told, "quiet") if told else SILENT
        return {self.pieces.answers: answers(found), self.pieces.note: note}


def answers(found: TaskAnswers | None = None, busy: str = "") -> dict[str, Any]:
    """The value of the answer list: a line with bars for each task."""
    given = found.answers if found else ()
    looks = method_looks([one.method for one in given])
    lines = [
        {
            **asdict(look),
            "arm": one.name,
            "label": one.label,
            "beliefs": list(one.probabilities.items()),
            "prompt": one.prompt,
            "written": "",
            "cost": words.cost(one),
        }
        for one, look in zip(given, looks, strict=True)
    ]
    return {**answered(lines, busy), "empty": words.ANSWERS_EMPTY}
