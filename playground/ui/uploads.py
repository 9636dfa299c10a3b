"""Uploads by the address they come from: how many are on their way, how much lies unread."""

import json
import tempfile
import time
from collections import Counter
from pathlib import Path

import anyio
from gradio.utils import get_upload_folder
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import limits
from playground.runs.sweeping import keep_within
from playground.ui.origin import KEY
from playground.ui.paths import UPLOAD, route_path

FOLDER = "uploads"  # of a home
ANSWER_BYTES = 1_000_000  # of the answer to an upload, which names its files


class Uploads:
    """429 for more of one address than may lie here unread; a file that was read is deleted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coming: Counter[str] = Counter()
        # whose it is, its bytes, since when by time.monotonic(), which nobody sets
        self._lying: dict[Path, tuple[str, int, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or route_path(scope) != UPLOAD or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        whose = scope.get(KEY, "")
        if said := self._refusal(whose):
            return await JSONResponse({"detail": said}, 429)(scope, receive, send)
        answer = bytearray()

        async def watched(message: Message) -> None:
            if len(answer) < ANSWER_BYTES:
                answer.extend(message.get("body", b""))
            await send(message)

        self._coming[whose] += 1
        try:
            await self._app(scope, receive, watched)
        finally:
            self._coming[whose] -= 1
            self._coming = +self._coming
            for path in _named(bytes(answer)):
                self._lying[path] = whose, path.stat().st_size, time.monotonic()
            await anyio.to_thread.run_sync(sweep)

    def _refusal(self, whose: str) -> str:
        self._forget()
        sizes = [size for owner, size, _ in self._lying.values() if owner == whose]
        if self._coming[whose] >= limits.UPLOADS_AT_ONCE:
            return f"{self._coming[whose]} files are on their way from your address. Wait for them."
        if len(sizes) >= limits.UPLOADS_PER_ORIGIN or sum(sizes) > limits.UPLOADS_PER_ORIGIN_BYTES:
            return (
                f"{len(sizes)} files from your address ({sum(sizes) / 1e6:.0f} MB) were uploaded"
                " and never read. Read them, or wait an hour until they are swept away."
            )
        if sum(size for _, size, _ in self._lying.values()) > limits.UPLOADS_BYTES:
            return "More uploaded files wait here than there is room for. Try again in an hour."
        return ""

    def _forget(self) -> None:
        """Drop what was read, and what nobody has read for long."""
        last = time.monotonic() - limits.UPLOAD_SECONDS
        for path, (_, _, since) in list(self._lying.items()):
            if since < last:
                path.unlink(missing_ok=True)
            if not path.is_file():
                del self._lying[path]


def sweep() -> None:
    """Drop what was used longest ago, of this server or one before it, where there is no more room;
    in the folder that gradio shares with every other page of the machine nothing is touched."""
    folder = Path(get_upload_folder())
    if folder != (Path(tempfile.gettempdir()) / "gradio").resolve():
        keep_within(folder, limits.UPLOADS_BYTES)


def _named(answer: bytes) -> list[Path]:
    """The files gradio says it has put down."""
    try:
        names = json.loads(answer)
    except ValueError:
        return []
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return [path for path in map(Path, texts) if path.is_file()]
