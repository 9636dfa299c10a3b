"""A second visitor neither sees nor stops the first one's run, until it is shared with them."""

from playwright.sync_api import Page, expect

from tests.browser.steps import IN_A_BROWSER, choose, runs, trained

pytestmark = IN_A_BROWSER


def run_id(page: Page) -> str:
    return page.url.split("run=")[1].split("&")[0]


def test_a_stranger_sees_a_run_only_once_it_is_shared_and_may_never_change_it(visit):
    first, second = visit().page, visit().page
    trained(first)
    mine = run_id(first)

    second.get_by_role("tab", name="4 Runs").click()
    expect(second.locator("#run-list")).to_contain_text("No run yet")
    stranger = visit(f"/?run={mine}").page
    expect(stranger.locator("#page-notice").get_by_role("alert")).to_contain_text("There is no run")
    stranger.get_by_role("tab", name="4 Runs").click()
    expect(stranger.locator("#run-list")).to_contain_text("No run yet")

    runs(first)
    choose(first, "LoRA")
    first.get_by_role("button", name="Copy a link").click()
    link = first.get_by_role("textbox", name="Whoever has this link can look at the run")
    expect(link).to_have_value(f"{first.url.split('?')[0]}?run={mine}")

    guest = visit(link.input_value()).page
    expect(guest.locator("#page-notice .notice")).to_be_hidden()
    runs(guest)
    expect(guest.locator("#run-list")).to_contain_text("shared with you")
    choose(guest, "LoRA")
    expect(guest.get_by_role("button", name="Show the code")).to_be_enabled()
    expect(guest.get_by_role("button", name="Delete …")).to_be_disabled()
    expect(guest.get_by_role("button", name="Rename")).to_be_disabled()

    first.get_by_role("button", name="Stop sharing").click()
    expect(first.locator("#run-note")).to_contain_text("Only you see it now")
    guest.reload()
    expect(guest.locator("#page-notice").get_by_role("alert")).to_contain_text("There is no run")
