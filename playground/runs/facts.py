"""What a run's worker noted of the loaded model and of its plan, in facts.json."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground.errors import UserError
from playground.runs import files
from playground.runs.record import Record

AUTO_CLASSES = {
    "causal": "AutoModelForCausalLM",
    "masked": "AutoModelForMaskedLM",
    "seq2seq": "AutoModelForSeq2SeqLM",
}
# What it takes to make the run again.
OF_THE_MODEL = {"start_ids", "end_ids", "max_length"}
OF_THE_PLAN = {
    *("objective", "steps", "batch_size", "learning_rate", "weight_decay", "schedule", "warmup"),
    *("evaluate_every", "patience"),
}


def facts(record: Record) -> dict[str, Any]:
    """All that was noted. UserError where nothing was learnt, or where it cannot be read."""
    noted = values_of(record.folder / "facts.json")
    if not noted or not record.usable:
        raise UserError(
            f"The run {record.name!r} is {record.status} and has learnt nothing that could be made"
            " again. Wait until it has finished."
        )
    if noted.get("family") not in list(AUTO_CLASSES):
        raise _unreadable(record)
    return noted


def whole_facts(record: Record) -> dict[str, Any]:
    """`facts` with all that it takes to make the run again. UserError else."""
    noted = facts(record)
    plan = noted.get("plan")
    whole = isinstance(plan, Mapping) and plan.keys() >= OF_THE_PLAN
    if not (whole and noted.keys() >= OF_THE_MODEL):
        raise _unreadable(record)
    return noted


def values_of(path: Path) -> dict[str, Any]:
    """The values of a file; {} where there is none, or none that can be read."""
    try:
        values = files.read_json(path)
    except files.Damaged:
        return {}
    return values if isinstance(values, dict) else {}


def _unreadable(record: Record) -> UserError:
    return UserError(
        f"What the run {record.name!r} noted of its model cannot be read any more, so it cannot be"
        " made again. Start it anew on the same data."
    )
