"""Which widgets and states the events of the Data tab write to."""

from gradio.components import Component

from playground.ui.data import view
from playground.ui.data.handlers import Events, wish
from playground.ui.data.widgets import Pieces
from playground.ui.session.shared import Shared


def version(shared: Shared) -> tuple:
    """What `.then` needs to say that table, task, labels per class or seed may have changed."""
    inputs = [shared.table_state, shared.task_state, shared.labels_per_class, shared.seed]
    return (
        lambda table_id, task, k, seed: view.version(table_id, task, wish(k, seed)),
        inputs,
        shared.data_version,
    )


def task_outputs(pieces: Pieces) -> list[Component]:
    editor, reading = pieces.editor, pieces.reading
    shown = [editor.template, editor.instruction, editor.words, editor.error]
    return [*shown, reading.index, reading.prompt, reading.place, reading.chat]


def all_outputs(events: Events) -> list[Component]:
    shared, pieces = events.shared, events.pieces
    contents, columns = pieces.contents, pieces.columns
    return [
        shared.table_state,
        shared.task_state,
        pieces.shown,
        pieces.brought,
        pieces.source.error,
        pieces.source.upload,
        shared.labels_per_class,
        pieces.division.per_class,
        columns.text,
        columns.label,
        columns.split,
        contents.summary,
        contents.balance,
        contents.lengths,
        contents.rows,
        contents.problems,
        *task_outputs(pieces),
    ]
