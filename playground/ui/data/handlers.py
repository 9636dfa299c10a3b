"""What happens in the Data tab: each function asks the API or a pure view and says what to show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from playground.data.table import Table
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, said
from playground.ui.data import view
from playground.ui.data.drawing import Drawing, Updates
from playground.ui.data.reading import rendered
from playground.ui.data.view import Wish
from playground.ui.data.widgets import Pieces
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.words import data as words


@dataclass(frozen=True)
class Events:
    """The tab's reactions. Every method returns only what changes; the rest stays as it was."""

    shared: Shared
    pieces: Pieces

    @property
    def draw(self) -> Drawing:
        return Drawing(self.shared, self.pieces)

    def bring(self, kind: str, read: Callable[..., Table]) -> Callable[..., Updates]:
        """A handler that reads a table and shows it, or says what is wrong and keeps the old."""

        def handler(
            brought: dict[str, str], per_class: int | None, seed: float | None, *given: str
        ) -> Updates:
            cleared = {self.pieces.source.upload: None}  # what it named is deleted once it is read
            try:
                table = read(*given)
            except UserError as error:
                return {**cleared, self.pieces.source.error: said(str(error), "error")}
            table_id = self.shared.tables.put(table)
            kept = {**cleared, self.pieces.brought: {**brought, kind: table_id}}
            updates = self.show(table_id, wish(per_class, seed))
            if updates[self.pieces.source.error] == SILENT:
                kept[self.pieces.source.error] = said(words.has_been_read(table.name), "good")
            return {**updates, **kept}

        return handler

    def bring_own(self, kind: str, read: Callable[..., Table]) -> Callable[..., Updates]:
        """`bring` for what a visitor may read with a token of theirs, if they have signed in."""

        def handler(token: gr.OAuthToken | None, *given: Any) -> Updates:
            own = partial(read, token=token.token) if token else read
            return self.bring(kind, own)(*given)

        return handler

    def pick_sample(
        self, brought: dict[str, str], per_class: int | None, seed: float | None, table_id: str
    ) -> Updates:
        kept = {self.pieces.brought: {**brought, "sample": table_id}}
        return {**self.show(table_id, wish(per_class, seed)), **kept}

    def switch(
        self, kind: str, brought: dict[str, str], per_class: int | None, seed: float | None
    ) -> Updates:
        """Another source: its widgets, and the table it gave before, if it did."""
        silent = {self.pieces.source.error: SILENT}
        known = brought.get(kind)
        shown = self.show(known, wish(per_class, seed)) if known else {}
        return {**silent, **shown, **self.draw.source(kind)}

    def choose(
        self, table_id: str, text: list[str], label: str | None, split: str | None, *rest: Any
    ) -> Updates:
        """Other columns: the same rows, diagnosed anew, and a task guessed for them. A column
        that is chosen as the label or the split is no text any more."""
        free = [column for column in text if column not in (label, split)]
        try:
            table = self.shared.tables.get(table_id).choose(free, label or "", split or "")
        except UserError as error:
            return {self.pieces.source.error: said(str(error), "error")}
        return self.show(self.shared.tables.put(table), wish(*rest))

    def show(self, table_id: str, wanted: Wish) -> Updates:
        """Everything there is to see of a table; its task too, if one can be guessed."""
        try:
            table = self.shared.tables.get(table_id)
        except UserError as error:
            return {self.pieces.source.error: said(str(error), "error")}
        updates = {
            **self.draw.columns(table),
            **self.draw.contents(table),
            self.pieces.shown: table_id,
        }
        try:
            task = Task.guess(table)
        except UserError as error:
            return {**updates, self.pieces.source.error: said(str(error), "error")}
        silent = {self.pieces.source.error: SILENT}
        state = {self.shared.table_state: table_id, self.shared.task_state: task.to_json()}
        divided = self.draw.divided(table, task, view.suited(wanted, table))
        return {
            **updates,
            **silent,
            **state,
            **divided,
            **self.draw.task(task),
            **self.draw.row(table, task),
        }

    def restore(self, saved: object) -> Updates:
        """What this visitor worked on before, if the server still has it; else nothing changes."""
        known = visitor.data(saved)
        if not known:
            return {self.pieces.source.error: SILENT}
        wanted = Wish(known.get("labels_per_class"), int(known.get("seed") or 0))
        updates = self.show(known.get("table"), wanted)
        if self.shared.task_state not in updates:
            return updates
        table = self.shared.tables.get(known["table"])
        try:
            task = replace(Task.from_json(known["task"]), chat=False)  # of a model not chosen again
            kept = {**self.draw.task(task), **self.draw.row(table, task)}
        except (UserError, KeyError, TypeError, ValueError):
            return updates  # saved by another version of the page: the guess will do
        divided = self.draw.divided(table, task, wanted)
        every = {self.pieces.division.every: wanted.labels_per_class is None}
        state = {self.shared.task_state: task.to_json(), self.shared.seed: wanted.seed}
        source = self.draw.returned(known["table"], table)
        return {**updates, **kept, **divided, **every, **state, **source}

    def guess(self, table_id: str) -> Updates:
        """The task as it was guessed at first."""
        try:
            table = self.shared.tables.get(table_id)
            task = Task.guess(table)
        except UserError as error:
            return {self.pieces.editor.error: said(str(error), "error")}
        state = {self.shared.task_state: task.to_json()}
        return {**state, **self.draw.task(task), **self.draw.row(table, task)}

    def edit(self, template: str, instruction: str, rows: list[list[str]], *state: Any) -> Updates:
        """The task as typed, rendered at once; a task that is not valid yet changes nothing."""
        table_id, task_json, index = state
        try:
            task = view.edited(Task.from_json(task_json), template, instruction, rows)
            row = self.shared.tables.get(table_id).rows[index]
            prompt = rendered(task, row)
        except UserError as error:
            return {self.pieces.editor.error: said(str(error), "error")}
        return {
            self.shared.task_state: task.to_json(),
            self.pieces.reading.prompt: prompt,
            self.pieces.editor.error: SILENT,
        }

    def divide(
        self, per_class: int, every: bool, seed: float | None, table_id: str, task_json: dict
    ) -> Updates:
        """Another number of labelled examples, or another draw of them."""
        wanted = wish(None if every else int(per_class), seed)
        try:
            table = self.shared.tables.get(table_id)
        except UserError as error:
            return {self.pieces.source.error: said(str(error), "error")}
        return self.draw.divided(table, Task.from_json(task_json), wanted)

    def turn(self, step: int) -> Callable[..., Updates]:
        """A handler that goes to another row, around the end."""

        def handler(table_id: str, task_json: dict, index: int) -> Updates:
            try:
                table = self.shared.tables.get(table_id)
                task = Task.from_json(task_json)
                return self.draw.row(table, task, (index + step) % len(table.rows))
            except UserError as error:
                return {self.pieces.editor.error: said(str(error), "error")}

        return handler


def wish(per_class: int | None, seed: float | None) -> Wish:
    return Wish(per_class, int(seed or 0))
