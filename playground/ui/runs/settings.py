"""What each of some runs was asked to do, side by side."""

from collections.abc import Sequence

from playground.methods.cards import cards
from playground.runs.record import Record
from playground.ui.runs.rows import method_title, model_title
from playground.ui.words import runs as words

Lines = dict[str, str]


def asked(record: Record) -> Lines:
    """Every setting of a run by name, the method's own defaults included, as texts. None where
    they cannot be read any more."""
    if not record.readable:
        return {}
    spec = record.spec
    labels = words.DEFAULT_ALL if spec.labels_per_class is None else str(spec.labels_per_class)
    common = {
        "method": method_title(spec.method),
        "model": model_title(spec.model),
        "data": record.about.table,
        "labelled examples for each label": labels,
        "labelled examples": str(record.about.labelled),
        "held-out examples": str(record.about.held_out),
        "seed": str(spec.seed),
        "template": spec.task.template.replace("\n", " ⏎ "),
        "instruction": spec.task.instruction,
        "chat template": words.CHAT[spec.task.chat],
        "label words": ", ".join(f"{k} → {v}" for k, v in spec.task.label_words.items()),
    }
    known = cards().get(spec.method)
    defaults = {one.name: one.default for one in known.settings} if known else {}
    if known and known.paper_rate:
        defaults["learning_rate"] = words.RATE_BY_SIZE
    settings = {**defaults, **record.settings}
    return {**common, **{name.replace("_", " "): str(value) for name, value in settings.items()}}


def compared(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of a table: every setting of one run, or those in which several differ."""
    columns = [asked(record) for record in records]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [[name, *(column.get(name, "–") for column in columns)] for name in names]
    if len(records) > 1:
        rows = [line for line in rows if len(set(line[1:])) > 1]
    heads = [words.SETTING, *(record.name for record in records)]
    return heads, rows or [[words.SAME, *("" for _ in records)]]
