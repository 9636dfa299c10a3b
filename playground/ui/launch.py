"""The page behind a careful server: caps on everything, nothing outside this machine is asked."""

import os
import signal
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from types import FrameType

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground import limits
from playground.api import Playground
from playground.ui.components.assets import style_sheets
from playground.ui.components.quick_start import without_applications, without_collecting
from playground.ui.components.theme import theme
from playground.ui.http.crowd import Crowd, more_descriptors
from playground.ui.http.downloads import PREFIX, Downloads
from playground.ui.http.gate import Gate
from playground.ui.http.hosts import Hosts, OnlyOurHosts
from playground.ui.http.listening import Listening
from playground.ui.http.middleware import BodyLimit, Guarded, Precompressed
from playground.ui.http.origin import Origins, Visited
from playground.ui.http.sentences import HANDLERS, Page, Sentences
from playground.ui.http.uploads import Uploads
from playground.ui.page import build
from playground.ui.session.head import document_head

WAITING = 256  # events that may wait; gradio would allow one on ZeroGPU
AT_ONCE = 128  # of one kind, more than seats let in
THREADS = 400  # of all kinds; most of them only wait
HEAD_START = 1.5  # seconds the first page has to itself before the workers import torch


@dataclass(frozen=True)
class Hosting:
    """Where the page is served. space: on a Hugging Face Space. names: by which it is known beside
    the address it binds to. proxies: how many of ours stand in front and tell the visitor's
    address; they have to be counted, as anybody can tell one. sign_in: whether the Space lets
    visitors sign in (hf_oauth in its README)."""

    space: bool = False
    names: tuple[str, ...] = ()
    proxies: int = 0
    sign_in: bool = False


ALONE = Hosting()


def launch(
    playground: Playground,
    host: str | None = None,
    port: int | None = None,
    hosting: Hosting = ALONE,
) -> None:
    """Serve the page until interrupted or terminated, then close the playground's workers."""
    signal.signal(signal.SIGTERM, _interrupt)
    more_descriptors()
    warming = threading.Timer(HEAD_START, playground.warm)
    try:
        demo, url = serve(playground, host, port, hosting)
        print(f"The playground is open at {url}", flush=True)
        warming.start()
        demo.block_thread()
    finally:
        warming.cancel()
        playground.close()


def serve(
    playground: Playground, host: str | None, port: int | None, hosting: Hosting = ALONE
) -> tuple[gr.Blocks, str]:
    """Start the server and return at once, with the page and its address."""
    with without_collecting():
        return _serve(playground, host, port, hosting)


def _serve(
    playground: Playground, host: str | None, port: int | None, hosting: Hosting
) -> tuple[gr.Blocks, str]:
    downloads = Downloads()
    # Else uvicorn believes whoever calls from this machine about where the call came from.
    os.environ.setdefault("FORWARDED_ALLOW_IPS", "")
    with without_applications():  # launch makes the one that counts
        demo = build(playground, downloads, hosting.sign_in and _can_sign_in())
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
        max_threads=THREADS,
        state_session_capacity=limits.SESSIONS,
        theme=theme(),
        css=style_sheets(),
        head=document_head(),
        app_kwargs=app_settings(demo, downloads, Hosts.of(host, hosting.names), hosting),
    )
    demo.sessions.keep_in(demo.state_holder)
    return demo, url


def app_settings(
    demo: Page, downloads: Downloads, hosts: Hosts, hosting: Hosting
) -> dict[str, object]:
    """Middleware, the outermost first, routes of our own, and no pages that describe the server."""
    origins = Origins(hosting.proxies, hosting.space)
    return {
        "middleware": [
            Middleware(Guarded, space=hosting.space),
            Middleware(Sentences),
            Middleware(OnlyOurHosts, hosts=hosts),
            Middleware(BodyLimit),
            Middleware(Visited, origins=origins),
            Middleware(Crowd),
            Middleware(Uploads, unread=demo.unread),
            Middleware(Gate, sessions=demo.sessions),
            Middleware(Listening, listeners=demo.listeners),
            Middleware(Precompressed),
        ],
        "exception_handlers": dict(HANDLERS),
        "routes": [
            Route("/healthz", _healthy),
            Route(f"/{PREFIX}{{ticket}}", downloads.answer, methods=["GET"]),
        ],
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
    }


def _can_sign_in() -> bool:
    """Whether what gradio needs for it is installed: `gradio[oauth]`, as on Spaces."""
    return all(map(find_spec, ("authlib", "itsdangerous")))


async def _healthy(request: Request) -> JSONResponse:
    return JSONResponse({"ok": True})


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the server as Ctrl-C does: the workers are closed, not left behind."""
    raise KeyboardInterrupt
