"""What a new visitor finds, before anything is brought or trained, and on which screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from playground.ui.train.method_list import FIRST
from tests.browser.conftest import PHONE, WIDE, Picture, Visit
from tests.browser.steps import IN_A_BROWSER, TRAINING, compared

pytestmark = IN_A_BROWSER


def test_a_sample_is_there_prompting_is_in_the_chart_and_no_run_is_listed(visit: Visit):
    page = visit().page
    expect(page.locator("#head")).to_contain_text("Support tickets · ")
    expect(page.locator("#data-summary")).to_contain_text("held out to measure on")
    expect(page.get_by_role("textbox", name="Template")).to_have_value("Ticket: {ticket}\nIntent:")
    expect(page.locator("#prompt .prompt")).to_contain_text("Intent: answer")
    expect(page.locator("#balance .main-svg").first).to_be_visible()
    expect(page.locator("#lengths .main-svg").first).to_be_visible()
    expect(page.locator("#checks")).to_contain_text("tokens of the")
    expect(page.locator("#head [data-chip=device]")).to_contain_text("CPU")

    page.get_by_role("tab", name="2 Train").click()
    chart = page.locator("#live .live-chart")
    expect(page.get_by_role("button", name="Train 2 methods")).to_be_enabled()
    expect(chart).to_have_attribute("data-reference-levels", "3", timeout=TRAINING)
    expect(chart).to_have_attribute("aria-label", re.compile("zero-shot: .*8-shot: "))
    for name in FIRST:
        cost = page.locator(f"#method-{name} .method-cost")
        expect(cost).to_have_text(re.compile(r"trains .*%.*B.*about"))
    expect(page.locator("#about-model")).to_contain_text("fits: needs")

    page.get_by_role("tab", name="4 Runs").click()
    expect(page.locator("#run-list")).to_contain_text("No run yet. Train one in tab 2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_data_and_comparison_fit_a_phone_and_a_laptop(visit: Visit, picture: Picture, scheme: str):
    page = visit(size=PHONE, scheme=scheme).page
    expect(page.locator("#lengths .main-svg").first).to_be_visible()
    fits(page, PHONE)
    picture(page, f"data-{scheme}-phone")
    compared(page)
    expect(page.locator("#examples .examples-rows")).to_have_attribute("data-rows", "12")
    fits(page, PHONE)
    picture(page, f"compare-{scheme}-phone")

    page.set_viewport_size(WIDE)
    page.get_by_role("tab", name="1 Data").click()
    fits(page, WIDE)
    picture(page, f"data-{scheme}-laptop")
    assert page.locator("body.dark").count() == (scheme == "dark")


def fits(page: Page, size: dict) -> None:
    """Nothing reaches beyond the right edge of the window."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
