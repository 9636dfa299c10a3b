"""From a run's events to the points and facts a chart and a status row need."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.events import (
    Evaluated,
    Event,
    Failed,
    Finished,
    Loading,
    Noted,
    Started,
    Step,
    Stopped,
)
from playground.ui.words import train as words

Point = list[float]


@dataclass
class Part:
    """What happened in one go of a run.

    cut: the step it went on from; points after it are void (None: goes on where the last part
        ended).
    loss: [step, nats per answer, seconds so far]; held_out, validation: [step, share right].
    facts: the newest value of everything that is not a curve.
    """

    cut: int | None = None
    loss: list[Point] = field(default_factory=list)
    held_out: list[Point] = field(default_factory=list)
    validation: list[Point] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def parts(events: Sequence[Event]) -> list[Part]:
    """The events in their order, a new part at every start."""
    found = [Part()]
    for event in events:
        if isinstance(event, Started):
            found.append(Part(cut=event.resumed_from))
        _add(found[-1], event)
    return found


def whole(events: Sequence[Event]) -> Part:
    """The curves of a run from its beginning, without the steps that a resume did anew."""
    run = Part()
    for part in parts(events):
        for kind in ("loss", "held_out", "validation"):
            kept = getattr(run, kind)
            if part.cut is not None:
                kept = [point for point in kept if point[0] <= part.cut]
            setattr(run, kind, kept + getattr(part, kind))
        run.facts.update(part.facts)
    return run


def _add(part: Part, event: Event) -> None:
    if isinstance(event, Step):
        part.loss.append([event.step, round(event.loss, 5), round(event.seconds, 3)])
    elif isinstance(event, Evaluated):
        _add_evaluated(part, event)
    else:
        part.facts.update(_facts(event))


def _add_evaluated(part: Part, event: Evaluated) -> None:
    curve = part.held_out if event.part == "held_out" else part.validation
    curve.append([event.step, round(event.accuracy, 5)])
    if event.part == "held_out":
        part.facts["evaluated_on"] = event.n
        part.facts["alarm"] = words.one_label(event.step, event.one_label)


def _facts(event: Event) -> dict[str, Any]:
    if isinstance(event, Loading):
        return {"doing": event.what}
    if isinstance(event, Noted):
        return {"note": event.text}
    if isinstance(event, Started):
        return {
            "started": event.time,
            "steps": event.steps,
            "labels": event.labels,
            "validation_examples": event.validation,
            "held_out_examples": event.held_out,
            "trainable": event.trainable,
            "parameters": event.parameters,
            "device": f"{event.device}, {event.dtype}",
            "resumed_from": event.resumed_from,
        }
    if isinstance(event, Finished | Stopped):
        kept = {"bytes": event.adapter_bytes, "peak_bytes": event.peak_bytes}
        return {**kept, "ending": words.ending(event)}
    return {"ending": event.message} if isinstance(event, Failed) else {}
