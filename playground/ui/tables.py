"""The tables visitors brought, kept on the server for a while; the browser only has their id."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from playground.data.samples import SAMPLES, read_sample
from playground.data.table import Table
from playground.errors import UserError

HOURS = 12.0
CHARACTERS = 400_000_000  # of all kept tables together
SAMPLE = "sample:"


class Tables:
    """A small store: the oldest table goes first when room or time is up. Safe across threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Table, float, int]] = OrderedDict()
        self._samples: dict[str, Table] = {}

    def put(self, table: Table) -> str:
        """Keep a table; returns its id, which nobody can guess."""
        table_id = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[table_id] = (table, self._clock(), _characters(table))
            self._forget()
        return table_id

    def get(self, table_id: object) -> Table:
        """The table of an id, or of `sample:<name>`. UserError when it is no longer here."""
        name = table_id if isinstance(table_id, str) else ""
        if name.removeprefix(SAMPLE) in SAMPLES and name.startswith(SAMPLE):
            return self._sample(name.removeprefix(SAMPLE))
        with self._lock:
            self._forget()
            if name not in self._kept:
                raise UserError(
                    f"The data you brought is kept for {HOURS:g} hours and is no longer here."
                    " Bring it again in the Data tab; finished runs keep their own examples."
                )
            self._kept.move_to_end(name)
            table, _, size = self._kept[name]
            self._kept[name] = (table, self._clock(), size)
            return table

    def _sample(self, name: str) -> Table:
        if name not in self._samples:
            self._samples[name] = read_sample(name)
        return self._samples[name]

    def _forget(self) -> None:
        """Drop what is too old, then the least recently used until the rest fits."""
        deadline = self._clock() - HOURS * 3600
        for table_id, (_, used, _) in list(self._kept.items()):
            if used < deadline:
                del self._kept[table_id]
        while len(self._kept) > 1 and sum(size for *_, size in self._kept.values()) > CHARACTERS:
            self._kept.popitem(last=False)


def sample_id(name: str) -> str:
    return SAMPLE + name


def _characters(table: Table) -> int:
    return sum(len(value) for row in table.rows for value in row.values())
