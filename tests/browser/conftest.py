"""One real server and one real browser for all tests; every visitor has a context of their own.

Opening a page costs more than most tests do on it, so many share the page of one visitor who stays:
see `page`. A test fails when the page asks for anything outside this machine, or when a script on
it fails.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

from tests.browser.serving import Server, served

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
PATIENCE = 60_000  # milliseconds; two tests share the machine

# What gradio's own script says when the page is left while it still waits for something.
LEAVING = ("AbortError", "Connection errored out", "ERR_INCOMPLETE_CHUNKED_ENCODING")

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all tests; `restart` restarts it."""
    with served(tmp_path_factory.mktemp("server")) as running:
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
    """A factory of new visitors; each is checked when the test ends. `url`, `size`, `scheme`."""
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def arrive(url: str = "", size: dict | None = None, scheme: str = "light") -> Visitor:
            address = url if url.startswith("http") else server.url + "/" + url.lstrip("/")
            visitor = stack.enter_context(_visitor(browser, address, size or WIDE, scheme))
            visitors.append(visitor)
            return visitor

        yield arrive
    for visitor in visitors:
        visitor.check()


class Regular:
    """A visitor who stays: their page is opened when it is first asked for, and kept."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._stack = ExitStack()
        self._visitor: Visitor | None = None

    def come(self) -> Visitor:
        if self._visitor is None:
            arriving = _visitor(self._browser, self._url, WIDE, "light")
            self._visitor = self._stack.enter_context(arriving)
        return self._visitor

    def leave(self) -> None:
        """The next who asks gets a page of a new visitor."""
        self._visitor = None
        self._stack.close()


@pytest.fixture(scope="session")
def regular(browser: Browser, server: Server) -> Iterator[Regular]:
    staying = Regular(browser, server.url)
    yield staying
    staying.leave()


@pytest.fixture
def page(regular: Regular, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of a visitor who stays, in the state of no test before: whoever uses it brings the
    data it works on, trains nothing, and puts back what else it has changed. What a failed test
    leaves behind is seen by nobody."""
    failed, visitor = request.session.testsfailed, regular.come()
    yield visitor.page
    if visitor.outside or visitor.errors or request.session.testsfailed > failed:
        regular.leave()
    visitor.check()


@pytest.fixture
def restart(server: Server, regular: Regular) -> Callable[[], None]:
    """Restarts the server. Nobody but the test may have a page open then: it would load anew."""

    def act() -> None:
        regular.leave()
        server.restart()

    return act


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
    try:
        visitor.page.goto(url)
        ready(visitor.page)
        yield visitor
    finally:
        context.close()


Picture = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Takes a picture of the whole page, for people, into the folder PLAYGROUND_SCREENSHOTS."""
    kept = os.environ.get("PLAYGROUND_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if kept:
            Path(kept).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(kept) / f"{name}.png", full_page=True)

    return take
