"""Work that a stranger may have made endless, done in a child that can be lost."""

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground import limits

STATUS = Path("/proc/self/statm")  # sizes in pages, on Linux


class Lost(Exception):
    """The work took too long, too much memory or gave too much, or the child died over it."""


def in_a_child(work: Callable[[], Any], seconds: int = limits.CHILD_SECONDS) -> Any:
    """What `work` returns, as JSON carries it; its error, if it is one, as a Lost that says it.

    A forked child does it, with limits of time, memory and output: it has everything imported, and
    must do nothing but plain Python, as the threads of this process are not there.
    seconds: of computing; that the machine is busy does not count.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _serve(work, theirs, seconds)
    os.close(theirs)
    try:
        said = _heard(ours)
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if "error" in said:
        raise Lost(said["error"])
    return said["answer"]


def _serve(work: Callable[[], Any], pipe: int, seconds: int) -> None:
    """The child's life: it never returns."""
    try:
        _limit(seconds)
        said = json.dumps({"answer": work()})
    except Exception as error:
        said = json.dumps({"error": f"{type(error).__name__}: {error}"[:300]})
    except BaseException:
        os._exit(1)
    try:
        left = memoryview(said.encode())
        while left:
            left = left[os.write(pipe, left) :]
    finally:
        os._exit(0)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if STATUS.exists():  # elsewhere address space cannot be limited
        pages = int(STATUS.read_text().split()[0])
        most = pages * resource.getpagesize() + limits.CHILD_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    sys.setrecursionlimit(1_000)


def _heard(pipe: int) -> dict[str, Any]:
    """All that the child says, once it has said it."""
    until, heard = time.monotonic() + limits.CHILD_PATIENCE, b""
    while (left := until - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        block = os.read(pipe, 1 << 16)
        heard += block
        if len(heard) > limits.CHILD_OUTPUT_BYTES:
            raise Lost("it gives too much text")
        if not block:
            if not heard:
                raise Lost("it takes too much time or memory")
            return json.loads(heard)
    raise Lost("it takes too long")
