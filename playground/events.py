"""What happened during a run: past facts with their units, one JSON object a line."""

import contextlib
import dataclasses
import json
from dataclasses import dataclass
from typing import get_args


@dataclass(frozen=True)
class Queued:
    """The run joins the queue: when it is made, and again each time it is resumed."""

    time: float  # seconds since the epoch


@dataclass(frozen=True)
class Loading:
    """The worker has the run and is busy before the first step. `what`: a short phrase."""

    what: str
    time: float  # seconds since the epoch


@dataclass(frozen=True)
class Started:
    """Training begins, or goes on after `resumed_from` steps (0: from the beginning)."""

    time: float  # seconds since the epoch
    steps: int  # optimiser steps planned
    train: int  # labelled examples trained on
    validation: int  # labelled examples kept for early stopping, 0: none
    held_out: int  # held-out examples of the run
    labels: int  # distinct labels: guessing has a loss of ln(labels)
    trainable: int  # parameters that train
    parameters: int  # parameters of the base model
    device: str
    dtype: str  # of the computation, e.g. "float32" or "bfloat16 autocast"
    resumed_from: int = 0


@dataclass(frozen=True)
class Step:
    """One optimiser update. `loss`: mean cross-entropy per answer, in nats."""

    step: int  # 1-based
    loss: float
    learning_rate: float
    seconds: float  # spent training so far, without evaluation, resumed parts included


@dataclass(frozen=True)
class Evaluated:
    """Accuracy on one part of the data. `part`: "held_out" or "validation"."""

    step: int  # updates done when it was measured
    part: str
    accuracy: float  # 0 to 1
    loss: float  # mean cross-entropy per answer, in nats
    n: int  # examples it was measured on
    one_label: str = ""  # the label given to every example, when there is only one


@dataclass(frozen=True)
class StageStarted:
    """A stage of a recipe begins, or goes on; what trains in it counts steps on from the last."""

    stage: int  # 1-based
    stages: int
    title: str
    time: float  # seconds since the epoch


@dataclass(frozen=True)
class StageFinished:
    """A stage of a recipe reached its end. `said`: what it brought, in a sentence."""

    stage: int
    said: str
    seconds: float  # spent in it, resumed parts included


@dataclass(frozen=True)
class Noted:
    """Something a person should know about the run, in a sentence."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The run reached its end, or stopped early by itself (`early`)."""

    step: int  # last step taken
    best_step: int  # step whose weights are kept
    seconds: float
    early: bool
    peak_bytes: int  # of memory: the device's where it counts, else the process's
    adapter_bytes: int  # on disk
    steps_per_second: float


@dataclass(frozen=True)
class Stopped:
    """Somebody stopped the run; what was learnt so far is kept."""

    step: int
    best_step: int
    seconds: float
    peak_bytes: int
    adapter_bytes: int
    steps_per_second: float


@dataclass(frozen=True)
class Failed:
    """The run could not go on. `message`: what is wrong and the way out."""

    message: str
    step: int = 0


Stage = StageStarted | StageFinished
Event = Queued | Loading | Started | Step | Evaluated | Stage | Noted | Finished | Stopped | Failed
KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}
TERMINAL = (Finished, Stopped, Failed)
FIELDS = {kind: {one.name: one.type for one in dataclasses.fields(kind)} for kind in KINDS.values()}
LARGEST = 2**53  # of a number: what a browser counts exactly, and a time in seconds well within
START = '{"event"'  # how `to_line` begins
RESCUES = 16  # events looked for in a broken line
DECODER = json.JSONDecoder()


def to_line(event: Event) -> str:
    """The event as one line of JSON, newline included."""
    record = {"event": type(event).__name__, **dataclasses.asdict(event)}
    return json.dumps(record, ensure_ascii=False) + "\n"


def from_line(line: str) -> Event:
    """The event a line holds. Raises ValueError for an unknown kind, a value of another type than
    the event's, a number that nothing could count, or a broken line."""
    try:
        return _event(json.loads(line))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def rescued(line: str) -> tuple[list[Event], bool]:
    """The whole events in a line that has more in it, and whether the last of them ends it.

    A write that broke off and the one after it share a line; what is left of the first is no event.
    """
    found: list[Event] = []
    ends, place = False, len(line)
    for _ in range(RESCUES):
        place = line.rfind(START, 0, place)
        if place < 0:
            break
        with contextlib.suppress(ValueError, RecursionError):
            value, end = DECODER.raw_decode(line, place)
            event = _event(value)
            ends = ends if found else not line[end:].strip()
            found.insert(0, event)
    return found, ends


def _event(record: object) -> Event:
    if not isinstance(record, dict):
        raise ValueError(f"no event is called so: {str(record)[:80]!r}")
    name = record.pop("event", "")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"no event is called so: {str(record)[:80]!r}")
    values = {field: record[field] for field in FIELDS[kind] if field in record}
    for field, value in values.items():
        if not _fits(field, value, FIELDS[kind][field]):
            raise ValueError(f"{field} is {str(value)[:80]!r}")
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{name} without all its values") from error


def _fits(field: str, value: object, wanted: object) -> bool:
    if type(value) is not wanted and (type(value), wanted) != (int, float):
        return False
    # a training that diverges has a loss without end; nothing else is
    return not isinstance(value, int | float) or field == "loss" or -LARGEST < value < LARGEST
