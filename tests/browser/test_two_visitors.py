"""A second visitor neither sees nor stops the first one's run, until it is shared with them."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, ready
from tests.browser.steps import IN_A_BROWSER, bring_reviews, choose, runs, trained

pytestmark = IN_A_BROWSER


def run_id(page: Page) -> str:
    return page.url.split("run=")[1].split("&")[0]


def there_is_no_run(page: Page) -> None:
    expect(page.locator("#page-notice").get_by_role("alert")).to_contain_text("There is no run")


def test_a_stranger_sees_a_run_only_once_it_is_shared_and_may_never_change_it(
    visit: Visit, tmp_path: Path
):
    first = visit().page
    bring_reviews(first, tmp_path)
    trained(first, steps=2)
    mine = run_id(first)

    second = visit(f"/?run={mine}").page
    there_is_no_run(second)
    second.get_by_role("tab", name="4 Runs").click()
    expect(second.locator("#run-list")).to_contain_text("No run yet")

    runs(first)
    choose(first, "LoRA")
    first.get_by_role("button", name="Copy a link").click()
    link = first.get_by_role("textbox", name="Whoever has this link can look at the run")
    expect(link).to_have_value(f"{first.url.split('?')[0]}?run={mine}")

    second.goto(link.input_value())
    ready(second)
    expect(second.locator("#page-notice .notice")).to_be_hidden()
    runs(second)
    expect(second.locator("#run-list")).to_contain_text("shared with you")
    choose(second, "LoRA")
    expect(second.get_by_role("button", name="Show the code")).to_be_enabled()
    expect(second.get_by_role("button", name="Delete …")).to_be_disabled()
    expect(second.get_by_role("button", name="Rename")).to_be_disabled()

    first.get_by_role("button", name="Stop sharing").click()
    expect(first.locator("#run-note")).to_contain_text("Only you see it now")
    second.reload()
    there_is_no_run(second)
