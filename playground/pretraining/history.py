"""What was done in a training folder, stage by stage: read from what the training left there."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from playground.errors import UserError
from playground.events import Evaluated, Event, Started, Step, from_line
from playground.pretraining import checkpoint
from playground.pretraining.plan import Plan
from playground.pretraining.records import RunRecord, StageRecord, TrainingRecord

RUN, EVENTS = "run.json", "events.jsonl"
ROWS = 12  # of a curve, at most
SMOOTH = 50  # steps a training loss is the mean of


def begin(folder: Path, about: TrainingRecord, plan: Plan, earlier: list[StageRecord]) -> None:
    """Note what is about to be trained. about: family, size, vocabulary, stage and data."""
    record: RunRecord = {**about, "plan": asdict(plan), "earlier": earlier}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN).write_text(json.dumps(record, indent=2, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> RunRecord:
    """What `begin` noted. Raises UserError where nothing was trained."""
    if not (folder / RUN).is_file():
        raise UserError(f"{folder} is no folder of a training: it has no {RUN}.")
    record: RunRecord = json.loads((folder / RUN).read_text(encoding="utf-8"))
    return record


def stages(folder: Path) -> list[StageRecord]:
    """Every stage up to this folder's, oldest first: stage, continued, data, plan, step, tokens,
    seconds, device, dtype and curve."""
    record = read(folder)
    position = checkpoint.read_position(folder / checkpoint.LATEST) or checkpoint.Position()
    happened = list(events(folder))
    started = [event for event in happened if isinstance(event, Started)][-1:]
    own: StageRecord = {
        "stage": record["stage"],
        "continued": record.get("continued", ""),
        "data": record["data"],
        "plan": record["plan"],
        "step": position.step,
        "seconds": position.seconds,
        "tokens": position.tokens,
        "decaying": position.decaying,
        "device": started[0].device if started else "",
        "dtype": started[0].dtype if started else "",
        "curve": curve(happened),
    }
    return [*record["earlier"], own]


def events(folder: Path) -> Iterator[Event]:
    """What happened, as if it had never been interrupted: steps done anew count once."""
    kept: list[Event] = []
    path = folder / EVENTS
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            event = from_line(line)
        except ValueError:
            continue  # a kill in the middle of writing leaves half a line
        if isinstance(event, Started):
            kept = [old for old in kept if getattr(old, "step", 0) <= event.resumed_from]
        kept.append(event)
    yield from kept


def curve(happened: list[Event]) -> list[dict[str, float]]:
    """Some of the evaluations, the first and the last among them: step, training loss, and loss
    and accuracy of each part."""
    rows: dict[int, dict[str, float]] = {}
    losses: list[float] = []
    for event in happened:
        if isinstance(event, Step):
            losses.append(event.loss)
        elif isinstance(event, Evaluated):
            row = rows.setdefault(event.step, {"step": event.step})
            if recent := losses[-SMOOTH:]:
                row["train"] = sum(recent) / len(recent)
            row[event.part] = event.loss
            row[f"{event.part} accuracy"] = event.accuracy
    whole = list(rows.values())
    if len(whole) <= ROWS:
        return whole
    return [whole[round(place * (len(whole) - 1) / (ROWS - 1))] for place in range(ROWS)]
