"""A file, a folder or pasted rows as a table, each read in a process of its own with limits."""

from collections.abc import Sequence
from pathlib import Path

from playground import limits
from playground.data.confined import Request, confined
from playground.data.parsing import PASTED
from playground.data.problem import listed, shown
from playground.data.table import Table
from playground.errors import UserError


def read(source: str | Path | Sequence[str | Path]) -> Table:
    """The table of a file, of a folder, or of several files that are parts of one data set.

    CSV and its relatives, JSON and JSON Lines in their common shapes, Parquet, XLSX, ARFF, also
    packed as .gz, .bz2, .xz or .zip; diagnosed. Raises UserError, with the way out, for
    everything else, for what is too large, and for what takes too much time or memory to read.
    """
    paths = [Path(source)] if isinstance(source, str | Path) else [Path(one) for one in source]
    if not paths:
        raise UserError("There is no file to read. Choose one.")
    name = paths[0].name or str(paths[0]) if len(paths) == 1 else listed([p.name for p in paths])
    return confined(Request(name, tuple(str(path.absolute()) for path in paths)))


def paste(text: str) -> Table:
    """The table of pasted rows: from a spreadsheet, CSV, JSON or plain lines. Raises UserError."""
    if not isinstance(text, str):
        raise UserError(f"{shown(repr(text))} is not text. Paste rows, or bring a file.")
    if len(text) > limits.FILE_BYTES:
        raise UserError(
            f"The pasted text has {len(text):,} characters, {limits.FILE_BYTES:,} are possible."
            " Upload it as a file in parts."
        )
    return confined(Request(PASTED, text=text))
