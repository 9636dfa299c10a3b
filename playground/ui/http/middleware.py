"""What stands between the network and the page: size caps, headers, files compressed once."""

import asyncio
import gzip
import mimetypes
from pathlib import Path

import brotli
import gradio
import plotly
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import limits
from playground.ui.http.paths import UPLOAD, route_path

FRONT = (Path(gradio.__file__).parent / "templates" / "frontend").resolve()
OURS = "/own/"  # below it lies what the page fetches from us, and nothing else
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
FETCHED: dict[str, Path] = {"plotly.min.js": PLOTLY}
GRADIO = ("/assets/", "/static/js/", "/static/fonts/", "/static/img/")
TEXT = {".js", ".css", ".svg", ".json"}
DIGITS = 15  # of a length that may be
Heads = list[tuple[bytes, bytes]]
ALWAYS: Heads = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
# The page evaluates the templates of its own components, styles itself as it goes, and draws to
# blobs; it fetches nothing from elsewhere, sends nothing elsewhere and holds no other page.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob:;"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'none'; frame-ancestors "
)
HUB = "https://huggingface.co https://*.hf.space"  # where a Space is shown


class BodyLimit:
    """413 for a body over the cap, 400 for one of which two lengths are told. upload: the cap of
    the one route that takes files (launch's max_file_size is for each of them)."""

    def __init__(
        self,
        app: ASGIApp,
        cap: int = limits.JSON_BODY_BYTES,
        upload: int = limits.UPLOAD_BYTES,
    ) -> None:
        self._app, self._cap, self._upload = app, cap, upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        cap = self._upload if route_path(scope) == UPLOAD else self._cap
        lengths = {value for name, value in scope["headers"] if name == b"content-length"} or {b"0"}
        if len(lengths) > 1 or not all(length.isdigit() for length in lengths):
            told = JSONResponse({"detail": "Tell one length of what you send, in digits."}, 400)
            return await told(scope, receive, send)
        refusal = JSONResponse({"detail": f"Send at most {cap:,} bytes at once."}, 413)
        if len(length := lengths.pop()) > DIGITS or int(length) > cap:
            return await refusal(scope, receive, send)
        seen, begun = 0, False

        async def counted() -> Message:  # a chunked body names no length: count as it comes
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > cap else message

        async def answered(message: Message) -> None:  # after the cap, whatever was to be said
            nonlocal begun
            if seen <= cap or begun:
                begun = True
                await send(message)

        try:
            await self._app(scope, counted, answered)
        except ClientDisconnect:
            if seen <= cap:
                raise
        if seen > cap and not begun:
            await refusal(scope, receive, send)


class Guarded:
    """Headers for every answer: no guessing of types, no run id told to other sites, and what the
    page may do and where it may be shown. space: on a Hugging Face Space the Hub shows it."""

    def __init__(self, app: ASGIApp, space: bool = False) -> None:
        self._app = app
        policy = f"{POLICY}'self' {HUB}" if space else f"{POLICY}'self'"
        self._heads: Heads = [*ALWAYS, (b"content-security-policy", policy.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self._heads]}
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class Precompressed:
    """Static files from memory, compressed once: gradio would compress them at every request,
    which takes 25 s when 100 people open the page at once instead of 0.1 s."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ready: dict[tuple[str, str], tuple[bytes, Heads]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = static_file(route_path(scope)) if _is_read(scope) else None
        if file is None:
            return await self._app(scope, receive, send)
        key = (route_path(scope), _coding(scope, file))
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
