"""Trouble with the disk or with the home itself, in a sentence with the way out."""

import contextlib
import errno
import re
from collections.abc import Iterator
from pathlib import Path

from playground.errors import UserError
from playground.runs import files

FULL = (
    "The disk that holds the runs is full, so nothing more can be kept; what was there still is."
    " Delete runs that are not needed, or make room in another way, then try again."
)
LOCKED = (
    "The server may not write where its runs live. Make that folder writable, or give another one"
    " in PLAYGROUND_HOME."
)
GONE = (
    "The folder where the runs live is not there any more. Put it back, or start the server again"
    " with another one in PLAYGROUND_HOME."
)
BLOCKED = (
    "Something else than a folder lies where the server keeps its runs. Move it away, or give"
    " another folder in PLAYGROUND_HOME."
)
SENTENCES = {
    errno.EEXIST: BLOCKED,
    errno.EISDIR: BLOCKED,
    errno.ELOOP: BLOCKED,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: (
        "A file would have become larger than this system allows. Raise the limit (ulimit -f), or"
        " pick a method or a model that keeps less."
    ),
    errno.EROFS: LOCKED,
    errno.EACCES: LOCKED,
    errno.EPERM: LOCKED,
    errno.ENOENT: GONE,
    errno.ENOTDIR: GONE,
    errno.EMFILE: "The server has too many files open. Try again in a moment.",
    errno.ENFILE: "The machine has too many files open. Try again in a moment.",
}
OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
# How libraries that write without Python say it.
NUMBER = re.compile(r"\(os error (\d+)\)")


def sentence(error: OSError) -> str:
    """What a person is told when the home could not be read or written."""
    said = SENTENCES.get(error.errno or 0)
    return said or (
        f"The folder where the runs live could not be read or written: {error.strerror}. Look at"
        " its disk, then try again."
    )


def disk_sentence(error: BaseException) -> str:
    """The sentence for an error that the disk is to blame for, whoever raised it; "" for others."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (found := NUMBER.search(str(error))):
        number = int(found[1])
    return SENTENCES[number] if number in OF_THE_DISK else ""


@contextlib.contextmanager
def told() -> Iterator[None]:
    """A with-block, or a decorator, whose trouble with the home becomes a UserError."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        raise  # of the network, not of the disk
    except OSError as error:
        raise UserError(sentence(error)) from error


def home_folder(home: str | Path) -> Path:
    """The folder itself, made if need be. Raises UserError where it cannot be a home."""
    try:
        return files.private_folder(Path(home).expanduser().resolve())
    except (FileExistsError, NotADirectoryError, RuntimeError, ValueError) as error:
        raise UserError(
            f"{Path(home).name!r} cannot be the folder where runs live: it, or a part of its path,"
            " is something else than a folder. Give another one in PLAYGROUND_HOME."
        ) from error
    except OSError as error:
        raise UserError(sentence(error)) from error
