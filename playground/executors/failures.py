"""What a process reports of an error nobody foresaw, and logs of it for whoever looks closer."""

import contextlib
import traceback
from collections.abc import Callable
from types import TracebackType

import torch

from playground.errors import UserError
from playground.runs.record import without_paths
from playground.runs.trouble import disk_sentence


class Reported:
    """A with-block whose error is reported and ends there: the outermost frame of a process.

    The sentence goes to `report`; the traceback to stderr, which is the process's log. An
    interruption (SystemExit, KeyboardInterrupt) goes on; a panic of a library's Rust part, which
    is no Exception either, is an error as any other.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self.report = report

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            return False
        with contextlib.suppress(OSError):  # a full disk has no room for it
            traceback.print_exception(kind, error, trace)
        self.report(sentence(error))
        return True


def sentence(error: BaseException) -> str:
    """An error in words for the person at the page."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in str(error):
        return (
            "The memory was not enough. Lower the batch size, shorten the texts, or pick a smaller"
            " model or a method that trains less."
        )
    if disk := disk_sentence(error):
        return disk
    if isinstance(error, OSError) and error.strerror:
        return (
            f"A file could not be read or written: {error.strerror}. Look at the disk, then retry."
        )
    text = without_paths(str(error)).strip().split("\n")[0][:300]
    return f"Something unforeseen went wrong ({type(error).__name__}: {text}). The log says more."
