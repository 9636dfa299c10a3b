"""How many requests of one address are open at once: a stream costs a descriptor while it lasts."""

import sys
from collections import Counter
from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from playground import limits
from playground.ui.http.origin import KEY


class Crowd:
    """429 for more open requests of one address than a room of people needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        whose = scope.get(KEY, "")
        if (number := self._open[whose]) >= limits.OPEN_PER_ORIGIN:
            said = f"{number} requests from your address are open. Close some tabs, or wait."
            return await JSONResponse({"detail": said}, 429)(scope, receive, send)
        self._open[whose] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[whose] -= 1
            if not self._open[whose]:
                del self._open[whose]


def more_descriptors() -> None:
    """Take as many open files and connections as the system lets this process have: the number it
    begins with is often too small for a room of people."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # a system may have a lower limit of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
