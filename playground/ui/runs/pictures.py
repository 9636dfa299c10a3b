"""The curves of some runs over each other."""

from playground.events import Event
from playground.runs.record import Record
from playground.ui.components import curves, plots
from playground.ui.components.figure import Drawn, drawn
from playground.ui.components.plots import Curve
from playground.ui.components.styles import Look, method_looks
from playground.ui.words import runs as words


def overlaid(records: list[Record]) -> tuple[Drawn, Drawn]:
    """Loss and held-out accuracy of the runs over each other."""
    looks = method_looks([record.spec.method for record in records])
    parts = [curves.whole(all_events(record)) for record in records]
    named = list(zip(records, looks, parts, strict=True))
    loss = [_curve(record, look, part.loss) for record, look, part in named]
    accuracy = [_curve(record, look, part.held_out) for record, look, part in named]
    names = ", ".join(record.name for record in records)
    return (
        drawn(plots.loss_curves(loss), f"{words.LOSS}: {names}"),
        drawn(plots.accuracy_curves(accuracy), f"{words.ACCURACY}: {names}"),
    )


def all_events(record: Record) -> list[Event]:
    """Every event so far; a log is read in pieces."""
    found, cursor = record.events(0)
    more = found
    while more:
        more, cursor = record.events(cursor)
        found = found + more
    return found


def _curve(record: Record, look: Look, points: list[list[float]]) -> Curve:
    return Curve(record.name, look, [point[0] for point in points], [point[1] for point in points])
