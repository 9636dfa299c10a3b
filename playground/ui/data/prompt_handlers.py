"""What happens where the Data tab shows what a model reads: the model is asked, in turns or not."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from playground.errors import UserError
from playground.tasks.classification import Task
from playground.ui.components.notice import notice_text
from playground.ui.components.wiring import Updates
from playground.ui.data.prompt import (
    checks_payload,
    failed_payload,
    preview_payload,
    prompt_payload,
)
from playground.ui.data.widgets import Widgets
from playground.ui.session.shared import Shared

Json = dict[str, Any]


@dataclass(frozen=True)
class PromptHandlers:
    """The reactions that are about a model. Each returns only what changes."""

    shared: Shared
    widgets: Widgets

    def check(self, table_id: str, task_json: Json, index: int, model: str) -> Updates:
        """Tokens and label words as the model sees them; takes seconds while it is loading."""
        widgets = self.widgets.prompt
        try:
            row, task = self.shared.tables.get(table_id).rows[index], Task.from_json(task_json)
            asked = prompt_payload(task, row)
            preview = self.shared.playground.preview(task, row, model)
        except UserError as error:
            return {widgets.checks: failed_payload(str(error))}
        return {
            widgets.prompt: preview_payload(preview, asked),
            widgets.checks: checks_payload(preview),
            widgets.chat: gr.Checkbox(visible=preview.chat),
        }

    def converse(self, chat: bool, table_id: str, task_json: Json, index: int) -> Updates:
        """The prompt through the model's chat template, or as it is."""
        try:
            task = replace(Task.from_json(task_json), chat=chat)
            prompt = prompt_payload(task, self.shared.tables.get(table_id).rows[index])
        except UserError as error:
            return {self.widgets.editor.error: notice_text(str(error), "error")}
        return {self.shared.task_state: task.to_json(), self.widgets.prompt.prompt: prompt}

    def forget_chat(self, table_id: str, task_json: Json, index: int) -> Updates:
        """Another model: whether it has a chat template has to be seen first."""
        hidden: Updates = {self.widgets.prompt.chat: gr.Checkbox(value=False, visible=False)}
        if not Task.from_json(task_json).chat:
            return hidden
        return {**hidden, **self.converse(False, table_id, task_json, index)}
