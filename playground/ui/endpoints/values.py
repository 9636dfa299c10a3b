"""Tables, runs and specs as the plain JSON that callers of the endpoints see and send."""

import dataclasses
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from playground.data.table import Table
from playground.errors import UserError
from playground.evaluation.answers import RULES
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.tasks.classification import Task

Json = dict[str, Any]
LISTED = 500  # entries of a list somebody sends
SHOWN = 60  # characters of a value that are repeated


def table_json(table_id: str, table: Table) -> Json:
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


def run_json(record: Record) -> Json:
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


def upload_path(file: object) -> Path:
    """Where an uploaded file lies. UserError for any path that is not an upload's."""
    sent = file.get("path") if isinstance(file, dict) else None
    try:
        path = Path(sent).resolve() if isinstance(sent, str) and len(sent) < 4_096 else None
        if path and path.is_file() and path.is_relative_to(Path(get_upload_folder()).resolve()):
            return path
    except (OSError, ValueError):  # no name that a file can have
        pass
    raise UserError("This is no uploaded file. Send it with gradio_client.handle_file(path).")


def spec_of(values: object) -> RunSpec:
    """The spec in a caller's JSON. UserError when something is missing in it."""
    try:
        return RunSpec.from_json(dictionary(values, "spec"))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise UserError(
            f"The spec is not understood ({type(error).__name__}: {str(error)[:100]}). It needs at"
            ' least {"task": {"template", "label_words", "label_column"}}.'
        ) from error


def text_of(value: object, name: str) -> str:
    """The argument as a text."""
    if isinstance(value, str):
        return value
    raise _unfit(name, value, "a text")


def dictionary(value: object, name: str) -> Json:
    """The argument as an object; one that is null is empty."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise _unfit(name, value, "a JSON object")


def flag(value: object, name: str) -> bool:
    """The argument as true or false; null is false."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _unfit(name, value, "true or false")


def whole(value: object, name: str) -> int:
    """The argument as a whole number; 2.0 is one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise _unfit(name, value, "a whole number")
    return int(value)


def wholes(value: object, name: str) -> tuple[int, ...]:
    """The argument as whole numbers; null is none."""
    return tuple(whole(one, name) for one in _list(value, name, "a list of whole numbers"))


def ids(value: object, name: str) -> tuple[str, ...]:
    """The argument as ids of runs; null is none."""
    return tuple(text_of(one, name) for one in _list(value, name, "a list of ids of runs"))


def text_or_row(value: object) -> str | dict[str, str]:
    """A text, or the texts of a row by column."""
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return value
    if isinstance(value, str):
        return value
    raise _unfit("text", value, "a text, or an object of texts by column")


def rule_of(options: Json) -> str | None:
    """The rule by which scores become answers; None for the usual one."""
    rule = options.get("rule")
    if rule is None or (isinstance(rule, str) and rule in RULES):
        return rule
    raise _unfit("rule", rule, f"one of {', '.join(RULES)}")


def _list(value: object, name: str, kind: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list) and len(value) <= LISTED:
        return value
    raise _unfit(name, value, f"{kind}, {LISTED} at most")


def _unfit(name: str, value: object, wanted: str) -> UserError:
    shown = repr(value)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return UserError(f"{name} is {shown}. Give {wanted}.")
