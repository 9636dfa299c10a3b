"""Reading in a process of its own, which no file can make hold or fill the server."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from playground import limits
from playground.data.problem import Problem, shown
from playground.data.table import Table
from playground.errors import UserError

_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[2]  # where the package is
_REPLY_BYTES = 8 * limits.TEXT_CHARACTERS  # far more than the largest table has
_NEEDED = (  # of the environment: where libraries are; no token, no key
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMP",
)  # fmt: skip
_OURS = {
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others set memory aside that is never filled
}
_turns = threading.BoundedSemaphore(limits.READS_AT_ONCE)
_places = threading.BoundedSemaphore(limits.READS_AT_ONCE + limits.READS_WAITING)
_told = threading.Event()


@dataclass(frozen=True)
class Request:
    """What is to be read: files of this machine, one or parts of one data set, or else a text."""

    name: str
    paths: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Bounds:
    """Of one read. seconds: by the clock, after which it is ended. computing, memory: what its
    process has limited itself to, in words. way_out: for whoever brought what needs more."""

    seconds: float
    computing: str
    memory: str
    way_out: str


UPLOADED = Bounds(
    limits.READ_SECONDS,
    "10 seconds",
    "500 MB",
    "Save it as plain CSV with only the text and label columns, or bring fewer rows.",
)


def confined(request: Request) -> Table:
    """The table that a process with limits of time and memory reads. Raises UserError when it
    refuses, breaks off, or needs more than it may."""
    _tell_without_limits()
    with _turn(), _started(request.name) as process:
        _send(request, _pipe(process.stdin))
        return table_from_reply(process, request.name, UPLOADED)


def table_from_reply(process: subprocess.Popen[bytes], name: str, bounds: Bounds) -> Table:
    """The table that a process which has limited itself says. Raises UserError as `confined`."""
    stdout, stopped = _pipe(process.stdout), threading.Event()
    timer = threading.Timer(bounds.seconds, _stop, (process, stopped))
    timer.start()
    try:
        table = _table(stdout, bounds)
    except (ValueError, KeyError, TypeError):  # half a reply: the process has ended
        table = None
    finally:
        stdout.close()  # whatever it still writes ends it
        code = process.wait()
        timer.cancel()
    if table is None:
        raise _broken_off(name, "late" if stopped.is_set() else "", code, bounds)
    return table


def _broken_off(name: str, cause: str, code: int, bounds: Bounds = UPLOADED) -> UserError:
    what = f"Reading {shown(name)}"
    if cause == "memory":
        said = f"takes more than {bounds.memory} of memory."
    elif hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
        said = f"takes more than {bounds.computing} of computing."
    elif cause == "late":
        said = f"took longer than {bounds.seconds:g} seconds. Try again when less is going on here."
    else:
        said = f"broke off: something in it stops its reader ({cause or -code})."
    return UserError(f"{what} {said} {bounds.way_out}")


@contextmanager
def _turn() -> Iterator[None]:
    """As many readers as the machine can take; some others wait, but not for ever: each of them
    holds a thread of the server."""
    busy = UserError("Too many files are being read here right now. Try again in a minute.")
    if not _places.acquire(blocking=False):
        raise busy
    try:
        if not _turns.acquire(timeout=limits.READ_WAIT_SECONDS):
            raise busy
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()


def _started(name: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return started(name, ["playground.data.reader", str(os.getpid())], _environment())


@contextmanager
def started(
    name: str, module: list[str], environment: dict[str, str], folder: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that reads, with its pipes; it has ended afterwards. module: with its arguments;
    folder: the one it works in. Raises UserError."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )
    except OSError as error:
        raise UserError(
            f"{shown(name)} cannot be read now: this machine can start no process. Try again in a"
            " minute."
        ) from error
    with suppress(BrokenPipeError), process:  # closes the pipes and waits
        yield process


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**needed, **_OURS, "PYTHONPATH": path}


def _stop(process: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    stopped.set()
    process.kill()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A pipe of a process; ValueError where it was started without it."""
    if stream is None:
        raise ValueError("the process was started without its pipes")
    return stream


def _send(request: Request, stdin: IO[bytes]) -> None:
    head = {"name": request.name, "paths": request.paths}
    with suppress(BrokenPipeError):  # it has ended already: its reply, or none, says more
        stdin.write(json.dumps(head).encode() + b"\n")
        stdin.write(request.text.encode("utf-8", errors="replace"))
        stdin.close()


def _table(stdout: IO[bytes], bounds: Bounds) -> Table | None:
    """The table of a reply, which comes in lines so that no long one holds the other threads.

    None, or ValueError and the like, when the reply is not whole. Raises UserError for a refusal.
    """
    lines = _lines(stdout)
    head = json.loads(next(lines, b"null"))
    if head is None:
        return None
    if "refusal" in head:
        raise UserError(head["refusal"])
    if "cause" in head:
        raise _broken_off(head["name"], head["cause"], 0, bounds)
    known = head["table"]
    rows: list[dict[str, str]] = []
    places: list[int] = []
    for line in lines:
        chunk = json.loads(line)
        places += chunk["lines"]
        rows += [dict(zip(known["columns"], cells, strict=True)) for cells in chunk["rows"]]
    return _assembled(known, rows, places) if len(rows) == head["count"] else None


def _assembled(known: dict[str, Any], rows: list[dict[str, str]], places: list[int]) -> Table:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
    for name in ("problems", "found"):
        values[name] = tuple(Problem(**problem) for problem in values[name])
    return Table(rows=tuple(rows), lines=tuple(places), **values)


def _lines(stdout: IO[bytes]) -> Iterator[bytes]:
    room = _REPLY_BYTES
    while room > 0 and (line := stdout.readline(room)):
        room -= len(line)
        yield line


def _tell_without_limits() -> None:
    if find_spec("resource") is None and not _told.is_set():
        _told.set()
        _LOG.warning(
            "This system sets no limits of time and memory for a process: a reader is only stopped"
            " after %s seconds.",
            limits.READ_SECONDS,
        )
