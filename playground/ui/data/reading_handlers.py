"""What happens where the Data tab shows what a model reads: the model is asked, in turns or not."""

from dataclasses import dataclass, replace

import gradio as gr

from playground.errors import UserError
from playground.tasks.classification import Task
from playground.ui.components.notice import said
from playground.ui.data.drawing import Updates
from playground.ui.data.reading import checked, failed, rendered, seen
from playground.ui.data.widgets import Pieces
from playground.ui.session.shared import Shared


@dataclass(frozen=True)
class ReadingEvents:
    """The reactions that are about a model. Each returns only what changes."""

    shared: Shared
    pieces: Pieces

    def check(self, table_id: str, task_json: dict, index: int, model: str) -> Updates:
        """Tokens and label words as the model sees them; takes seconds while it is loading."""
        reading = self.pieces.reading
        try:
            row, task = self.shared.tables.get(table_id).rows[index], Task.from_json(task_json)
            asked = rendered(task, row)
            preview = self.shared.playground.preview(task, row, model)
        except UserError as error:
            return {reading.checks: failed(str(error))}
        return {
            reading.prompt: seen(preview, asked),
            reading.checks: checked(preview),
            reading.chat: gr.Checkbox(visible=preview.chat),
        }

    def converse(self, chat: bool, table_id: str, task_json: dict, index: int) -> Updates:
        """The prompt through the model's chat template, or as it is."""
        try:
            task = replace(Task.from_json(task_json), chat=chat)
            prompt = rendered(task, self.shared.tables.get(table_id).rows[index])
        except UserError as error:
            return {self.pieces.editor.error: said(str(error), "error")}
        return {self.shared.task_state: task.to_json(), self.pieces.reading.prompt: prompt}

    def forget_chat(self, table_id: str, task_json: dict, index: int) -> Updates:
        """Another model: whether it has a chat template has to be seen first."""
        hidden = {self.pieces.reading.chat: gr.Checkbox(value=False, visible=False)}
        if not Task.from_json(task_json).chat:
            return hidden
        return {**hidden, **self.converse(False, table_id, task_json, index)}
