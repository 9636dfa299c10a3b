"""Tables, runs and specs as the plain JSON that callers of the endpoints see and send."""

import dataclasses
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from playground.data.table import Table
from playground.data.task import Task
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.spec import RunSpec

Json = dict[str, Any]


def described(table_id: str, table: Table) -> Json:
    """A table for a caller: everything but its rows, and the task guessed for it."""
    try:
        task: Json | None = Task.guess(table).to_json()
    except UserError:
        task = None
    return {
        "table": table_id,
        "name": table.name,
        "columns": list(table.columns),
        "rows": len(table.rows),
        "text_columns": list(table.text_columns),
        "label_column": table.label_column,
        "split_column": table.split_column,
        "labels": table.label_counts,
        "problems": [dataclasses.asdict(problem) for problem in table.problems],
        "task": task,
    }


def listed(record: Record) -> Json:
    """A run for a caller."""
    return {
        "id": record.id,
        "name": record.name,
        "status": record.status,
        "damage": record.damage,
        "position": record.position,
        "created": record.created,
        "shared": record.shared,
        "spec": record.spec.to_json(),
        "about": dataclasses.asdict(record.about),
    }


def uploaded(file: dict) -> Path:
    """Where an uploaded file lies. UserError for any path that is not an upload's."""
    path = Path(str(file.get("path", ""))).resolve()
    if path.is_file() and path.is_relative_to(Path(get_upload_folder()).resolve()):
        return path
    raise UserError("This is no uploaded file. Send it with gradio_client.handle_file(path).")


def asked_spec(values: dict) -> RunSpec:
    """The spec in a caller's JSON. UserError when something is missing in it."""
    try:
        return RunSpec.from_json(values)
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"The spec is not understood: {error}. It needs at least"
            ' {"task": {"template", "label_words", "label_column"}}.'
        ) from error
