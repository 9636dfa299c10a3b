"""From a CSV to the adapter in a real browser: the spine of the product in one test."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture, Visit
from tests.browser.steps import IN_A_BROWSER, bring_reviews, choose, runs, trained

pytestmark = IN_A_BROWSER


def test_from_a_csv_to_the_verdict_and_the_adapter(visit: Visit, tmp_path: Path, picture: Picture):
    page = visit().page
    bring_reviews(page, tmp_path)
    trained(page, "LoRA")
    expect(page.locator("#live .live-chart")).to_have_attribute("data-reference-levels", "3")
    picture(page, "train-after")

    page.get_by_role("button", name="Next: compare").click()
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text(re.compile(r"LoRA.*(fixed|broke)"))
    expect(page.locator("#arms .arms")).to_have_attribute("data-arms", "4")
    expect(page.locator("#forest .main-svg").first).to_be_visible()
    picture(page, "compare")

    page.get_by_role("textbox", name="opinion").fill("A dull, lifeless film.")
    page.get_by_role("button", name="Ask every arm").click()
    expect(page.locator("#answers .reply")).to_have_count(4)
    page.locator("#answers .reply", has_text="LoRA").locator("summary").click()
    prompt = page.locator("#answers .reply[open] pre").first
    expect(prompt).to_contain_text("A dull, lifeless film.")

    runs(page)
    see_renamed_and_packed(page, picture)
    see_deleted(page)


def see_renamed_and_packed(page: Page, picture: Picture) -> None:
    """In the Runs tab: what the one run is, another name, its code, its adapter."""
    row = page.locator("#run-list tbody tr")
    expect(row).to_contain_text("my reviews")
    expect(row).to_contain_text("finished")
    expect(row).to_contain_text(re.compile(r"\d+\s?% of \d+"))
    choose(page, "LoRA")
    expect(page.locator("#run-loss .main-svg").first).to_be_visible()
    expect(page.locator("#run-settings")).to_contain_text("rank")
    picture(page, "runs-chosen")

    page.get_by_role("textbox", name="Name").fill("my first <b>run</b>")
    page.get_by_role("button", name="Rename").click()
    expect(row).to_contain_text("my first <b>run</b>")

    page.get_by_role("button", name="Show the code").click()
    expect(page.locator("#run-code")).to_contain_text("import peft")

    with page.expect_download() as started:
        page.get_by_role("button", name="Download adapter").click()
    with zipfile.ZipFile(started.value.path()) as packed:
        assert {"adapter_config.json", "adapter_model.safetensors"} <= set(packed.namelist())


def see_deleted(page: Page) -> None:
    """In the Runs tab: the chosen run goes, but not at the first press."""
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#run-list tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#run-list")).to_contain_text("No run yet")
