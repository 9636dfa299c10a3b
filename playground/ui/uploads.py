"""Uploads by the address they come from: how many are on their way, how much lies unread."""

import json
from collections import Counter
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import limits
from playground.ui.origin import KEY
from playground.ui.paths import UPLOAD, route_path

ANSWER_BYTES = 1_000_000  # of the answer to an upload, which names its files


class Uploads:
    """429 for more of one address than may lie here unread; a file that was read is deleted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coming: Counter[str] = Counter()
        self._lying: dict[Path, tuple[str, int]] = {}  # whose it is, and its bytes

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
                self._lying[path] = whose, path.stat().st_size

    def _refusal(self, whose: str) -> str:
        self._lying = {path: known for path, known in self._lying.items() if path.is_file()}
        sizes = [size for owner, size in self._lying.values() if owner == whose]
        if self._coming[whose] >= limits.UPLOADS_AT_ONCE:
            return f"{self._coming[whose]} files are on their way from your address. Wait for them."
        if len(sizes) >= limits.UPLOADS_PER_ORIGIN or sum(sizes) > limits.UPLOADS_PER_ORIGIN_BYTES:
            return (
                f"{len(sizes)} files from your address ({sum(sizes) / 1e6:.0f} MB) were uploaded"
                " and never read. Read them, or wait an hour until they are swept away."
            )
        if sum(size for _, size in self._lying.values()) > limits.UPLOADS_BYTES:
            return "More uploaded files wait here than there is room for. Try again in an hour."
        return ""


def _named(answer: bytes) -> list[Path]:
    """The files gradio says it has put down."""
    try:
        names = json.loads(answer)
    except ValueError:
        return []
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return [path for path in map(Path, texts) if path.is_file()]
