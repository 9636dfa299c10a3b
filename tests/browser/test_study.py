"""The folded study in a real browser: nothing until it is opened, then charts and a table."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from playground.ui.components.assets import style_sheets
from playground.ui.components.theme import theme
from playground.ui.http.downloads import Downloads
from playground.ui.http.hosts import Hosts
from playground.ui.http.listening import Listeners
from playground.ui.http.sentences import Page
from playground.ui.http.sessions import Sessions
from playground.ui.http.unread import Unread
from playground.ui.launch import Hosting, app_settings
from playground.ui.session.head import document_head
from playground.ui.studies import section as study_section
from tests.browser.conftest import PHONE, WIDE, Picture
from tests.browser.steps import IN_A_BROWSER, TRAINING
from tests.ui.study_figures import study

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page of the section alone, dressed as the whole page is."""
    with Page(analytics_enabled=False) as page:
        page.listeners, page.sessions, page.unread = Listeners(), Sessions(), Unread()
        study_section.add((study(), study((0.02, -0.05, 0.03), size="small")))
    parts = {"theme": theme(), "css": style_sheets(), "head": document_head()}
    _, url, _ = page.launch(
        server_name="127.0.0.1",
        prevent_thread_lock=True,
        quiet=True,
        ssr_mode=False,
        footer_links=[],
        app_kwargs=app_settings(page, Downloads(), Hosts.of("127.0.0.1"), Hosting()),
        **parts,
    )
    yield url
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_study_is_drawn_when_it_is_opened_on_a_phone_and_a_laptop(
    browser: Browser, address: str, picture: Picture, scheme: str
):
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    page, errors, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    section = page.locator("#study")
    expect(section.locator("summary").first).to_be_visible()
    assert not any("plotly" in url for url in asked), "opening the page draws nothing"

    section.locator("summary").first.click()
    expect(section.locator(".figure[data-drawn]")).to_have_count(3, timeout=TRAINING)
    expect(section.locator(".study-finding").first).to_contain_text("more tasks helped")
    expect(section.locator(".study-finding").last).to_contain_text("not settled")
    expect(section.get_by_role("img").first).to_have_attribute("aria-label", re.compile("4 tasks"))
    expect(section.get_by_role("row").nth(2)).to_contain_text("sst2")
    section.get_by_text("To make it again").click()
    expect(section).to_contain_text("study --size mini")
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        picture(page, f"study-{scheme}-{size['width']}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert errors == []
    context.close()
