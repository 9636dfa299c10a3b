"""Files a visitor may fetch: an address that works once and for a short while."""

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

SECONDS = 600.0
TICKETS = 10_000
PREFIX = "download/"


class Downloads:
    """Tickets for files. Who may have one is decided before, where the ticket is asked for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets: dict[str, tuple[Path, float]] = {}

    def offer(self, file: Path) -> str:
        """The address of the file, relative to the page."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._tickets = {
                name: (path, until) for name, (path, until) in self._tickets.items() if until > now
            }
            self._tickets[ticket] = (file, now + SECONDS)
            while len(self._tickets) > TICKETS:
                del self._tickets[next(iter(self._tickets))]
        return PREFIX + ticket

    def take(self, ticket: str) -> Path | None:
        """The file of a ticket, which is then used up; None when there is no such ticket."""
        with self._lock:
            file, until = self._tickets.pop(ticket, (None, 0.0))
        return file if file and until > self._clock() and file.is_file() else None

    async def answer(self, request: Request) -> Response:
        """The route: the file, or a sentence that says how to get another ticket."""
        file = self.take(request.path_params["ticket"])
        if file is None:
            said = "This download was used or is too old. Press the download button again."
            return PlainTextResponse(said, status_code=404)
        return FileResponse(file, filename=file.name, headers={"cache-control": "no-store"})
