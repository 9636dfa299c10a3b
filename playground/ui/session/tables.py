"""The tables visitors brought, kept on the server for a while; the browser only has their id."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from playground.data.samples import SAMPLES, read_sample
from playground.data.table import Table
from playground.errors import UserError
from playground.limits import TABLE_SECONDS
from playground.runs.kept_tables import KeptTables

CHARACTERS = 400_000_000  # of all kept tables together
SAMPLE = "sample:"


class Tables:
    """A small store: the oldest table goes first when room or time is up. Safe across threads.

    kept: where tables lie on disk too, so that a restarted server finds them.
    """

    def __init__(
        self, kept: KeptTables | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept_on_disk, self._clock = kept, clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Table, float, int]] = OrderedDict()
        self._samples: dict[str, Table] = {}

    def put(self, table: Table) -> str:
        """Keep a table; returns its id, which nobody can guess."""
        table_id = secrets.token_urlsafe(16)
        self._remember(table_id, table)
        if self._kept_on_disk is not None:
            self._kept_on_disk.save(table_id, table)
        return table_id

    def get(self, table_id: object) -> Table:
        """The table of an id, or of `sample:<name>`. UserError when it is no longer here."""
        name = table_id if isinstance(table_id, str) else ""
        if name.removeprefix(SAMPLE) in SAMPLES and name.startswith(SAMPLE):
            return self._sample(name.removeprefix(SAMPLE))
        found = self._in_memory(name)
        if found is None and name and self._kept_on_disk is not None:
            found = self._kept_on_disk.load(name)
            if found is not None:
                self._remember(name, found)
        if found is None:
            raise UserError(
                "The data you brought is no longer here; it is kept while there is room. Bring it"
                " again in the Data tab; finished runs keep their own examples."
            )
        return found

    def _in_memory(self, table_id: str) -> Table | None:
        with self._lock:
            self._forget()
            if table_id not in self._kept:
                return None
            self._kept.move_to_end(table_id)
            table, _, size = self._kept[table_id]
            self._kept[table_id] = (table, self._clock(), size)
            return table

    def _remember(self, table_id: str, table: Table) -> None:
        with self._lock:
            self._kept[table_id] = (table, self._clock(), _characters(table))
            self._forget()

    def _sample(self, name: str) -> Table:
        if name not in self._samples:
            self._samples[name] = read_sample(name)
        return self._samples[name]

    def _forget(self) -> None:
        """Drop what is too old, then the least recently used until the rest fits."""
        deadline = self._clock() - TABLE_SECONDS
        for table_id, (_, used, _) in list(self._kept.items()):
            if used < deadline:
                del self._kept[table_id]
        while len(self._kept) > 1 and sum(size for *_, size in self._kept.values()) > CHARACTERS:
            self._kept.popitem(last=False)


def sample_id(name: str) -> str:
    return SAMPLE + name


def _characters(table: Table) -> int:
    return sum(len(value) for row in table.rows for value in row.values())
