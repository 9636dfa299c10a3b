"""One real server and one real browser for all tests; every visitor has a context of their own.

A test fails when the page asks for anything outside this machine, or when a script on it fails.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
START_SECONDS = 60
STOP_SECONDS = 15
PATIENCE = 60_000  # milliseconds; two tests share the machine

# What gradio's own script says when the page is left while it still waits for something.
LEAVING = ("AbortError", "Connection errored out", "ERR_INCOMPLETE_CHUNKED_ENCODING")

expect.set_options(timeout=PATIENCE)


@dataclass
class Server:
    """`python app.py` on a free port. `restart` keeps port and home, as a machine that reboots."""

    home: Path
    port: int
    process: subprocess.Popen | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.home.parent / "server.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        env = {
            **os.environ,
            "PLAYGROUND_HOME": str(self.home),
            "PORT": str(self.port),
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_TEMP_DIR": str(self.home.parent / "gradio"),
            "HF_HUB_OFFLINE": "1",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        self._wait()

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def _wait(self) -> None:
        """Until the server answers; the connection itself waits, nothing sleeps."""
        for _ in range(START_SECONDS * 10):
            assert self.process.poll() is None, self.log.read_text()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                continue
        raise AssertionError(f"no answer within {START_SECONDS} s:\n{self.log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all tests that do not restart it."""
    with served(tmp_path_factory.mktemp("server")) as running:
        yield running


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Server(folder / "home", port)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        for run in (running.home / "runs").iterdir():  # runs outlive their server
            (run / "stop").touch()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server of its own for a test that kills or restarts it."""
    with served(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        said = f"there is no Chromium at {CHROMIUM}: install it, or name it with CHROMIUM="
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """One person: a browser context with a page, and what went wrong in it."""

    page: Page
    outside: list[str]
    errors: list[str]

    def check(self) -> None:
        assert not self.outside, f"the page asked for {self.outside}"
        assert not self.errors, f"the page's scripts failed: {self.errors}"


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A factory of visitors; each is checked when the test ends. `url`, `size`, `scheme`."""
    with ExitStack() as stack:

        def arrive(url: str = "", size: dict | None = None, scheme: str = "light") -> Visitor:
            address = url if url.startswith("http") else server.url + "/" + url.lstrip("/")
            visitor = stack.enter_context(_visitor(browser, address, size or WIDE, scheme))
            return visitor

        yield arrive


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page as a new visitor sees it."""
    return visit().page


def ready(page: Page) -> None:
    """Wait until the page knows its visitor: what is typed before may be lost."""
    page.locator("#head [data-ready]").wait_for()


@contextmanager
def _visitor(browser: Browser, url: str, size: dict, scheme: str) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en-US"
    )
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(context.new_page(), [], [])
    base = re.match(r"https?://[^/]+", url).group()

    def refuse(route: Route) -> None:
        visitor.outside.append(route.request.url)
        route.abort()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(said in message.text for said in LEAVING):
            visitor.errors.append(message.text)

    context.route(re.compile(f"^(?!{re.escape(base)}|data:|blob:)"), refuse)
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    visitor.page.on("console", heard)
    visitor.page.goto(url)
    ready(visitor.page)
    try:
        yield visitor
    finally:
        context.close()
    visitor.check()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go; PLAYGROUND_SCREENSHOTS keeps them."""
    kept = os.environ.get("PLAYGROUND_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
