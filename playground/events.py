"""What happened during a run: past facts with their units, one JSON object a line."""

import dataclasses
import json
from dataclasses import dataclass


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


Event = Queued | Loading | Started | Step | Evaluated | Noted | Finished | Stopped | Failed
KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (Queued, Loading, Started, Step, Evaluated, Noted, Finished, Stopped, Failed)
}
TERMINAL = (Finished, Stopped, Failed)


def to_line(event: Event) -> str:
    """The event as one line of JSON, newline included."""
    record = {"event": type(event).__name__, **dataclasses.asdict(event)}
    return json.dumps(record, ensure_ascii=False) + "\n"


def from_line(line: str) -> Event:
    """The event a line holds. Raises ValueError for an unknown kind or a broken line."""
    record = json.loads(line)
    kind = KINDS.get(record.pop("event", ""))
    if kind is None:
        raise ValueError(f"no event is called so: {line[:80]!r}")
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{name: value for name, value in record.items() if name in known})
