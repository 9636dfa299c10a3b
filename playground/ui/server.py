"""The page behind a careful server: caps on everything, nothing outside this machine is asked."""

import signal
import threading
from types import FrameType

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground import limits
from playground.api import Playground
from playground.ui.assets import styles
from playground.ui.downloads import PREFIX, Downloads
from playground.ui.head import document_head
from playground.ui.middleware import BodyLimit, Guarded, Precompressed
from playground.ui.page import build
from playground.ui.quick_start import without_applications, without_collecting
from playground.ui.theme import theme

SESSIONS = 1_000  # each keeps a copy of the page's configuration
WAITING = 64  # events that may wait; gradio would allow one on ZeroGPU
AT_ONCE = 8
HEAD_START = 1.5  # seconds the first page has to itself before the workers import torch


def launch(playground: Playground, host: str | None = None, port: int | None = None) -> None:
    """Serve the page until interrupted or terminated, then close the playground's workers."""
    signal.signal(signal.SIGTERM, _interrupt)
    warming = threading.Timer(HEAD_START, playground.warm)
    try:
        demo, url = serve(playground, host, port)
        print(f"The playground is open at {url}", flush=True)
        warming.start()
        demo.block_thread()
    finally:
        warming.cancel()
        playground.close()


def serve(playground: Playground, host: str | None, port: int | None) -> tuple[gr.Blocks, str]:
    """Start the server and return at once, with the page and its address."""
    with without_collecting():
        return _serve(playground, host, port)


def _serve(playground: Playground, host: str | None, port: int | None) -> tuple[gr.Blocks, str]:
    downloads = Downloads()
    with without_applications():  # launch makes the one that counts
        demo = build(playground, downloads)
        demo.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE)
    _, url, _ = demo.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        share=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        run_history=False,
        enable_monitoring=False,
        strict_cors=True,
        footer_links=[],
        allowed_paths=[],
        max_file_size=limits.FILE_BYTES,
        state_session_capacity=SESSIONS,
        theme=theme(),
        css=styles(),
        head=document_head(),
        app_kwargs=app_settings(downloads),
    )
    return demo, url


def app_settings(downloads: Downloads) -> dict[str, object]:
    """Middleware, routes of our own, and no pages that describe the server."""
    return {
        "middleware": [Middleware(kind) for kind in (Guarded, BodyLimit, Precompressed)],
        "routes": [
            Route("/healthz", _healthy),
            Route(f"/{PREFIX}{{ticket}}", downloads.answer, methods=["GET"]),
        ],
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
    }


async def _healthy(request: Request) -> JSONResponse:
    return JSONResponse({"ok": True})


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the server as Ctrl-C does: the workers are closed, not left behind."""
    raise KeyboardInterrupt
