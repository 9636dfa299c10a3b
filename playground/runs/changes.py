"""What an owner can do to a run: stop it, resume it, name it, share it, delete it.

A log has one writer, the holder of the run's lock. Whoever changes a run that no worker holds
takes the lock for that moment; a worker that has it is asked through the file `stop`.
"""

import shutil
import time

from playground.errors import UserError
from playground.events import Finished, Queued, Step, Stopped
from playground.runs import files, log
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
    (record.folder / "stop").touch(mode=0o600)
    lock = Lock(record.folder / "lock")
    if lock.acquire():  # no worker has it: it waits
        if isinstance(log.last(record.folder / "events.jsonl"), Queued):
            log.append(record.folder / "events.jsonl", _stopped_waiting(record))
        lock.release()


def resume(record: Record, origin_hash: str = "") -> None:
    """Put a run back in the queue; it goes on from its last checkpoint.

    origin_hash: of where it is resumed from, which it counts for from now on.
    Raises UserError for a run that is finished, or that waits or trains already.
    """
    if record.status == "finished":
        raise UserError(
            f"The run {record.name!r} is finished, so there is nothing to resume. Start a new run"
            " with more steps to train longer."
        )
    if not record.over:
        raise UserError(f"The run {record.name!r} is {record.status} already. Let it go on.")
    lock = Lock(record.folder / "lock")
    if not lock.acquire(LOCK_PATIENCE):
        raise UserError(f"The run {record.name!r} is still ending. Try again in a few seconds.")
    (record.folder / "stop").unlink(missing_ok=True)
    write_owner(record.folder, record.owner_hash, origin_hash)
    log.append(record.folder / "events.jsonl", Queued(time.time()))
    lock.release()


def rename(record: Record, name: str) -> None:
    """Give a run another name. Raises UserError for an empty or a very long one."""
    files.write(record.folder / "name", checked_name(name))


def checked_name(name: str) -> str:
    """The name without blanks too many. Raises UserError for an empty or a very long one."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > NAME_CHARACTERS:
        raise UserError(
            f"A run's name has 1 to {NAME_CHARACTERS} characters; this one has {len(cleaned)}."
            " Type another."
        )
    return cleaned


def share(record: Record, shared: bool) -> None:
    """Let everybody who has the run's id look at it, or no longer."""
    if shared:
        (record.folder / "shared").touch(mode=0o600)
    else:
        (record.folder / "shared").unlink(missing_ok=True)


def delete(record: Record, store: Store) -> None:
    """Remove a run and all that it learnt. Raises UserError while it trains."""
    lock = Lock(record.folder / "lock")
    if record.status in ACTIVE or not lock.acquire(LOCK_PATIENCE):
        raise UserError(f"The run {record.name!r} is {record.status}. Stop it first, then delete.")
    # renamed first, so that nobody sees half a run
    grave = files.private_folder(store.home / "drafts") / record.id
    record.folder.rename(grave)
    lock.release()
    shutil.rmtree(grave)
    store.forget(record.id)


def _stopped_waiting(record: Record) -> Stopped:
    """How a run ends that was stopped in the queue: with what it had learnt before, if anything."""
    events = log.curve(log.everything(record.folder))
    ends = [event for event in events if isinstance(event, Stopped | Finished)]
    if ends:
        return ends[-1]
    steps = [event for event in events if isinstance(event, Step)]
    taken = steps[-1] if steps else Step(0, 0.0, 0.0, 0.0)
    return Stopped(
        taken.step, taken.step, taken.seconds, 0, files.folder_bytes(record.folder / "adapter"), 0.0
    )
