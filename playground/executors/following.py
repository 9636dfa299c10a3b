"""Watches one run until it is over."""

import time
from collections.abc import Iterator

from playground.events import Event
from playground.runs.store import Store
from playground.runs.trouble import told

SECONDS = 0.1  # between two looks at a log


def follow(store: Store, run_id: str, owner: str) -> Iterator[Event]:
    """Every event of a run as it happens. A run that dies says nothing more: see its status."""
    cursor = 0
    while True:
        with told():
            record = store.visible(run_id, owner)  # before its log: when it is over, nothing comes
        events, cursor = record.events(cursor)
        yield from events
        if record.over and not events:
            return
        if not events:
            time.sleep(SECONDS)
