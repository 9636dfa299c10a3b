"""Every run of a home: made, found, listed. Nothing here knows where runs run."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from playground.data.splits import Example, Split
from playground.errors import UserError
from playground.events import TERMINAL, Event, Queued
from playground.runs import files, log
from playground.runs.locks import is_held
from playground.runs.record import ACTIVE, About, Record, status
from playground.runs.spec import RunSpec


@dataclass(frozen=True)
class Made:
    """What was fixed when a run was made."""

    spec: RunSpec
    about: About
    owner_hash: str
    created: float

    @staticmethod
    def read(folder: Path) -> "Made":
        values = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
        spec, about = RunSpec.from_json(values["spec"]), About(**values["about"])
        return Made(spec, about, values["owner"], values["created"])


class Store:
    """The runs under home/runs, one folder each.

    Of a run, spec.json and examples.jsonl never change. What does change has a small file of its
    own, so that nothing is written by two: `name`, `shared`, `stop`, and the log.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = files.private_folder(home / "runs")
        self._made: dict[str, Made] = {}  # run id -> its spec.json, which never changes
        self._ends: dict[str, tuple[int, Event]] = {}  # run id -> size of its log, its last event

    def create(self, spec: RunSpec, split: Split, table: str, owner: str) -> str:
        """The id of a new run, already in the queue: its folder appears whole or not at all."""
        run_id, now = files.new_id(), time.time()
        draft = files.private_folder(self.home / "drafts" / run_id)
        made = {"spec": spec.to_json(), "owner": hashed(owner), "created": now}
        files.write_json(draft / "spec.json", {**made, "about": asdict(_about(split, table))})
        files.write(draft / "examples.jsonl", _example_lines(split))
        (draft / "lock").touch(mode=0o600)
        log.append(draft / "events.jsonl", Queued(now))
        draft.rename(self.folder / run_id)
        return run_id

    def all(self) -> list[Record]:
        """Every run of the home, newest first."""
        found = (self._look(folder) for folder in self.folder.iterdir())
        records = [record for record in found if record is not None]
        order = [record.id for record in queue(records)]
        placed = (
            replace(record, position=order.index(record.id) + 1) if record.id in order else record
            for record in records
        )
        return sorted(placed, key=lambda record: -record.created)

    def own(self, owner: str) -> list[Record]:
        """The runs of one owner, newest first."""
        return [record for record in self.all() if owns(record, owner)]

    def visible(self, run_id: str, owner: str) -> Record:
        """The run, for its owner or for anybody once it is shared. UserError else."""
        record = self._look(files.run_folder(self.home, run_id))
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

    def forget(self, run_id: str) -> None:
        """Drop what is remembered of a run that was deleted."""
        self._made.pop(run_id, None)
        self._ends.pop(run_id, None)

    def _look(self, folder: Path) -> Record | None:
        try:
            made = self._made.get(folder.name) or Made.read(folder)
            last = self._last(folder)
        except (ValueError, KeyError, TypeError, UserError, OSError):
            return None  # not a run, or one deleted this moment
        self._made[folder.name] = made
        locked = not isinstance(last, TERMINAL) and is_held(folder / "lock")
        return Record(
            id=folder.name,
            spec=made.spec,
            name=files.read(folder / "name") or made.spec.name,
            status=status(last, locked, (folder / "stop").exists()),
            position=0,
            created=made.created,
            queued=last.time if isinstance(last, Queued) else made.created,
            owner_hash=made.owner_hash,
            shared=(folder / "shared").exists(),
            about=made.about,
            folder=folder,
        )

    def _last(self, folder: Path) -> Event | None:
        """The last event, read anew only when the log has grown."""
        path = folder / "events.jsonl"
        size = path.stat().st_size
        known = self._ends.get(folder.name)
        if known is None or known[0] != size:
            known = (size, log.last(path))
            self._ends[folder.name] = known
        return known[1]


def queue(records: Sequence[Record]) -> list[Record]:
    """Those that wait, the next one first."""
    waiting = (record for record in records if record.status == "queued")
    return sorted(waiting, key=lambda record: (record.queued, record.id))


def owns(record: Record, owner: str) -> bool:
    """Whether the run was made with this owner's token."""
    return hmac.compare_digest(record.owner_hash, hashed(owner))


def hashed(owner: str) -> str:
    """What is kept of an owner's token; "" (a script on this machine) stays as it is."""
    return hashlib.sha256(owner.encode()).hexdigest() if owner else ""


def read_examples(folder: Path) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The labelled and the held-out examples of a run."""
    parts: dict[str, list[Example]] = {"labelled": [], "held_out": []}
    for line in (folder / "examples.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            values = json.loads(line)
            parts[values.pop("part")].append(Example.from_json(values))
    return tuple(parts["labelled"]), tuple(parts["held_out"])


def _example_lines(split: Split) -> str:
    rows = [("labelled", example) for example in split.labelled]
    rows += [("held_out", example) for example in split.held_out]
    values = ({"part": part, **example.to_json()} for part, example in rows)
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _about(split: Split, table: str) -> About:
    return About(
        table=table,
        labelled=len(split.labelled),
        held_out=len(split.held_out),
        duplicates=split.duplicates,
        conflicts=split.conflicts,
        left_out=split.left_out,
        note=split.note,
    )
