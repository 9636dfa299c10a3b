"""Train, ask and compare: prompting and parameter-efficient tuning of language models.

Light to import: models and training live in processes of their own.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.api import Playground
    from playground.comparisons.question import Question
    from playground.data.table import Table
    from playground.errors import UserError
    from playground.evaluation.comparison import Comparison
    from playground.runs.group.record import Group
    from playground.runs.group.spec import GroupSpec
    from playground.runs.record import Record
    from playground.runs.spec import RunSpec
    from playground.studies.asked import StudySpec
    from playground.tasks.classification import Task

__all__ = [
    "Comparison",
    "Group",
    "GroupSpec",
    "Playground",
    "Question",
    "Record",
    "RunSpec",
    "StudySpec",
    "Table",
    "Task",
    "UserError",
]
# Each is loaded when it is first asked for: a process that needs one file loads no other.
_HOMES = {
    "Comparison": "evaluation.comparison",
    "Group": "runs.group.record",
    "GroupSpec": "runs.group.spec",
    "Playground": "api",
    "Question": "comparisons.question",
    "Record": "runs.record",
    "RunSpec": "runs.spec",
    "StudySpec": "studies.asked",
    "Table": "data.table",
    "Task": "tasks.classification",
    "UserError": "errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'playground' has no attribute {name!r}")
    return getattr(import_module(f"playground.{_HOMES[name]}"), name)
