"""The process that reads one table for another: python -m playground.data.reader PARENT.

It limits itself before it looks at anything, reads a request from its standard input, and writes
a head and the rows, a line of JSON each, to its standard output.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import IO, Any

from playground import limits
from playground.data.parsing import parse_file, parse_files, parse_text
from playground.data.table import Table
from playground.errors import UserError

_CHUNK = 500_000  # characters of one line of the reply
_PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal a process gets when its parent ends


def main(parent: int) -> None:
    """Reads one request and answers it with {"name", "columns", …} and rows, {"refusal"} with a
    sentence, or {"cause"}, a word for what broke off."""
    confine(parent)
    gc.disable()  # it ends soon, and makes no circles: a fifth of its time would be spent on them
    request = json.loads(sys.stdin.buffer.readline())
    answer(request["name"], lambda: _parsed(request))


def answer(name: str, read: Callable[[], Table]) -> None:
    """Say the table that is read, or why there is none."""
    try:
        reply(read(), sys.stdout.buffer)
    except UserError as error:
        _say({"refusal": str(error)})
    except MemoryError:
        _say({"name": name, "cause": "memory"})
    except Exception as error:  # the outermost frame: a fault of ours costs one file, told
        _say({"name": name, "cause": type(error).__name__})


@dataclass(frozen=True)
class ProcessLimits:
    """What a process may take: seconds by the clock and of computing, bytes of memory and of each
    file it writes."""

    seconds: int
    computing: int
    memory: int
    file: int = 0


def confine(parent: int, allowed: ProcessLimits | None = None) -> None:
    """Limit this process, for good: its time, its memory, its files, no life of its own.

    allowed: by default what reads an upload may take.
    """
    _end_with(parent)
    allowed = allowed or ProcessLimits(
        limits.READ_SECONDS, limits.READ_CPU_SECONDS, limits.READ_MEMORY_BYTES
    )
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, allowed.seconds + 5)  # who asked stops it sooner
    try:
        import resource  # not on every system
    except ImportError:
        return
    # At the lower one of time the system's own signal says why the process ends.
    wanted = {
        "CPU": (allowed.computing, allowed.computing + 1),
        "DATA": (allowed.memory, allowed.memory),
        "FSIZE": (allowed.file, allowed.file),
        "CORE": (0, 0),
    }
    for name, pair in wanted.items():
        with suppress(ValueError, OSError, AttributeError):  # an unknown limit, or a lower one
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), pair)


def reply(table: Table, out: IO[bytes]) -> None:
    """Write a table: what is known of it, then its rows in lines of a bounded length."""
    known = {
        f.name: getattr(table, f.name) for f in fields(Table) if f.name not in ("rows", "lines")
    }
    _write({"count": len(table.rows), "table": known}, out)
    lines: list[int] = []
    rows: list[list[str]] = []
    size = 0
    for line, row in zip(table.lines, table.rows, strict=True):
        lines.append(line)
        rows.append(list(row.values()))
        size += sum(map(len, rows[-1])) + 4 * len(row)
        if size > _CHUNK:
            _write({"lines": lines, "rows": rows}, out)
            lines, rows, size = [], [], 0
    if rows:
        _write({"lines": lines, "rows": rows}, out)
    out.flush()


def _parsed(request: dict[str, Any]) -> Table:
    if not request["paths"]:
        return parse_text(sys.stdin.buffer.read().decode())
    paths = [Path(path) for path in request["paths"]]
    return parse_file(paths[0]) if len(paths) == 1 else parse_files(request["name"], paths)


def _write(value: object, out: IO[bytes]) -> None:
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    out.write(text.encode("utf-8", errors="replace") + b"\n")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is not written")


def _say(value: object) -> None:
    _write(value, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _end_with(parent: int) -> None:
    """Have the system end this process when its parent ends; elsewhere than on Linux the limits
    end it within a minute."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could be asked
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
