"""The script that makes a run again, with transformers and peft alone.

Its parts lie in scripts/: what every run shares, and how each method builds its network. A method
without a part of its own is built from its adapter_config.json, by peft.
"""

import json
import pprint
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playground import limits
from playground.errors import UserError
from playground.events import Started
from playground.methods.cards import cards
from playground.models.catalogue import FOLDERS
from playground.models.sources import LOCAL
from playground.runs import files, log
from playground.runs.facts import AUTO_CLASSES, values_of, whole_facts
from playground.runs.fingerprint import public_model
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.tasks.template import Hole, Slot, parse

PARTS = Path(__file__).parent / "scripts"
PART_COLUMN = "part"  # of labelled.csv: "train" or "validation"
HEADER_BYTES = 8  # a safetensors file begins with the length of its JSON header


def script(record: Record) -> str:
    """The whole script as text. It expects labelled.csv and held_out.csv in its folder.

    Raises UserError for a run that has learnt nothing yet, or whose method cannot be rebuilt.
    """
    adapter, noted = record.folder / "adapter", whole_facts(record)
    config = values_of(adapter / "adapter_config.json")
    part = PARTS / f"{record.spec.method}.txt"
    if not part.is_file():
        part = PARTS / "generic.txt"
        if not config:
            raise UserError(f"There is no script for the method {record.spec.method!r} yet.")
    build = part.read_text(encoding="utf-8")
    values = {**_task(record.spec), **_training(record, noted), **_model(noted, config)}
    if "ADAPTED" in build:
        values |= _places(adapter / "adapter_model.safetensors")
    constants = "\n".join(_constant(name, value) for name, value in values.items())
    common = (PARTS / "common.txt").read_text(encoding="utf-8")
    end = (PARTS / "end.txt").read_text(encoding="utf-8")
    auto = AUTO_CLASSES[noted["family"]]
    imports = _imports(build, auto)
    chosen = f"{_base(record.spec.model)}\nAUTO_CLASS = {auto}"
    parts = [_docstring(record), imports, f"{chosen}\n{constants}", common, build, end]
    return "\n\n".join(text.strip("\n") for text in parts) + "\n"


def part_column(record: Record) -> str:
    """The column of labelled.csv that says what an example was used for; no column of the task's
    is called so."""
    name = PART_COLUMN
    while name in (*record.spec.task.text_columns, record.spec.task.label_column):
        name += "_"
    return name


def _docstring(record: Record) -> str:
    title = cards()[record.spec.method].title
    named = record.spec.model not in FOLDERS and not record.spec.model.startswith(LOCAL)
    way = "python reproduce.py" if named else "python reproduce.py FOLDER_OF_THE_MODEL"
    return (
        f'"""{title}, trained again with plain transformers and peft.\n\n    {way}\n\n'
        "labelled.csv and held_out.csv lie next to it. Same seed, order, loss and schedule as the"
        '\nrun it was written from; needs torch, transformers, peft and safetensors.\n"""'
    )


def _imports(build: str, auto: str) -> str:
    lines = ["import csv", "import math", "import random", "import sys"]
    lines += ["from pathlib import Path", "", *(["import peft"] if "peft." in build else [])]
    lines += ["import torch"]
    lines += ["from safetensors.torch import load_file"] if "load_file" in build else []
    return "\n".join([*lines, f"from transformers import AutoTokenizer, {auto}"])


def _base(model: str) -> str:
    if model in FOLDERS or model.startswith(LOCAL):
        said = f"Give the folder of the model {public_model(model)!r}."
        return f"if len(sys.argv) < 2:\n    sys.exit({said!r})\nMODEL = sys.argv[1]"
    return f"MODEL = sys.argv[1] if len(sys.argv) > 1 else {model!r}"


def _task(spec: RunSpec) -> dict[str, Any]:
    sides: list[list[tuple[str, str]]] = [[]]
    for part in parse(spec.task.template):
        if isinstance(part, Slot):
            sides.append([])
        elif isinstance(part, Hole):
            sides[-1].append(("column", part.column))
        else:
            sides[-1].append(("text", part.text))
    return {
        "BEFORE": sides[0],
        "AFTER": sides[1] if len(sides) > 1 else [],
        "INSTRUCTION": spec.task.instruction.strip(),
        "TEXT_COLUMNS": list(spec.task.text_columns),
        "LABEL_COLUMN": spec.task.label_column,
        "LABEL_WORDS": dict(spec.task.label_words),
    }


def _training(record: Record, noted: Mapping[str, Any]) -> dict[str, Any]:
    spec, plan = record.spec, noted["plan"]
    shown = {name: value for name, value in spec.settings.items() if name not in plan}
    started = [event for event in log.everything(record.folder) if isinstance(event, Started)]
    if not started:
        raise UserError(
            f"The log of the run {record.name!r} does not say any more how it began, so it cannot"
            " be made again. Start it anew on the same data."
        )
    return {
        "PART_COLUMN": part_column(record),
        "SETTINGS": shown,
        "OBJECTIVE": plan["objective"],
        "SEED": spec.seed,
        "STEPS": plan["steps"],
        "BATCH_SIZE": plan["batch_size"],
        "LEARNING_RATE": plan["learning_rate"],
        "WEIGHT_DECAY": plan["weight_decay"],
        "SCHEDULE": plan["schedule"],
        "WARMUP": plan["warmup"],
        "EVALUATE_EVERY": plan["evaluate_every"],
        "PATIENCE": plan["patience"],
        "LIVE": limits.LIVE_HELD_OUT,
        "BFLOAT16": started[-1].dtype.startswith("bfloat16"),
    }


def _model(noted: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("target_modules", "fan_in_fan_out", "task_type", "reads")
    return {
        "MASKED": noted["family"] == "masked",
        "SEQ2SEQ": noted["family"] == "seq2seq",
        "START_IDS": noted["start_ids"],
        "END_IDS": noted["end_ids"],
        "DECODER_START": noted.get("decoder_start"),
        "CHAT": noted.get("chat"),
        "WORD_IDS": noted.get("words"),
        "LEAD": noted.get("lead", ""),
        "MAX_LENGTH": noted["max_length"],
        "VIRTUAL_TOKENS": config.get("num_virtual_tokens", 0),
        "ADAPTER_CONFIG": {name: config[name] for name in kept if name in config},
    }


def _places(weights: Path) -> dict[str, Any]:
    """Where the bottlenecks sit and which layer norms trained, by the names of what was saved."""
    try:
        with files.open_plain(weights) as file:
            (length,) = struct.unpack("<Q", file.read(HEADER_BYTES))
            header = json.loads(file.read(min(length, limits.HOME_FILE_BYTES)))
        names = [name for name in header if name != "__metadata__"]
    except (files.Damaged, struct.error, ValueError, TypeError, RecursionError) as error:
        raise UserError(
            "The adapter of this run cannot be read any more. Start the run anew on the same data."
        ) from error
    ending = ".down.weight"
    places = [name.removesuffix(ending) for name in names if name.endswith(ending)]
    inside = tuple(f"{place}.{side}." for place in places for side in ("down", "up"))
    return {"ADAPTED": places, "NORMS": [name for name in names if not name.startswith(inside)]}


def _constant(name: str, value: Any) -> str:
    return f"{name} = {pprint.pformat(value, width=96, sort_dicts=False)}"
