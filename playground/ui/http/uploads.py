"""Uploads by the address they come from: how many are on their way, how much lies unread."""

import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
from gradio.utils import get_upload_folder
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import limits
from playground.runs import files
from playground.runs.sweeping import keep_within
from playground.runs.trouble import GONE
from playground.ui.http.origin import KEY
from playground.ui.http.pace import Pace
from playground.ui.http.paths import UPLOAD, route_path
from playground.ui.http.unread import Unread, own_folder

SLOW = "The file comes too slowly to be waited for. Send it again, or a smaller part of it."
ANSWER_BYTES = 4_000_000  # of the answer to an upload, which names its files


class Uploads:
    """429 for more of one address than may lie here unread. unread: is told of each file.

    A few of an address come at once, the others wait: a room of people sends theirs together.
    """

    def __init__(self, app: ASGIApp, unread: Unread) -> None:
        self._app, self._unread = app, unread
        self._coming: Counter[str] = Counter()
        self._there: Counter[str] = Counter()  # on their way or about to be
        self._changed = anyio.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or route_path(scope) != UPLOAD or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        async with self._turn(scope.get(KEY, "")) as said:
            if said:
                return await JSONResponse({"detail": said}, 429)(scope, receive, send)
            if not Path(get_upload_folder()).parent.is_dir():
                return await JSONResponse({"detail": GONE}, 507)(scope, receive, send)
            with self._unread.coming():
                await self._take(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _turn(self, whose: str) -> AsyncIterator[str]:
        """Why an upload is refused, "" once it may come: until then nothing of it is read."""
        if self._there[whose] >= limits.UPLOADS_WAITING:
            yield f"{self._there[whose]} files are on their way from your address. Wait for them."
            return
        self._there[whose] += 1
        try:
            async with self._changed:
                while self._coming[whose] >= limits.UPLOADS_AT_ONCE:
                    await self._changed.wait()
                self._coming[whose] += 1
            try:
                yield self._unread.refusal(whose)
            finally:
                self._coming[whose] -= 1
                with anyio.CancelScope(shield=True):
                    async with self._changed:
                        self._changed.notify_all()
        finally:
            self._there[whose] -= 1
            self._coming, self._there = +self._coming, +self._there  # none at zero

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = bytearray()

        async def watched(message: Message) -> None:
            if len(answer) < ANSWER_BYTES:
                answer.extend(message.get("body", b""))
            await send(message)

        paced = Pace(receive)
        try:
            await self._app(scope, paced, watched)
        except ClientDisconnect:
            if not paced.late:
                raise
            await JSONResponse({"detail": SLOW}, 408)(scope, receive, send)
        finally:
            for path, size in _named(bytes(answer)):
                self._unread.came(scope.get(KEY, ""), path, size)
            await anyio.to_thread.run_sync(sweep)


def uploads_folder(home: Path) -> Path:
    """Where what visitors send may lie: apart from what other pages of this machine are sent."""
    with contextlib.suppress(OSError):  # of a home that cannot be written; an upload will tell
        files.private_folder(home / "uploads")
    return home / "uploads"


def sweep() -> None:
    """Drop what was used longest ago, of this server or one before it, where there is no more room;
    in the folder that gradio shares with every other page of the machine nothing is touched."""
    if (folder := own_folder()) is not None:
        keep_within(folder, limits.UPLOADS_BYTES)


def _named(answer: bytes) -> list[tuple[Path, int]]:
    """The files gradio says it has put down, with their bytes."""
    try:
        names = json.loads(answer)
    except ValueError:
        return []
    found = []
    for name in names if isinstance(names, list) else ():
        with contextlib.suppress(OSError, ValueError, TypeError):  # read and deleted already
            found.append((Path(name), Path(name).stat().st_size))
    return found
