"""What the panel of the Runs tab shows of the chosen runs: curves, settings, what can be done."""

from collections.abc import Sequence

import gradio as gr

from playground.events import Event
from playground.methods.cards import cards
from playground.reports.merged_zip import mergeable
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components import curves, plots
from playground.ui.components.figure import FigurePayload, figure_payload
from playground.ui.components.notice import SILENT, Notice, notice_text
from playground.ui.components.plots import Curve
from playground.ui.components.styles import Style, method_styles
from playground.ui.components.wiring import Updates
from playground.ui.runs.widgets import ActionWidgets, DetailWidgets
from playground.ui.words import runs as words
from playground.ui.words.titles import method_title, model_title

Lines = dict[str, str]
SETTING_WIDTH, RUN_WIDTH = "260px", "320px"
RESUMABLE = ("stopped", "failed", "died", "damaged")  # where only the log is damaged, it goes on


def contents(details: DetailWidgets, records: list[Record]) -> Updates:
    """The curves of the runs over each other, and their settings side by side."""
    loss, accuracy = overlaid_curves(records)
    heads, rows = settings_table(records)
    title = words.SETTINGS if len(records) == 1 else words.DIFFERENCES
    return {
        details.loss: loss,
        details.accuracy: accuracy,
        details.settings: gr.Dataframe(
            {"headers": heads, "data": rows},
            label=title,
            column_widths=[SETTING_WIDTH, *[RUN_WIDTH] * len(records)],
        ),
    }


def damage_notice(records: list[Record]) -> Notice:
    """What is wrong with the first of the runs that is damaged; nothing where none is."""
    found = [words.damaged(one.name, one.damage) for one in records if one.damage]
    return notice_text(found[0], "error") if found else SILENT


def buttons(actions: ActionWidgets, records: list[Record], owner: str) -> Updates:
    """What can be done: some of it with one run only, and some by the owner alone."""
    one, own = len(records) == 1, all(owns(record, owner) for record in records)
    name = records[0].name if one else ""
    return {
        actions.show_code: gr.Button(interactive=one),
        actions.fetch: gr.Button(interactive=one and records[0].usable),
        actions.fetch_merged: gr.Button(
            interactive=one and records[0].usable and mergeable(records[0].spec.method)
        ),
        actions.rename: gr.Button(interactive=one and own),
        actions.name: gr.Textbox(name, interactive=one and own),
        actions.resume: gr.Button(
            interactive=own
            and all(record.status in RESUMABLE and record.readable for record in records)
        ),
        actions.unshare: gr.Button(visible=own and any(record.shared for record in records)),
        actions.delete: gr.Button(interactive=own and all(record.over for record in records)),
    }


def overlaid_curves(records: list[Record]) -> tuple[FigurePayload, FigurePayload]:
    """Loss and held-out accuracy of the runs over each other."""
    styles = method_styles([record.spec.method for record in records])
    parts = [curves.whole(all_events(record)) for record in records]
    named = list(zip(records, styles, parts, strict=True))
    loss = [_curve(record, style, part.loss) for record, style, part in named]
    accuracy = [_curve(record, style, part.held_out) for record, style, part in named]
    names = ", ".join(record.name for record in records)
    return (
        figure_payload(plots.loss_curves(loss), f"{words.LOSS}: {names}"),
        figure_payload(plots.accuracy_curves(accuracy), f"{words.ACCURACY}: {names}"),
    )


def all_events(record: Record) -> list[Event]:
    """Every event so far; a log is read in pieces."""
    found, cursor = record.events(0)
    more = found
    while more:
        more, cursor = record.events(cursor)
        found = found + more
    return found


def _curve(record: Record, style: Style, points: list[list[float]]) -> Curve:
    return Curve(
        record.name, style, [int(point[0]) for point in points], [point[1] for point in points]
    )


def settings_of(record: Record) -> Lines:
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


def settings_table(records: Sequence[Record]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of a table: every setting of one run, or those in which several differ."""
    columns = [settings_of(record) for record in records]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [[name, *(column.get(name, "–") for column in columns)] for name in names]
    if len(records) > 1:
        rows = [line for line in rows if len(set(line[1:])) > 1]
    heads = [words.SETTING, *(record.name for record in records)]
    return heads, rows or [[words.SAME, *("" for _ in records)]]
