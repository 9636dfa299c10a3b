"""Bytes or text as a table, in this very process. The content decides what it is, not the name."""

from collections.abc import Sequence
from pathlib import Path

from playground import limits
from playground.data.building import build
from playground.data.decoding import decode
from playground.data.delimited import read_delimited
from playground.data.grid import Grid
from playground.data.kinds import PACKED, WAY_OUT, kind, refuse_markup
from playground.data.parquet import read_parquet
from playground.data.problem import shown
from playground.data.readers import archives, parts
from playground.data.readers.arff import looks_like_arff, read_arff
from playground.data.readers.json_looks import looks_like_json
from playground.data.readers.nlu_text import looks_like_intents, read_intents, refuse_yaml
from playground.data.records import read_records
from playground.data.table import Table
from playground.data.workbook import read_workbook
from playground.errors import UserError

PASTED = "pasted rows"
_NESTED = 2  # how often a file may be packed: data.csv.gz inside a ZIP archive


def parse_file(source: str | Path) -> Table:
    """The table of a file, or of the files of a folder, diagnosed.

    Raises UserError, with the way out, for everything that is no table or is too large.
    """
    path = Path(source)
    if path.is_dir():
        return parse_files(path.name, sorted(_files_in(path)), path)
    raw = _bytes(path)
    if not raw.strip():
        raise UserError(f"{shown(path.name)} is empty. {WAY_OUT}")
    return build(path.name, grid_of(path.name, raw))


def parse_files(name: str, paths: Sequence[Path], folder: Path | None = None) -> Table:
    """The one table of several files, parts of a data set. Raises UserError."""
    archives.check_number(len(paths))
    files = [
        ((path.relative_to(folder) if folder else Path(path.name)).as_posix(), _bytes(path))
        for path in paths
    ]
    if sum(len(raw) for _, raw in files) > limits.UNPACKED_BYTES:
        raise UserError(
            f"The files of {shown(name)} have more than {limits.UNPACKED_BYTES / 1e6:,.0f} MB"
            " together. Bring fewer of them."
        )
    return build(name, parts.join(name, files, grid_of))


def parse_text(text: str) -> Table:
    """The table of pasted rows. Raises UserError."""
    return build(PASTED, _grid(text.replace("\0", ""), PASTED))


def grid_of(name: str, raw: bytes, packed: int = 0) -> Grid:
    """The grid of a file's content, unpacked where need be. Raises UserError."""
    what = kind(raw)
    if what == "parquet":
        return read_parquet(raw)
    if what == "xlsx":
        return read_workbook(raw)
    if what in PACKED or what in ("zip", "tar"):
        if packed == _NESTED:
            raise UserError(f"{shown(name)} is packed more than twice. Unpack it first.")
        if what in ("zip", "tar"):
            inside = archives.members(raw) if what == "zip" else archives.tar_members(raw)
            return parts.join(name, inside, lambda file, held: grid_of(file, held, packed + 1))
        return grid_of(name, archives.unpack(raw, what), packed + 1)
    text, problems = decode(raw)
    grid = _grid(text, name)
    grid.problems[:0] = problems
    return grid


def _files_in(folder: Path) -> list[Path]:
    try:
        return [
            path
            for path in folder.rglob("*")
            if path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        ]
    except OSError as error:
        raise UserError(f"{shown(folder.name)} cannot be opened. Check its permissions.") from error


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UserError(f"There is no file {shown(path.name)}. Check the name, or upload it.")
        size = path.stat().st_size
        if size > limits.FILE_BYTES:
            raise UserError(
                f"{shown(path.name)} has {size / 1e6:,.1f} MB,"
                f" {limits.FILE_BYTES / 1e6:,.0f} MB are possible. Keep fewer rows, or only the"
                " text and label columns."
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UserError(f"{shown(path.name)} cannot be opened. Check its permissions.") from error


def _grid(text: str, name: str) -> Grid:
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UserError(f"{shown(name)} is empty. {WAY_OUT}")
    refuse_markup(text)
    if looks_like_arff(text):
        return read_arff(text)
    if looks_like_json(text):
        return read_records(text)
    if looks_like_intents(text):
        return read_intents(text)
    refuse_yaml(text)
    return read_delimited(text)
