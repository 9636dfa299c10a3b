"""Who still listens: the open streams of tabs and clients, and what happens when one closes."""

import asyncio
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.ui.http.paths import CALL, DATA, HEARTBEAT, route_path

ARRIVAL_SECONDS = 10.0  # from a call to the stream on which its caller waits for the answer
RETURN_SECONDS = 3.0  # in which a stream that broke off may come back
KEPT = 10_000  # closed streams remembered, and tabs that may close
NOBODY = " "  # what no session is called
NOT_FOUND = b"404: Not Found"  # what gradio says on a stream of nothing
UNKNOWN = b"Nothing is known by this id, or its answer was taken already. Send the call again."


class Listeners:
    """Which streams are open, by session or event. Safe across threads.

    A tab holds a heartbeat as long as it is open; whoever waits for answers holds a stream of data.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, int] = {}
        self._closed: dict[str, float] = {}
        self._leaving: dict[str, list[Callable[[], None]]] = {}

    def opened(self, key: str) -> None:
        with self._lock:
            self._open[key] = self._open.get(key, 0) + 1

    def closed(self, key: str) -> None:
        """One stream fewer. After the last one of a tab, what it left behind is tidied away."""
        with self._lock:
            left = self._open.pop(key, 1) - 1
            if left > 0:
                self._open[key] = left
                return
            self._closed.pop(key, None)
            self._closed[key] = self._clock()
            while len(self._closed) > KEPT:
                del self._closed[next(iter(self._closed))]
            tidy = self._leaving.pop(key, [])
        for act in tidy:
            act()

    def waits(self, keys: tuple[str, ...]) -> Callable[[], bool]:
        """Whether whoever has made a call now, under one of these keys, still waits for it."""
        since = self._clock()

        def present() -> bool:
            with self._lock:
                if any(key in self._open for key in keys):
                    return True
                left = [self._closed[key] for key in keys if self._closed.get(key, -1.0) >= since]
            now = self._clock()
            return now - max(left) < RETURN_SECONDS if left else now - since < ARRIVAL_SECONDS

        return present

    def has_left(self, session: str) -> bool:
        """Whether this session's tab was open and is closed now."""
        with self._lock:
            return tab(session) in self._closed and tab(session) not in self._open

    def when_left(self, session: str, act: Callable[[], None]) -> None:
        """Do this once the session's tab is closed."""
        with self._lock:
            self._leaving.setdefault(tab(session), []).append(act)
            while len(self._leaving) > KEPT:
                del self._leaving[next(iter(self._leaving))]


class Listening:
    """Tells a Listeners about streams as they open and close, at once when a client has gone."""

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        self._app, self._listeners = app, listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if not key:
            return await self._app(scope, receive, send)
        messages: asyncio.Queue[Message] = asyncio.Queue()
        closing = _Once(lambda: self._listeners.closed(key))

        async def watch() -> None:
            while (message := await receive())["type"] != "http.disconnect":
                messages.put_nowait(message)
            messages.put_nowait(message)
            closing()

        async def heard() -> Message:
            message = await messages.get()
            if message["type"] == "http.disconnect":
                messages.put_nowait(message)  # for whoever asks again
            return message

        async def told(message: Message) -> None:
            body = message.get("body", b"")
            if NOT_FOUND in body:
                message = {**message, "body": body.replace(NOT_FOUND, UNKNOWN)}
            await send(message)

        self._listeners.opened(key)
        watching = asyncio.create_task(watch())
        try:
            await self._app(scope, heard, told)
        finally:
            watching.cancel()
            closing()


class _Once:
    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act

    def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


def tab(session: str) -> str:
    """The key of a tab that is open, whether or not it waits for anything."""
    return f"tab {session}"


def callers(session: str, event: str) -> tuple[str, ...]:
    """The keys of whoever has made a call. An open tab waits, though its stream of answers, which
    it opens anew for each, may come late where the machine is busy."""
    return (session, tab(session), event) if session else (event,)


def _key(scope: Scope) -> str:
    """Of the stream a request opens; "" for all that is none."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return ""
    path = route_path(scope)
    if path.startswith(HEARTBEAT):
        return tab(path.removeprefix(HEARTBEAT))
    if path == DATA:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return query.get("session_hash", [NOBODY])[-1]
    return path.rsplit("/", 1)[-1] if path.startswith(CALL) else ""
