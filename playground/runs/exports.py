"""The zips of a home: of each run one of a kind at most, and no more of them than there is room."""

import zipfile
from pathlib import Path
from typing import IO

from playground import limits
from playground.runs import files, sweeping

FOLDER = "exports"


def archive(path: Path) -> zipfile.ZipFile:
    """A new zip, readable by its owner only."""
    file: IO[bytes] = open(path, "xb", opener=files.private)  # noqa: SIM115
    return zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)


def keep(home: Path, made: Path, run_id: str, kind: str, name: str) -> Path:
    """Put a zip in the place of the run's last one of its kind ("adapter", "merged"); those made
    longest ago go where there is no more room. name: of the file, after the run's own."""
    folder = home / FOLDER / run_id / kind
    for place in (folder.parent.parent, folder.parent, folder):
        if place.is_symlink():  # never out of the home
            files.remove(place)
    path = files.private_folder(folder) / name
    made.replace(path)
    for older in files.entries(folder):
        if older != path:
            files.remove(older)
    sweeping.used(path, home / FOLDER)
    sweeping.keep_within(home / FOLDER, limits.EXPORTS_BYTES)
    return path


def forget(home: Path, run_id: str) -> None:
    """Remove the zips of a run."""
    files.remove(home / FOLDER / run_id)
