"""What stands between the network and the page: size caps, headers, files compressed once."""

import asyncio
import gzip
import mimetypes
from pathlib import Path

import brotli
import gradio
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import limits
from playground.ui.assets import FETCHED

FRONT = (Path(gradio.__file__).parent / "templates" / "frontend").resolve()
OURS = "/own/"
GRADIO = ("/assets/", "/static/js/", "/static/fonts/", "/static/img/")
TEXT = {".js", ".css", ".svg", ".json"}
Heads = list[tuple[bytes, bytes]]
ALWAYS: Heads = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]


class BodyLimit:
    """413 for a body over the cap. Uploads have a cap of their own (launch's max_file_size)."""

    def __init__(self, app: ASGIApp, cap: int = limits.JSON_BODY_BYTES) -> None:
        self._app, self._cap = app, cap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith("/upload"):
            return await self._app(scope, receive, send)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._cap:
            said = JSONResponse({"detail": f"Send at most {self._cap:,} bytes at once."}, 413)
            return await said(scope, receive, send)
        seen = 0

        async def counted() -> Message:  # a chunked body names no length: count as it comes
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > self._cap else message

        return await self._app(scope, counted, send)


class Guarded:
    """Headers for every answer: no guessing of types, and no run id told to other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *ALWAYS]}
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class Precompressed:
    """Static files from memory, compressed once: gradio would compress them at every request,
    which takes 25 s when 100 people open the page at once instead of 0.1 s."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ready: dict[tuple[str, str], tuple[bytes, Heads]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = static_file(scope["path"]) if _is_read(scope) else None
        if file is None:
            return await self._app(scope, receive, send)
        key = (scope["path"], _coding(scope, file))
        if key not in self._ready:
            self._ready[key] = await asyncio.to_thread(_compressed, file, *key)
        body, heads = self._ready[key]
        await send({"type": "http.response.start", "status": 200, "headers": heads})
        await send({"type": "http.response.body", "body": body})


def static_file(path: str) -> Path | None:
    """The file behind an address: one of FETCHED, or one that gradio ships; None for all else."""
    if path.startswith(OURS):
        return FETCHED.get(path.removeprefix(OURS))
    file = (FRONT / path.lstrip("/")).resolve() if path.startswith(GRADIO) else FRONT
    return file if file.is_file() and file.is_relative_to(FRONT) else None


def _is_read(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "GET"


def _coding(scope: Scope, file: Path) -> str:
    """Browsers offer br only on https and localhost: a room on plain http gets gzip."""
    offered = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
    if file.suffix not in TEXT:
        return ""
    return next((name for name in ("br", "gzip") if name in offered), "")


def _compressed(file: Path, path: str, coding: str) -> tuple[bytes, Heads]:
    raw = file.read_bytes()
    packed = {"br": lambda: brotli.compress(raw, quality=6), "gzip": lambda: gzip.compress(raw, 6)}
    body = packed.get(coding, lambda: raw)()
    hashed = path.startswith("/assets/")  # gradio names these by their content
    keep = b"public, max-age=31536000, immutable" if hashed else b"public, max-age=86400"
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    heads = [(b"content-type", kind.encode()), (b"cache-control", keep)]
    heads += [(b"content-length", str(len(body)).encode()), (b"vary", b"accept-encoding")]
    return body, heads + ([(b"content-encoding", coding.encode())] if coding else [])
