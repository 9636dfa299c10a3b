"""A run to take away: the adapter, its card, its examples and the code, in one zip."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

from playground.data.example import Example
from playground.reports.card import card
from playground.reports.script import part_column, script
from playground.runs import exports, files
from playground.runs.drafts import draft
from playground.runs.fingerprint import public_model
from playground.runs.record import Record
from playground.runs.spreadsheet import escaped
from playground.runs.store import read_examples
from playground.tasks.splits import validation_slice

PLAIN = re.compile(r"[^A-Za-z0-9]+")


def export(record: Record, home: Path) -> Path:
    """The zip, made anew. peft opens the folder it unpacks to; nothing in it names this machine.

    Raises UserError for a run that has learnt nothing yet.
    """
    texts, adapter = texts_of(record, home), record.folder / "adapter"
    with draft(home) as place:
        with exports.archive(place / "zip") as archive:
            for file in files.plain_files(adapter):
                name = file.relative_to(adapter).as_posix()
                if name not in texts:
                    archive.write(file, name)
            for name, text in texts.items():
                archive.writestr(name, text)
        return exports.keep(
            home, place / "zip", record.id, "adapter", f"{file_name(record.name)}.zip"
        )


def texts_of(record: Record, home: Path) -> dict[str, str]:
    """What goes with the weights, by file name: the card, the code, the examples, the task."""
    labelled, held_out = read_examples(record.folder)
    taught, validation = validation_slice(labelled, record.spec.seed)
    used = [(one, "train") for one in taught] + [(one, "validation") for one in validation]
    return {
        "README.md": card(record, home, labelled, held_out),
        "reproduce.py": script(record),
        "labelled.csv": _csv(record, used),
        "held_out.csv": _csv(record, [(one, "") for one in held_out]),
        "spec.json": _json({**record.spec.to_json(), "model": public_model(record.spec.model)}),
        "task.json": _json(record.spec.task.to_json()),
    }


def _csv(record: Record, examples: Sequence[tuple[Example, str]]) -> str:
    """One line for each example; a second value that is not "" says what it was used for. The
    script of the run takes off what keeps a spreadsheet from evaluating a cell."""
    task, part = record.spec.task, part_column(record)
    parts = [part] if any(used for _, used in examples) else []
    text = io.StringIO()
    columns = [*task.text_columns, task.label_column, *parts]
    writer = csv.writer(text, lineterminator="\r\n")  # with which a bare \r is quoted too
    writer.writerow(map(escaped, columns))
    for example, used in examples:
        own = {part: used} if parts else {}
        row = {**example.row, task.label_column: example.label, **own}
        writer.writerow(escaped(row.get(column, "")) for column in columns)
    return text.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def file_name(name: str) -> str:
    """A run's name as the name of a file, without an ending."""
    return PLAIN.sub("-", name).strip("-").lower()[:60] or "run"
