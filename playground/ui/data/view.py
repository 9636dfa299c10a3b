"""What the Data tab shows of a table and a task: plain values, no components."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from playground.data.table import Table
from playground.errors import UserError
from playground.tasks.classification import Task
from playground.tasks.splits import Split, split
from playground.ui.words import data as words

LABELS_PER_CLASS = 32  # at first sight
STEPS = (1, 2, 4, 8, 16, 32, LABELS_PER_CLASS)
ROWS_SHOWN = 100
CELL_SHOWN = 300


@dataclass(frozen=True)
class SplitSettings:
    """How the rows are to be split. labels_per_class: None for all labelled ones."""

    labels_per_class: int | None
    seed: int


def split_settings(labels_per_class: int | None, seed: float | None) -> SplitSettings:
    """As the widgets have them: a seed that is being typed may be missing."""
    return SplitSettings(labels_per_class, int(seed or 0))


def suited(settings: SplitSettings, table: Table) -> SplitSettings:
    """As many labelled examples as wanted at first, or fewer, so that half of a usual label's rows
    stay held out; a table that names its own split keeps its own."""
    if settings.labels_per_class is None or not table.label_counts:
        return settings
    half = LABELS_PER_CLASS if table.split_column else median(table.label_counts.values()) // 2
    fitting = [count for count in STEPS if count <= half]
    return SplitSettings(fitting[-1] if fitting else 1, settings.seed)


def first_rows(table: Table) -> dict[str, Any]:
    """Headers and cells of the preview, as texts: label and text first, then the other columns."""
    chosen = [*filter(None, [table.label_column]), *table.text_columns]
    columns = [*chosen, *(column for column in table.columns if column not in chosen)]
    cells = [[_cut(row.get(column, "")) for column in columns] for row in table.rows[:ROWS_SHOWN]]
    return {"headers": columns, "data": cells}


def widths(table: Table) -> list[str | int]:
    """How wide each column of the preview is: the label narrow, the text wide."""
    label = ["140px"] if table.label_column else []
    room = "76%" if len(table.text_columns) == 1 else "38%"
    rest = len(table.columns) - len(label) - len(table.text_columns)
    return [*label, *[room] * len(table.text_columns), *["160px"] * rest]


def texts(table: Table) -> list[str]:
    return [" ".join(row.get(column, "") for column in table.text_columns) for row in table.rows]


def summary(table: Table, task: Task, settings: SplitSettings) -> str:
    """Rows, labels, what was set aside, and what a run would learn from."""
    try:
        parts = split(table, task, settings.labels_per_class, settings.seed)
    except UserError as error:
        return f"{words.summary(len(table.rows), len(table.label_counts), '')}. {error}"
    aside = words.set_aside(parts.duplicates, parts.conflicts, parts.left_out)
    start = words.summary(len(table.rows), len(table.label_counts), aside)
    return f"{start}\n{split_sentence(parts)}"


def split_sentence(parts: Split) -> str:
    counts = words.split_sentence(len(parts.labelled), len(parts.held_out))
    return f"{counts} {parts.note}".strip()


def word_rows(task: Task) -> list[list[str]]:
    return [[label, word] for label, word in task.label_words.items()]


def edited(task: Task, template: str, instruction: str, rows: Sequence[Sequence[str]]) -> Task:
    """The task as it now stands in the editor; rows that name no label of it are passed over."""
    typed = {str(row[0]): str(row[1] or "").strip() for row in rows if len(row) > 1}
    label_words = {label: typed.get(label, word) for label, word in task.label_words.items()}
    return replace(
        task, template=template, instruction=instruction.strip(), label_words=label_words
    )


def version(table_id: str, task: dict[str, Any], settings: SplitSettings) -> str:
    """A short text that changes whenever what would be trained or asked does."""
    held = json.dumps([table_id, task, settings.labels_per_class, settings.seed], sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def _cut(text: str) -> str:
    return text if len(text) <= CELL_SHOWN else text[:CELL_SHOWN] + " …"
