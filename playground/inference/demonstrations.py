"""What is shown before a text: the same examples for all, or those nearest to each."""

import json
from functools import lru_cache
from typing import Any

from playground.data.example import Example
from playground.data.nearest import Nearest
from playground.models.prompts import Shown
from playground.tasks.classification import Task


def examples(values: dict[str, Any]) -> list[Example]:
    """Those a job was sent with."""
    return [Example.from_json(example) for example in values["demonstrations"]]


def shown_before(values: dict[str, Any]) -> Shown:
    """They themselves, or what chooses the nearest among them for each row."""
    if not (count := values.get("nearest", 0)):
        return examples(values)
    columns = Task.from_json(values["task"]).text_columns
    found = _nearest(json.dumps(values["demonstrations"]), columns)
    return lambda row: found.of(row, count)


@lru_cache(maxsize=1)
def _nearest(given: str, columns: tuple[str, ...]) -> Nearest:
    """Counted once for all chunks of an arm."""
    return Nearest([Example.from_json(example) for example in json.loads(given)], columns)
