"""Small files of a home: written whole or not at all, readable by their owner only, and read
without trust: what lies there may be a folder, a link, a pipe, or not be text at all."""

import contextlib
import errno
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from playground import limits
from playground.errors import UserError

RUN_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Never through a link, and never waiting for whoever fills a pipe.
CAREFULLY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
REASONS = {
    errno.ENOENT: "is missing",
    errno.ENOTDIR: "is missing",
    errno.ELOOP: "is a link, and links are not followed",
    errno.EACCES: "may not be read",
    errno.EPERM: "may not be read",
}
BUSY = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)  # trouble of this process, not of the file


class Damaged(UserError):
    """A file of a home that is not what was written there: its name and what is wrong with it."""


def new_id() -> str:
    """An id nobody can guess: knowing it is what lets a person see a shared run."""
    return secrets.token_urlsafe(16)


def run_folder(home: Path, run_id: str) -> Path:
    """Where the run lives. The id comes from outside, so its form is checked before it is a path.

    Raises UserError for text that cannot be an id; whether the run exists is not looked at.
    """
    if not isinstance(run_id, str) or not RUN_ID.fullmatch(run_id):
        raise no_such_run(run_id)
    return home / "runs" / run_id


def no_such_run(run_id: object) -> UserError:
    """The same words for a run that is missing and for one that belongs to somebody else."""
    shown = str(run_id)[:64]
    return UserError(
        f"There is no run {shown!r} that you may see. Open the list of runs and pick one there,"
        " or ask its owner to share it."
    )


def private_folder(path: Path) -> Path:
    """The folder, made if need be with those above it, closed to other users of the machine."""
    if not path.parent.is_dir():
        private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def write(path: Path, text: str) -> None:
    """Put the text into the file at once: a reader sees the old one or the new one, whole.

    Half a surrogate pair, which no file can hold, becomes what JSON writes for it.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)  # a full disk
        raise


def write_json(path: Path, value: Any) -> None:
    """`write` for plain values."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def private(path: str, flags: int) -> int:
    """How `open` opens a new file that is for its owner only."""
    return os.open(path, flags | CAREFULLY, 0o600)


def open_plain(path: Path) -> IO[bytes]:
    """The file, open to be read. Raises Damaged for all that is not a plain file, or not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | CAREFULLY)
    except OSError as error:
        if error.errno in BUSY:
            raise
        raise Damaged(f"{path.name} {REASONS.get(error.errno or 0, 'cannot be read')}") from error
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise Damaged(f"{path.name} is {'a folder' if stat.S_ISDIR(kind) else 'not a plain file'}")
    return os.fdopen(descriptor, "rb")


def read_text(path: Path, most: int = limits.HOME_FILE_BYTES) -> str:
    """The text of the file. Raises Damaged where it is missing, too long, or not text."""
    with open_plain(path) as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise Damaged(f"{path.name} cannot be read") from error
    if len(data) > most:
        raise Damaged(f"{path.name} is longer than {most:,} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Damaged(f"{path.name} is not text in UTF-8") from error


def read(path: Path, most: int = limits.HOME_FILE_BYTES) -> str | None:
    """`read_text`, None when there is no such file."""
    return read_text(path, most) if os.path.lexists(path) else None


def read_json(path: Path, most: int = limits.HOME_FILE_BYTES) -> Any:
    """The plain values of the file. Raises Damaged."""
    text = read_text(path, most)
    try:
        value = json.loads(text)
        if "\\u" in text:  # half a surrogate pair is no text that could be shown
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        said = "is empty" if not text.strip() else "is not JSON that can be read"
        raise Damaged(f"{path.name} {said}") from error
    return value


def entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where there is none."""
    return sorted(folder.iterdir()) if is_folder(folder) else []


def plain_files(folder: Path) -> Iterator[Path]:
    """Every plain file below the folder, in order; links are neither given nor followed."""
    for place, folders, names in os.walk(folder) if is_folder(folder) else ():
        folders.sort()
        for name in sorted(names):
            with contextlib.suppress(FileNotFoundError):  # gone in this moment
                path = Path(place, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    yield path


def folder_bytes(folder: Path) -> int:
    """What the files of a folder take on disk; 0 when there is none."""
    total = 0
    for path in plain_files(folder):
        with contextlib.suppress(FileNotFoundError):
            total += os.lstat(path).st_size
    return total


def is_folder(path: Path) -> bool:
    """Whether this is a folder, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def mark(path: Path) -> None:
    """Have an empty file there; nothing happens when something is there already."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def remove(path: Path) -> None:
    """Remove whatever lies there, if anything: a folder with all in it, a file, a link itself."""
    if is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def replace_folder(draft: Path, final: Path) -> None:
    """Put a finished folder in the place of an older one."""
    if os.path.lexists(final):
        old = final.with_name(f".{final.name}.old")
        remove(old)
        final.rename(old)
        draft.rename(final)
        remove(old)
    else:
        draft.rename(final)
