"""Waiting for something that happens elsewhere: on a condition, with a deadline, never a time."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")
PAUSE = threading.Event()  # never set: its wait is the pause between two looks


def until(look: Callable[[], Found], seconds: float = 180.0, what: str = "") -> Found:
    """What `look` gives once that is true. AssertionError when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or look}"
        PAUSE.wait(0.02)
    return found


def run(doing: Coroutine[Any, Any, Found]) -> Found:
    """What a coroutine gives, in a loop of its own on a thread of its own: where a browser was
    driven before in this process, its loop still runs on the test's thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, doing).result()
