"""The public sets that the figures are measured on; they lie beside the project, not in it."""

import json
from pathlib import Path

from playground.data.splits import Example
from playground.data.task import Task

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "sst2": ("train.jsonl", "dev.jsonl"),
    "trec6": ("train.jsonl", "test.jsonl"),
    "banking77": ("train.jsonl", "test.jsonl"),
}
TEMPLATES = {
    "sst2": "Review: {text}\nSentiment:",
    "trec6": "Question: {text}\nType:",
    "banking77": "Customer: {text}\nIntent:",
}
BANKING_INTENTS = 12  # the first ones of labels.json, in its order


def task(name: str, words: dict[str, str] | None = None) -> Task:
    """The task of a set; label words are the label names with spaces."""
    found = sorted({example.label for example in held_out(name)})
    plain = {label: label.replace("_", " ") for label in found}
    return Task(template=TEMPLATES[name], label_words=words or plain, label_column="label")


def labelled(name: str) -> list[Example]:
    """The training part, in the file's order."""
    return _read(name, FILES[name][0])


def held_out(name: str) -> list[Example]:
    """The part nothing learns from."""
    return _read(name, FILES[name][1])


def _read(name: str, file: str) -> list[Example]:
    lines = (DATA / name / file).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    if name == "banking77":
        names = json.loads((DATA / name / "labels.json").read_text(encoding="utf-8"))
        kept = set(list(names)[:BANKING_INTENTS])
        rows = [row for row in rows if row["label"] in kept]
    return [Example({"text": row["text"]}, row["label"], i) for i, row in enumerate(rows, 1)]
