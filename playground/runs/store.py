"""Every run of a home: made, found, listed. Nothing here knows where runs run."""

import errno
import hmac
import json
import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from playground.errors import UserError
from playground.events import Queued
from playground.runs import files, log, turns
from playground.runs.drafts import draft
from playground.runs.files import Damaged
from playground.runs.looking import Looker
from playground.runs.made import hashed, write_owner
from playground.runs.origins import origin_hash
from playground.runs.quotas import STRANGERS, Quota
from playground.runs.record import ACTIVE, About, Record
from playground.runs.spec import RunSpec
from playground.runs.turns import in_line
from playground.tasks.splits import Example, Split

LATER = 0.001  # seconds


@dataclass(frozen=True)
class NewRun:
    """A run that is to be made. group: the id of the one it belongs to, "" for none."""

    id: str
    spec: RunSpec
    split: Split
    table: str
    group: str = ""


class Store:
    """The runs under home/runs, one folder each.

    Of a run, spec.json and examples.jsonl never change. What does change has a small file of its
    own, so that nothing is written by two: `name`, `shared`, `stop`, and the log.
    """

    def __init__(self, home: Path, quota: Quota = STRANGERS) -> None:
        self.home, self.quota = home, quota
        self.admission = threading.Lock()  # between looking for room and taking it
        self.folder = files.private_folder(home / "runs")
        self._looker = Looker()
        self._latest = 0.0  # when the last of those that wait joined the queue

    def create(self, spec: RunSpec, split: Split, table: str, owner: str, origin: str = "") -> str:
        """The id of a new run, already in the queue: its folder appears whole or not at all.

        origin: where it is started from, see `origins`; "" for a script on this machine.
        """
        run_id = files.new_id()
        self.add([NewRun(run_id, spec, split, table)], owner, origin)
        return run_id

    def add(self, runs: Sequence[NewRun], owner: str, origin: str = "") -> None:
        """Put runs into the queue, in this order. All are written before the first is there."""
        hashes, joined = (hashed(owner), self.origin(origin)), self.now()
        with draft(self.home) as place:
            for number, run in enumerate(runs):
                _write(files.private_folder(place / run.id), run, hashes)
                log.append(place / run.id / "events.jsonl", Queued(joined + number * LATER))
            for run in runs:
                (place / run.id).rename(self.folder / run.id)

    def now(self) -> float:
        """The time, in seconds since the epoch, but later than all that waits has joined the queue:
        a clock that is set back lets nobody in front of them."""
        return max(time.time(), self._latest + LATER)

    def all(self) -> list[Record]:
        """Every run of the home, newest first, damaged ones too; what is no run is left out."""
        with os.scandir(self.folder) as entries:
            names = [entry.name for entry in entries if files.RUN_ID.fullmatch(entry.name)]
        found = (self._looker.look(self.folder / name) for name in names)
        records = [record for record in found if record is not None]
        self._latest = max((one.queued for one in records if one.status == "queued"), default=0.0)
        places = {record.id: place for place, record in enumerate(self.line(records), start=1)}
        placed = (
            replace(one, position=places[one.id]) if one.id in places else one for one in records
        )
        return sorted(placed, key=lambda record: -record.created)

    def line(self, records: Iterable[Record]) -> list[Record]:
        """Those that wait, the next one first."""
        return in_line((one for one in records if one.status == "queued"), turns.read(self.home))

    def own(self, owner: str) -> list[Record]:
        """The runs of one owner, newest first."""
        token = hashed(owner)
        return [one for one in self.all() if hmac.compare_digest(one.owner_hash, token)]

    def visible(self, run_id: str, owner: str) -> Record:
        """The run, for its owner or for anybody once it is shared. UserError else."""
        record = self._looker.look(files.run_folder(self.home, run_id))
        if record is None and not self.folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "the runs are gone")
        if record is None or not (record.shared or owns(record, owner)):
            raise files.no_such_run(run_id)
        if record.status == "queued":
            return next((one for one in self.all() if one.id == run_id), record)
        return record

    def owned(self, run_id: str, owner: str) -> Record:
        """The run, for its owner only: to change it. UserError else."""
        record = self.visible(run_id, owner)
        if not owns(record, owner):
            raise UserError(
                f"The run {record.name!r} was shared with you to look at; only its owner can change"
                " it. Start one of your own on the same data instead."
            )
        return record

    def queue(self) -> tuple[int, int]:
        """How many runs train now and how many wait, whoever owns them."""
        records = self.all()
        return sum(r.status in ACTIVE for r in records), sum(r.status == "queued" for r in records)

    def origin(self, origin: str) -> str:
        """What is kept of where a run is started from."""
        return origin_hash(self.home, origin)

    def forget(self, run_id: str) -> None:
        """Drop what is remembered of a run that was deleted."""
        self._looker.forget(run_id)


def owns(record: Record, owner: str) -> bool:
    """Whether the run was made with this owner's token."""
    return hmac.compare_digest(record.owner_hash, hashed(owner))


def read_examples(folder: Path) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The labelled and the held-out examples of a run. Raises UserError where they are damaged."""
    parts: dict[str, list[Example]] = {"labelled": [], "held_out": []}
    try:
        for line in files.read_text(folder / "examples.jsonl").split("\n"):
            if line:
                values = json.loads(line)
                parts[values.pop("part")].append(Example.from_json(values))
    except (Damaged, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        said = str(error) if isinstance(error, Damaged) else "a line of examples.jsonl is none"
        raise UserError(
            f"The examples of this run cannot be read any more: {said}. Start it anew on the same"
            " data, and delete this one."
        ) from error
    return tuple(parts["labelled"]), tuple(parts["held_out"])


def _write(folder: Path, run: NewRun, hashes: tuple[str, str]) -> None:
    """What never changes of a run, and its lock. hashes: of owner and origin."""
    made = {"spec": run.spec.to_json(), "owner": hashes[0], "created": time.time()}
    about = asdict(_about(run.split, run.table))
    write_owner(folder, *hashes)
    files.write_json(folder / "spec.json", {**made, "group": run.group, "about": about})
    files.write(folder / "examples.jsonl", _example_lines(run.split))
    files.mark(folder / "lock")


def _example_lines(split: Split) -> str:
    rows = [("labelled", example) for example in split.labelled]
    rows += [("held_out", example) for example in split.held_out]
    values = ({"part": part, **example.to_json()} for part, example in rows)
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _about(split: Split, table: str) -> About:
    return About(
        table=table.encode(errors="replace").decode(),
        labelled=len(split.labelled),
        held_out=len(split.held_out),
        duplicates=split.duplicates,
        conflicts=split.conflicts,
        left_out=split.left_out,
        note=split.note,
    )
