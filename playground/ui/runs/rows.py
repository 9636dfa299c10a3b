"""One line for each run: what it is, how far, how right, at what cost. Reads only new events."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from playground.events import Evaluated, Event, Finished, Started, Step, Stopped
from playground.runs.record import Record
from playground.ui.words import runs as words
from playground.ui.words import train as train_words
from playground.ui.words.titles import method_title, model_title

KNOWN_RUNS = 1_000
Row = dict[str, object]


@dataclass
class Gist:
    """What a list needs of a run's events so far."""

    cursor: int = 0
    step: int = 0
    best_step: int | None = None
    steps: int = 0
    trainable: int = 0
    parameters: int = 0
    seconds: float = 0.0
    held_out: dict[int, tuple[float, int]] = field(default_factory=dict)  # step: accuracy, n


class Gists:
    """The gist of every run that was listed lately; each look reads only what is new."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Gist] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, record: Record) -> Gist:
        """The gist of a run as it is now."""
        with self._lock:
            gist = self._known.setdefault(record.id, Gist())
            self._known.move_to_end(record.id)
            while len(self._known) > KNOWN_RUNS:
                self._known.popitem(last=False)
            while True:
                events, gist.cursor = record.events(gist.cursor)
                for event in events:
                    add(gist, event)
                if not events:
                    return gist


def add(gist: Gist, event: Event) -> None:
    """The gist with one more event."""
    if isinstance(event, Started):
        gist.steps, gist.trainable, gist.parameters = event.steps, event.trainable, event.parameters
        gist.best_step = None
        gist.held_out = {s: v for s, v in gist.held_out.items() if s <= event.resumed_from}
    elif isinstance(event, Step):
        gist.step, gist.seconds = event.step, event.seconds
    elif isinstance(event, Evaluated) and event.part == "held_out":
        gist.held_out[event.step] = (event.accuracy, event.n)
    elif isinstance(event, Finished | Stopped):
        gist.step, gist.best_step, gist.seconds = event.step, event.best_step, event.seconds


def verdict(gist: Gist) -> str:
    """Accuracy on held-out examples with how many, of the weights that are kept; "" before."""
    kept = gist.step if gist.best_step is None else gist.best_step
    measured = [step for step in gist.held_out if step <= kept] or list(gist.held_out)
    return words.right(*gist.held_out[max(measured)]) if measured else ""


def cost(gist: Gist) -> str:
    """Share of the weights that trains, and seconds of training so far."""
    if not gist.parameters:
        return ""
    share = train_words.share_text(gist.trainable / gist.parameters)
    return f"{share} · {train_words.seconds(gist.seconds)}"


def row(record: Record, gist: Gist, own: bool) -> Row:
    """What the list shows of a run; `progress` from 0 to 1 while it trains, else None."""
    running = record.status in ("running", "stopping") and gist.steps
    return {
        "id": record.id,
        "name": record.name,
        "method": method_title(record.spec.method),
        "data": record.about.table,
        "model": model_title(record.spec.model),
        "status": record.status,
        "state": train_words.state(record.status, record.position, record.damage),
        "progress": gist.step / gist.steps if running else None,
        "verdict": verdict(gist),
        "cost": cost(gist),
        "created": record.created,
        "shared": words.SHARED if own and record.shared else "" if own else words.SHARED_WITH_YOU,
    }
