"""What an owner can do to a run: stop it, resume it, name it, share it, delete it.

A log has one writer, the holder of the run's lock. Whoever changes a run that no worker holds
takes the lock for that moment; a worker that has it is asked through the file `stop`.
"""

import os
import time

from playground.errors import UserError
from playground.events import Queued, Step, Stopped
from playground.runs import exports, files, log, looking
from playground.runs.drafts import draft
from playground.runs.locks import Lock
from playground.runs.made import write_owner
from playground.runs.record import ACTIVE, Record
from playground.runs.store import Store

NAME_CHARACTERS = 80
LOCK_PATIENCE = 2.0  # seconds; others hold a lock longer only while they train


def stop(record: Record) -> None:
    """Ask a run that trains to end and keep what it has learnt; take one that waits off the queue.

    Nothing happens to a run that is over.
    """
    if record.over:
        return
    files.mark(record.folder / "stop")
    lock = Lock(record.folder / "lock")
    if lock.acquire():  # no worker has it: it waits
        try:
            if isinstance(log.last(record.folder / "events.jsonl"), Queued):
                log.append(record.folder / "events.jsonl", _stopped_waiting(record))
        finally:
            lock.release()


def resume(record: Record, origin_hash: str = "", now: float | None = None) -> None:
    """Put a run back in the queue; it goes on from its last checkpoint.

    origin_hash: of where it is resumed from, which it counts for from now on. now: the time, by
    default the clock's.
    Raises UserError for a run that is finished, or that waits or trains already.
    """
    if record.status == "finished":
        raise UserError(
            f"The run {record.name!r} is finished, so there is nothing to resume. Start a new run"
            " with more steps to train longer."
        )
    if not record.over:
        raise UserError(f"The run {record.name!r} is {record.status} already. Let it go on.")
    _check_whole(record)
    lock = Lock(record.folder / "lock")
    if not lock.acquire(LOCK_PATIENCE):
        raise UserError(f"The run {record.name!r} is still ending. Try again in a few seconds.")
    try:
        files.remove(record.folder / "stop")
        write_owner(record.folder, record.owner_hash, origin_hash)
        log.append(record.folder / "events.jsonl", Queued(time.time() if now is None else now))
    finally:
        lock.release()


def can_go_on(record: Record) -> bool:
    """Whether `resume` would take the run: it is over, has not finished, and is whole."""
    if not record.over or record.status == "finished":
        return False
    try:
        _check_whole(record)
    except UserError:
        return False
    return True


def rename(record: Record, name: str) -> None:
    """Give a run another name. Raises UserError for an empty or a very long one."""
    wanted, path = checked_name(name), record.folder / "name"
    if files.is_folder(path):
        files.remove(path)
    files.write(path, wanted)


def checked_name(name: str) -> str:
    """The name without blanks too many. Raises UserError for an empty or a very long one."""
    cleaned = " ".join(name.encode(errors="replace").decode().split())
    if not cleaned or len(cleaned) > NAME_CHARACTERS:
        raise UserError(
            f"A run's name has 1 to {NAME_CHARACTERS} characters; this one has {len(cleaned)}."
            " Type another."
        )
    return cleaned


def share(record: Record, shared: bool) -> None:
    """Let everybody who has the run's id look at it, or no longer."""
    if shared:
        files.mark(record.folder / "shared")
    else:
        files.remove(record.folder / "shared")


def delete(record: Record, store: Store) -> None:
    """Remove a run and all that it learnt. Raises UserError while it trains."""
    lock = Lock(record.folder / "lock")
    held = _may_be_held(record) and not lock.acquire(LOCK_PATIENCE)
    if record.status in ACTIVE or held:
        lock.release()
        raise UserError(f"The run {record.name!r} is {record.status}. Stop it first, then delete.")
    with draft(store.home) as place:
        try:
            record.folder.rename(place / record.id)  # first, so that nobody sees half a run
        finally:
            lock.release()
        store.forget(record.id)
        exports.forget(store.home, record.id)


def _may_be_held(record: Record) -> bool:
    """Whether the run has a folder and in it a lock, or room for one; damaged ones may not."""
    lock = record.folder / "lock"
    if not files.is_folder(record.folder):
        return False
    return not os.path.lexists(lock) or (lock.is_file() and not lock.is_symlink())


def _check_whole(record: Record) -> None:
    """Raises UserError where something is damaged that going on does not mend."""
    found = [*looking.fixed(record.folder, record.owner_hash).damages]
    if os.path.lexists(record.folder / "events.jsonl"):
        try:
            files.open_plain(record.folder / "events.jsonl").close()
        except files.Damaged as error:
            found.append(str(error))
    if found:
        raise UserError(
            f"The run {record.name!r} is damaged: {'; '.join(found)}. It cannot go on like this:"
            " mend that, or start it anew on the same data and delete this one."
        )


def _stopped_waiting(record: Record) -> Stopped:
    """How a run ends that was stopped in the queue: with what it had learnt before, if anything."""
    events = log.curve(log.everything(record.folder))
    ends = [event for event in events if isinstance(event, Stopped)]  # none that waits has Finished
    if ends:
        return ends[-1]
    steps = [event for event in events if isinstance(event, Step)]
    taken = steps[-1] if steps else Step(0, 0.0, 0.0, 0.0)
    return Stopped(
        taken.step, taken.step, taken.seconds, 0, files.folder_bytes(record.folder / "adapter"), 0.0
    )
