"""The Runs tab in a real browser: what was made can be found, looked at and taken away."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, ready
from tests.browser.steps import IN_A_BROWSER, choose, runs, train, trained

pytestmark = IN_A_BROWSER


def test_a_list_without_runs_says_how_to_get_one(page: Page):
    page.get_by_role("tab", name="4 Runs").click()

    expect(page.locator("#run-list")).to_contain_text("No run yet. Train one in tab 2")


def test_a_run_is_renamed_shown_as_code_downloaded_and_deleted(page: Page, pictures: Path):
    trained(page)
    runs(page)
    row = page.locator("#run-list tbody tr")
    expect(row).to_contain_text("Support tickets")
    expect(row).to_contain_text("finished")
    expect(row).to_contain_text(re.compile(r"\d+\s?% of \d+"))

    choose(page, "LoRA")
    expect(page.locator("#run-loss .main-svg").first).to_be_visible()
    expect(page.locator("#run-settings")).to_contain_text("rank")
    page.screenshot(path=pictures / "runs-chosen.png", full_page=True)

    page.get_by_role("textbox", name="Name").fill("my first <b>run</b>")
    page.get_by_role("button", name="Rename").click()
    expect(row).to_contain_text("my first <b>run</b>")

    page.get_by_role("button", name="Show the code").click()
    expect(page.locator("#run-code")).to_contain_text("import peft")

    with page.expect_download() as started:
        page.get_by_role("button", name="Download adapter").click()
    with zipfile.ZipFile(started.value.path()) as packed:
        assert {"adapter_config.json", "adapter_model.safetensors"} <= set(packed.namelist())

    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Keep").click()
    expect(row).to_have_count(1)
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#run-list")).to_contain_text("No run yet")


def test_two_runs_are_laid_over_each_other_and_found_again(
    own_server: Server, visit, pictures: Path
):
    visitor = visit(own_server.url)
    page = visitor.page
    trained(page, "LoRA")
    trained(page, "Soft prompt", steps=6)
    assert page.url.count("run=") == 2

    own_server.restart()
    page.goto(own_server.url)
    ready(page)
    visitor.errors.clear()  # the old page lost its server
    runs(page)
    expect(page.locator("#run-list tbody tr")).to_have_count(2)
    choose(page, "LoRA")
    choose(page, "Soft prompt")
    expect(page.locator("#run-settings")).to_contain_text("method")
    expect(page.locator("#run-loss")).to_contain_text("Soft prompt")
    expect(page.get_by_role("button", name="Download adapter")).to_be_disabled()
    page.screenshot(path=pictures / "runs-overlaid.png", full_page=True)

    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("tab", name="3 Compare")).to_have_attribute("aria-selected", "true")


def test_a_stopped_run_goes_on_from_the_list(page: Page):
    train(page, steps=2000)
    expect(page.locator("#live")).to_contain_text(re.compile(r"step [1-9]"), timeout=120_000)
    page.get_by_role("button", name="Stop LoRA").click()
    expect(page.locator("#live")).to_contain_text("stopped", timeout=60_000)
    runs(page)

    choose(page, "LoRA")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#run-note")).to_contain_text("Back in the queue")
    expect(page.locator("#run-list")).to_contain_text(
        re.compile("training|starting"), timeout=60_000
    )

    page.get_by_role("tab", name="2 Train").click()
    page.get_by_role("button", name="Stop LoRA").click()
    expect(page.locator("#live")).to_contain_text("stopped", timeout=60_000)
