"""Small files of a home: written whole or not at all, readable by their owner only."""

import json
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from playground.errors import UserError

RUN_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")


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
    """The folder, made if need be, closed to other users of the machine."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write(path: Path, text: str) -> None:
    """Put the text into the file at once: a reader sees the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def write_json(path: Path, value: Any) -> None:
    """`write` for plain values."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read(path: Path) -> str | None:
    """The text of the file, None when there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def folder_bytes(folder: Path) -> int:
    """What the files of a folder take on disk; 0 when there is none."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def replace_folder(draft: Path, final: Path) -> None:
    """Put a finished folder in the place of an older one."""
    if final.exists():
        old = final.with_name(f".{final.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
        draft.rename(final)
        shutil.rmtree(old)
    else:
        draft.rename(final)
