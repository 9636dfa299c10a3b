"""The prompted mixture of many tasks: T0, FLAN and MetaICL at desk size."""

from playground.pretraining.mixture.checking import contamination_table
from playground.pretraining.mixture.mixing import documents
from playground.pretraining.mixture.registry import TASKS, tasks_by_type, without

__all__ = ["TASKS", "contamination_table", "documents", "tasks_by_type", "without"]
