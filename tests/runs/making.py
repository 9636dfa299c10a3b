"""Runs for the tests of their records, made without training anything."""

from pathlib import Path

from playground.data.building import assembled
from playground.data.table import Table
from playground.events import Event, Started, Step, Stopped
from playground.runs import log, starting
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.tasks.classification import Task

WORDS = ("fine", "grand", "lovely", "kind", "dull", "poor", "weak", "bad")
TASK = Task("Review: {text}\nSentiment:", {"pos": "positive", "neg": "negative"}, "label")


def table(rows: int = 24, name: str = "reviews.csv") -> Table:
    """Short texts, all different, of two labels in turns."""
    texts = [
        {
            "text": f"A {WORDS[i % 2 * 4 + i // 2 % 4]} film, number {i}.",
            "label": ("pos", "neg")[i % 2],
        }
        for i in range(rows)
    ]
    return assembled(name, ("text", "label"), texts, range(2, rows + 2))


def start(store: Store, owner: str = "", origin: str = "", **changes: object) -> str:
    """The id of a new run in the queue of this store."""
    spec = RunSpec(**{"task": TASK, "labels_per_class": 4, **changes})
    return starting.start(spec, table(), owner, store, origin)


def happened(folder: Path, *events: Event) -> None:
    """Write events into a run's log."""
    for event in events:
        log.append(folder / "events.jsonl", event)


def started(resumed_from: int = 0) -> Started:
    return Started(
        time=1.0,
        steps=9,
        train=8,
        validation=0,
        held_out=16,
        labels=2,
        trainable=10,
        parameters=100,
        device="CPU",
        dtype="float32",
        resumed_from=resumed_from,
    )


def step(number: int) -> Step:
    return Step(number, loss=0.5, learning_rate=0.1, seconds=float(number))


def stopped(number: int) -> Stopped:
    return Stopped(number, number, float(number), peak_bytes=1, adapter_bytes=2, steps_per_second=1)
