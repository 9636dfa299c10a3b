"""What processes print: logs begun anew, read from their end, and cut down to it."""

import contextlib
import os
from pathlib import Path
from typing import IO

from playground.runs.files import CAREFULLY, Damaged, open_plain


def shorten(path: Path, most: int) -> None:
    """Cut a log that others append to down to its end, once it is longer than `most` bytes."""
    with contextlib.suppress(OSError):
        if os.lstat(path).st_size > most:
            kept = tail(path, most // 4).encode()
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | CAREFULLY)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, kept)
            os.close(descriptor)


def open_log(path: Path) -> IO[bytes]:
    """A log begun anew, which can be shortened while it is written to. Where it cannot be opened,
    what is said is lost, and nothing else."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | CAREFULLY
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError:
        descriptor = os.open(os.devnull, os.O_WRONLY)
    return os.fdopen(descriptor, "wb")


def tail(path: Path, most: int) -> str:
    """The last bytes of the file as text, whatever they are; "" where nothing can be read."""
    try:
        with open_plain(path) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - most))
            return file.read(most).decode(errors="replace")
    except (Damaged, OSError):
        return ""
