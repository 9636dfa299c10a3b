"""Keeps what lies in a home for its owner's eyes, also what an older version left readable."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

OWN_FOLDERS = ("runs", "groups", "drafts", "tables", "answers", "exports", "uploads")
OWN_FILES = ("*.log", "*.lock", "salt", "turns.json")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others(home: Path) -> None:
    """Take from other users of the machine every right to what is ours in the home; the home itself
    may be a folder that somebody shares. Links are left alone, and so is what is not ours."""
    for path in _ours(home):
        with contextlib.suppress(OSError):
            mode = os.lstat(path).st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                os.chmod(path, stat.S_IMODE(mode) & ~OTHERS)


def _ours(home: Path) -> Iterator[str | Path]:
    for pattern in OWN_FILES:
        yield from home.glob(pattern)
    for name in OWN_FOLDERS:
        if not (home / name).is_symlink():
            yield home / name
            for place, folders, names in os.walk(home / name):
                yield from (f"{place}/{one}" for one in (*folders, *names))
