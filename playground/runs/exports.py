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


def keep(home: Path, made: Path, run_id: str, name: str) -> Path:
    """Put a zip in the place of the run's last one of its kind; the zips nobody has made for the
    longest go where there is no more room. name: of the file, by the run's own name."""
    kind = "merged" if name.endswith("-merged.zip") else "adapter"
    folder = files.private_folder(home / FOLDER / run_id / kind)
    path = folder / name
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
