"""What happens in the Data tab: each function asks the API or a pure view and says what to show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from playground.data.table import Table
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.wiring import Updates
from playground.ui.data import view
from playground.ui.data.prompt import prompt_payload
from playground.ui.data.updates import Updater
from playground.ui.data.view import SplitSettings, split_settings
from playground.ui.data.widgets import Widgets
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.words import data as words

Json = dict[str, Any]


@dataclass(frozen=True)
class Handlers:
    """The tab's reactions. Every method returns only what changes; the rest stays as it was."""

    shared: Shared
    widgets: Widgets

    @property
    def update(self) -> Updater:
        return Updater(self.shared, self.widgets)

    def bring(self, kind: str, read: Callable[..., Table]) -> Callable[..., Updates]:
        """A handler that reads a table and shows it, or says what is wrong and keeps the old."""

        def handler(
            brought: dict[str, str], labels_per_class: int | None, seed: float | None, *given: str
        ) -> Updates:
            cleared: Updates = {
                self.widgets.source.upload: None
            }  # what it named is deleted once it is read
            try:
                table = read(*given)
            except UserError as error:
                return {**cleared, self.widgets.source.error: notice_text(str(error), "error")}
            table_id = self.shared.tables.put(table)
            kept: Updates = {**cleared, self.widgets.brought: {**brought, kind: table_id}}
            updates = self.show(table_id, split_settings(labels_per_class, seed))
            if updates[self.widgets.source.error] == SILENT:
                kept[self.widgets.source.error] = notice_text(
                    words.has_been_read(table.name), "good"
                )
            return {**updates, **kept}

        return handler

    def bring_own(self, kind: str, read: Callable[..., Table]) -> Callable[..., Updates]:
        """`bring` for what a visitor may read with a token of theirs, if they have signed in."""

        def handler(token: gr.OAuthToken | None, *given: Any) -> Updates:
            own = partial(read, token=token.token) if token else read
            return self.bring(kind, own)(*given)

        return handler

    def pick_sample(
        self,
        brought: dict[str, str],
        labels_per_class: int | None,
        seed: float | None,
        table_id: str,
    ) -> Updates:
        kept: Updates = {self.widgets.brought: {**brought, "sample": table_id}}
        return {**self.show(table_id, split_settings(labels_per_class, seed)), **kept}

    def switch(
        self, kind: str, brought: dict[str, str], labels_per_class: int | None, seed: float | None
    ) -> Updates:
        """Another source: its widgets, and the table it gave before, if it did."""
        silent: Updates = {self.widgets.source.error: SILENT}
        known = brought.get(kind)
        shown = self.show(known, split_settings(labels_per_class, seed)) if known else {}
        return {**silent, **shown, **self.update.source(kind)}

    def choose(
        self, table_id: str, text: list[str], label: str | None, split: str | None, *rest: Any
    ) -> Updates:
        """Other columns: the same rows, diagnosed anew, and a task guessed for them. A column
        that is chosen as the label or the split is no text any more."""
        free = [column for column in text if column not in (label, split)]
        try:
            table = self.shared.tables.get(table_id).choose(free, label or "", split or "")
        except UserError as error:
            return {self.widgets.source.error: notice_text(str(error), "error")}
        return self.show(self.shared.tables.put(table), split_settings(*rest))

    def show(self, table_id: object, settings: SplitSettings) -> Updates:
        """Everything there is to see of a table; its task too, if one can be guessed."""
        try:
            table = self.shared.tables.get(table_id)
        except UserError as error:
            return {self.widgets.source.error: notice_text(str(error), "error")}
        updates = {
            **self.update.columns(table),
            **self.update.contents(table),
            self.widgets.shown: table_id,
        }
        try:
            task = Task.guess(table)
        except UserError as error:
            return {**updates, self.widgets.source.error: notice_text(str(error), "error")}
        silent: Updates = {self.widgets.source.error: SILENT}
        state: Updates = {self.shared.table_state: table_id, self.shared.task_state: task.to_json()}
        split = self.update.split(table, task, view.suited(settings, table))
        return {
            **updates,
            **silent,
            **state,
            **split,
            **self.update.task(task),
            **self.update.row(table, task),
        }

    def restore(self, saved: object) -> Updates:
        """What this visitor worked on before, if the server still has it; else nothing changes."""
        known = visitor.data(saved)
        if not known:
            return {self.widgets.source.error: SILENT}
        settings = SplitSettings(known.get("labels_per_class"), int(known.get("seed") or 0))
        updates = self.show(known.get("table"), settings)
        if self.shared.task_state not in updates:
            return updates
        table = self.shared.tables.get(known["table"])
        try:
            task = replace(Task.from_json(known["task"]), chat=False)  # of a model not chosen again
            kept = {**self.update.task(task), **self.update.row(table, task)}
        except (UserError, KeyError, TypeError, ValueError):
            return updates  # saved by another version of the page: the guess will do
        split = self.update.split(table, task, settings)
        every: Updates = {self.widgets.split.every: settings.labels_per_class is None}
        state: Updates = {self.shared.task_state: task.to_json(), self.shared.seed: settings.seed}
        source = self.update.returned(known["table"], table)
        return {**updates, **kept, **split, **every, **state, **source}

    def guess(self, table_id: str) -> Updates:
        """The task as it was guessed at first."""
        try:
            table = self.shared.tables.get(table_id)
            task = Task.guess(table)
        except UserError as error:
            return {self.widgets.editor.error: notice_text(str(error), "error")}
        state: Updates = {self.shared.task_state: task.to_json()}
        return {**state, **self.update.task(task), **self.update.row(table, task)}

    def edit(self, template: str, instruction: str, rows: list[list[str]], *state: Any) -> Updates:
        """The task as typed, rendered at once; a task that is not valid yet changes nothing."""
        table_id, task_json, index = state
        try:
            task = view.edited(Task.from_json(task_json), template, instruction, rows)
            row = self.shared.tables.get(table_id).rows[index]
            prompt = prompt_payload(task, row)
        except UserError as error:
            return {self.widgets.editor.error: notice_text(str(error), "error")}
        return {
            self.shared.task_state: task.to_json(),
            self.widgets.prompt.prompt: prompt,
            self.widgets.editor.error: SILENT,
        }

    def resplit(
        self, labels_per_class: int, every: bool, seed: float | None, *state: Any
    ) -> Updates:
        """Another number of labelled examples, or another draw of them."""
        table_id, task_json = state
        settings = split_settings(None if every else int(labels_per_class), seed)
        try:
            table = self.shared.tables.get(table_id)
        except UserError as error:
            return {self.widgets.source.error: notice_text(str(error), "error")}
        return self.update.split(table, Task.from_json(task_json), settings)

    def turn(self, step: int) -> Callable[..., Updates]:
        """A handler that goes to another row, around the end."""

        def handler(table_id: str, task_json: Json, index: int) -> Updates:
            try:
                table = self.shared.tables.get(table_id)
                task = Task.from_json(task_json)
                return self.update.row(table, task, (index + step) % len(table.rows))
            except UserError as error:
                return {self.widgets.editor.error: notice_text(str(error), "error")}

        return handler
