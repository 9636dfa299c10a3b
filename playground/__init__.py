"""Train, ask and compare: prompting and parameter-efficient tuning of language models.

Light to import: models and training live in processes of their own.
"""

from playground.api import Playground
from playground.comparison import Comparison
from playground.data.table import Table
from playground.data.task import Task
from playground.errors import UserError
from playground.runs.question import Question
from playground.runs.record import Record
from playground.runs.spec import RunSpec

__all__ = [
    "Comparison",
    "Playground",
    "Question",
    "Record",
    "RunSpec",
    "Table",
    "Task",
    "UserError",
]
