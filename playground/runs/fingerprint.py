"""What a model is called outside this machine, and what tells its files from their next version."""

import hashlib
from functools import lru_cache
from pathlib import Path

from playground.models.catalogue import FOLDERS, bundled_folder
from playground.models.sources import LOCAL


def public_model(model: str) -> str:
    """The model's name as it may leave this machine: of a folder, only the last part."""
    return Path(model).name if model.startswith(LOCAL) else model


def fingerprint(model: str) -> str:
    """Changes when the files of a model on this machine do; "" for one of the Hub."""
    if model in FOLDERS:
        folder = bundled_folder(model)
    elif model.startswith(LOCAL):
        folder = Path(model).expanduser()
    else:
        return ""
    stats = [(file.name, file.stat()) for file in sorted(folder.glob("*.*"))]
    seen = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def content(folder: Path) -> str:
    """A hash of every byte of an adapter."""
    whole = hashlib.sha256()
    for file in sorted(file for file in folder.iterdir() if file.is_file()):
        stat = file.stat()
        whole.update(file.name.encode() + _hashed(file, stat.st_size, stat.st_mtime_ns))
    return whole.hexdigest()


@lru_cache(maxsize=1_024)
def _hashed(file: Path, size: int, time: int) -> bytes:
    """The hash of a file, which is read anew only when its size or time has changed."""
    whole = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            whole.update(block)
    return whole.digest()
