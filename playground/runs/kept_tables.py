"""Tables that visitors brought, on disk for a while: a restarted server still has them."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from playground import limits
from playground.data.table import Problem, Table
from playground.runs import files


class KeptTables:
    """One file for each table under home/tables, named by its id without telling it."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = files.private_folder(home / "tables")
        self._clock = clock

    def save(self, table_id: str, table: Table) -> None:
        """Keep a table; what was used longest ago goes when time or room is up. A full disk keeps
        nothing, and the table then lasts as long as the server."""
        try:
            files.write(self._path(table_id), json.dumps(asdict(table)))
            self._forget()
        except OSError:
            self._path(table_id).unlink(missing_ok=True)

    def load(self, table_id: str) -> Table | None:
        """The table of an id, None where it is no longer kept or cannot be read any more."""
        path = self._path(table_id)
        text = files.read(path) if self._fresh(path) else None
        if text is None:
            return None
        now = self._clock()
        os.utime(path, (now, now))
        try:
            return _table(json.loads(text))
        except (ValueError, KeyError, TypeError):
            return None

    def _path(self, table_id: str) -> Path:
        return (
            self._folder / f"{hashlib.sha256(table_id.encode(errors='replace')).hexdigest()}.json"
        )

    def _fresh(self, path: Path) -> bool:
        return path.is_file() and path.stat().st_mtime > self._clock() - limits.TABLE_SECONDS

    def _forget(self) -> None:
        kept = sorted(self._folder.glob("*.json"), key=lambda path: -path.stat().st_mtime)
        room = limits.TABLES_BYTES
        for path in kept:
            room -= path.stat().st_size
            if room < 0 or not self._fresh(path):
                path.unlink(missing_ok=True)


def _table(known: dict[str, Any]) -> Table:
    """The table that was written as plain values."""
    values = {field.name: known[field.name] for field in fields(Table)}
    for name in ("problems", "found"):
        values[name] = tuple(Problem(**problem) for problem in values[name])
    for name in ("columns", "rows", "lines", "text_columns"):
        values[name] = tuple(values[name])
    return Table(**values)
