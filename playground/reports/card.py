"""The model card of an exported run: what it is, what it was given, how well it does."""

import json
import math
from pathlib import Path
from typing import Any

from playground.comparisons import arms, stored_answers
from playground.comparisons.question import Question, Subject
from playground.data.example import Example
from playground.evaluation.compare import compare
from playground.evaluation.verdict import percent
from playground.events import Evaluated
from playground.methods.cards import cards
from playground.models.catalogue import FOLDERS
from playground.runs import log
from playground.runs.facts import AUTO_CLASSES, facts, values_of
from playground.runs.fingerprint import public_model
from playground.runs.record import About, Record

Examples = tuple[Example, ...]


def card(record: Record, home: Path, labelled: Examples, held_out: Examples) -> str:
    """The card in Markdown, with the front matter the Hub reads."""
    spec, method = record.spec, cards()[record.spec.method]
    return f"""{_front_matter(record)}
# {record.name}

{method.title} ({method.paper}) on the base model `{public_model(spec.model)}`.

## How well it does

{_accuracy(record, home, labelled, held_out)}

## The task

{_task(record)}

## The data

{_data(record.about)}

## How it was made

{_settings(record)}

`reproduce.py` makes it again from labelled.csv and held_out.csv. In these a cell that a
spreadsheet would evaluate, such as =1+1, begins with an apostrophe, which the script takes off.

## How to use it

{_usage(record)}
"""


def is_peft(record: Record) -> bool:
    """Whether the adapter is of one of peft's own types."""
    return not str(_adapter(record).get("peft_type", "PLAYGROUND")).startswith("PLAYGROUND")


def _adapter(record: Record) -> dict[str, Any]:
    """What the adapter says of itself; nothing where it is a whole model."""
    return values_of(record.folder / "adapter" / "adapter_config.json")


def _task(record: Record) -> str:
    """What the model reads and answers with."""
    task, classes = record.spec.task, _adapter(record).get("classes")
    if isinstance(classes, list):
        texts = ", ".join(map(_code, task.text_columns))
        outputs = "\n".join(
            f"{place}. {_code(str(label))}" for place, label in enumerate(classes, 1)
        )
        return f"The text alone goes in ({texts}). The head's outputs, in order:\n\n{outputs}"
    return f"""Template, each {{column}} filled with the text of that name, the answer at the end or
at {{answer}}:

{_fenced(task.template)}
{_chat(task.chat)}{_instruction(task.instruction)}
| label | label word |
|---|---|
{_words(record)}"""


def _front_matter(record: Record) -> str:
    base = public_model(record.spec.model)
    lines = [f"base_model: {json.dumps(base)}"] if "/" in base else []
    lines += ["library_name: peft"] if is_peft(record) else ["library_name: transformers"]
    tags = ("text-classification", "prompting", record.spec.method)
    lines += ["tags:", *(f"- {tag}" for tag in tags)]
    return "\n".join(["---", *lines, "---"])


def _accuracy(record: Record, home: Path, labelled: Examples, held_out: Examples) -> str:
    """From the answers to all held-out examples where there are some, else from the last look
    during training."""
    spec = record.spec
    subject = Subject(spec.task, spec.model, labelled, held_out, (record,))
    plans = arms.plans(subject, Question(shots=(0,), baseline=True))
    known = [answers for plan in plans if (answers := stored_answers.load(home, plan)) is not None]
    if any(answers.kind == "run" for answers in known):
        found = compare(held_out, spec.task.labels, known)
        return "\n".join(
            f"- {arm.name}: {percent(arm.accuracy)} of {arm.n} held-out examples right"
            f" (95 % interval {percent(arm.interval[0])} to {percent(arm.interval[1])})"
            for arm in found.arms
        )
    seen = [e for e in log.curve(log.everything(record.folder)) if isinstance(e, Evaluated)]
    looks = [event for event in seen if event.part == "held_out"]
    if not looks:
        return "It was not measured on held-out examples."
    return (
        f"At step {looks[-1].step} it got {percent(looks[-1].accuracy)} of {looks[-1].n} held-out"
        f" examples right. Guessing has a loss of {math.log(len(spec.task.labels)):.2f}; its loss"
        f" was {looks[-1].loss:.2f}."
    )


def _usage(record: Record) -> str:
    base = public_model(record.spec.model)
    shown = "FOLDER_OF_THE_BUNDLED_MODEL" if record.spec.model in FOLDERS else base
    auto = AUTO_CLASSES[facts(record)["family"]]
    if is_peft(record):
        return _fenced(
            f"from peft import PeftModel\nfrom transformers import {auto}\n\n"
            f'base = {auto}.from_pretrained("{shown}")\n'
            'tuned = PeftModel.from_pretrained(base, "FOLDER_OF_THIS_FILE")'
        )
    if (record.folder / "adapter" / "config.json").is_file():
        return f"A whole model: `{auto}.from_pretrained` of transformers opens this folder."
    return (
        "peft has no adapter of this kind, so `PeftModel.from_pretrained` does not open it. The"
        " function `load_adapter` in reproduce.py puts it on the base model."
    )


def _words(record: Record) -> str:
    cells = map(_cells, record.spec.task.label_words.items())
    return "\n".join(f"| {label} | {word} |" for label, word in cells)


def _settings(record: Record) -> str:
    settings = {**record.settings, "seed": record.spec.seed}
    return "\n".join(f"- {name}: `{value}`" for name, value in settings.items())


def _data(about: About) -> str:
    return (
        f"{about.labelled} labelled examples and {about.held_out} held-out examples of the table"
        f" {_code(about.table)}; {about.duplicates} duplicates, {about.conflicts} rows with"
        f" conflicting labels and {about.left_out} unusable rows were left out. {about.note}"
    )


def _cells(pair: tuple[str, str]) -> tuple[str, str]:
    label, word = (text.replace("|", "\\|").replace("\n", " ") for text in pair)
    return label, word


def _chat(chat: bool) -> str:
    if not chat:
        return ""
    return (
        "\nIt is sent through the chat template of the base model, as a user's turn that the label"
        " word answers.\n"
    )


def _instruction(text: str) -> str:
    return f"\nInstruction in front of it:\n\n{_fenced(text)}\n" if text.strip() else ""


def _fenced(text: str) -> str:
    """A code block that the text cannot close."""
    marks = "```"
    while marks in text:
        marks += "`"
    return f"{marks}\n{text}\n{marks}"


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"
