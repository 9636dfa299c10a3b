"""Tables that visitors brought, on disk while there is room: a restarted server still has them."""

import contextlib
import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from playground import limits
from playground.data.table import Problem, Table
from playground.runs import files, sweeping


class KeptTables:
    """One file for each table under home/tables, named by its id without telling it."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "tables"

    def save(self, table_id: str, table: Table) -> None:
        """Keep a table; what was used longest ago goes when room is up. A full disk keeps nothing,
        and the table then lasts as long as the server."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)  # but no home, where that is gone
            files.write(self._path(table_id), json.dumps(asdict(table)))
            sweeping.used(self._path(table_id), self._folder)
            sweeping.keep_within(self._folder, limits.TABLES_BYTES)

    def load(self, table_id: str) -> Table | None:
        """The table of an id, None where it is no longer kept or cannot be read any more."""
        path = self._path(table_id)
        try:
            table = _table(files.read_json(path))
        except (files.Damaged, OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        sweeping.used(path, self._folder)
        return table

    def _path(self, table_id: str) -> Path:
        return (
            self._folder / f"{hashlib.sha256(table_id.encode(errors='replace')).hexdigest()}.json"
        )


def _table(known: dict[str, Any]) -> Table:
    """The table that was written as plain values."""
    values = {field.name: known[field.name] for field in fields(Table)}
    for name in ("problems", "found"):
        values[name] = tuple(Problem(**problem) for problem in values[name])
    for name in ("columns", "rows", "lines", "text_columns"):
        values[name] = tuple(values[name])
    return Table(**values)
