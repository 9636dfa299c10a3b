"""Bytes or text as a table, in this very process. The content decides what it is, not the name."""

from pathlib import Path

from playground import limits
from playground.data.building import build
from playground.data.decoding import decode
from playground.data.delimited import read_delimited
from playground.data.grid import Grid
from playground.data.kinds import WAY_OUT, kind, refuse_markup
from playground.data.parquet import read_parquet
from playground.data.problem import shown
from playground.data.records import looks_like_json, read_records
from playground.data.table import Table
from playground.data.workbook import read_workbook
from playground.errors import UserError

PASTED = "pasted rows"


def parse_file(source: str | Path) -> Table:
    """The table of a CSV, TSV, JSONL, JSON, Parquet or XLSX file, diagnosed.

    Raises UserError, with the way out, for everything that is no such file or is too large.
    """
    path = Path(source)
    raw = _bytes(path)
    if not raw.strip():
        raise UserError(f"{shown(path.name)} is empty. {WAY_OUT}")
    what = kind(raw)
    if what == "parquet":
        return build(path.name, read_parquet(raw))
    if what == "xlsx":
        return build(path.name, read_workbook(raw))
    text, problems = decode(raw)
    grid = _grid(text, path.name)
    grid.problems[:0] = problems
    return build(path.name, grid)


def parse_text(text: str) -> Table:
    """The table of pasted rows: CSV, TSV (from a spreadsheet) or JSON. Raises UserError."""
    if len(text) > limits.FILE_BYTES:
        raise UserError(
            f"The pasted text has {len(text):,} characters, {limits.FILE_BYTES:,} are possible."
            " Upload it as a file in parts."
        )
    return build(PASTED, _grid(text.replace("\0", ""), PASTED))


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
    return read_records(text) if looks_like_json(text) else read_delimited(text)
