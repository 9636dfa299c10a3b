"""The Compare tab in a real browser, before any run: prompting alone can be asked and looked at."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.data.samples import read_sample
from tests.browser.conftest import Picture
from tests.browser.steps import IN_A_BROWSER, TRAINING, bring, compared, pick

pytestmark = IN_A_BROWSER
ROWS = 120  # of a sample of six labels
HOLD_REPLIES = """(milliseconds) => {
  window.unheld = window.fetch;
  window.looks = window.held = 0;
  window.fetch = async (...asked) => {
    const hold = String(asked[0]?.url ?? asked[0]).includes("/run/predict");
    window.looks += hold;
    window.held += hold;
    const reply = await window.unheld(...asked);
    if (hold) await new Promise((go) => setTimeout(go, milliseconds));
    window.held -= hold;
    return reply;
  };
}"""


@pytest.fixture
def tickets(page: Page, tmp_path: Path) -> Page:
    """The Compare tab, prompting compared on a few tickets."""
    sample = read_sample("support-tickets")
    path = tmp_path / "tickets.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, sample.columns)
        rows.writeheader()
        rows.writerows(sample.rows[:: len(sample.rows) // ROWS][:ROWS])
    bring(page, path)
    expect(page.locator("#data-summary")).to_contain_text(f"{ROWS} rows · 6 labels")
    compared(page)
    return page


def shots(page: Page, number: int) -> None:
    typed = page.locator("#shots input[type=number]")
    typed.fill(str(number))
    typed.blur()
    expect(page.locator("#arms")).to_contain_text(f"{number}-shot")


def test_prompting_is_compared_without_any_run(tickets: Page, picture: Picture):
    page, arms = tickets, tickets.locator("#arms")
    expect(page.locator("#verdict")).to_contain_text("Nothing is tuned yet")
    expect(page.locator("#forest .figure")).to_have_attribute(
        "aria-label", re.compile("Accuracy of each arm")
    )
    before = arms.locator("tbody tr").first.inner_text()
    pick(page, "Scoring rule", "PMI")
    expect(arms.locator("tbody tr").first).not_to_have_text(before)
    pick(page, "Scoring rule", "label-restricted")

    shots(page, 2)
    expect(arms.locator(".arms")).to_have_attribute("data-arms", "3")
    page.evaluate(HOLD_REPLIES, 3_000)
    page.get_by_role("checkbox", name="One-shot too").check()
    expect(arms).to_contain_text("one-shot")
    page.wait_for_function("window.looks > 1")  # what it sees is chosen no more when it is drawn
    page.get_by_role("checkbox", name="One-shot too").uncheck()
    expect(arms).not_to_contain_text("one-shot")
    page.wait_for_function("window.held === 0")
    expect(arms).not_to_contain_text("one-shot")
    page.evaluate("() => { window.fetch = window.unheld }")

    page.get_by_role("tab", name="Demonstrations").click()
    rows = page.locator("#demonstrations li")
    expect(rows).to_have_count(2)
    drawn = rows.all_inner_texts()
    page.get_by_role("button", name="Draw other demonstrations").click()
    expect(page.locator("#demonstrations")).to_contain_text("draw 1")
    assert rows.all_inner_texts() != drawn

    page.get_by_role("checkbox", name="The nearest too").check()
    expect(arms.locator("tbody")).to_contain_text("2-shot nearest", timeout=TRAINING)
    expect(arms).to_contain_text("demonstrations chosen for each text")
    expect(page.locator("#demonstrations")).to_contain_text("“2-shot nearest” shows other ones")
    expect(rows).to_have_count(2)

    page.get_by_role("tab", name="Confusions").click()
    expect(page.locator("#confusion .main-svg").first).to_be_visible()
    picture(page, "compare-prompting")
    page.get_by_role("checkbox", name="The nearest too").uncheck()
    expect(arms).not_to_contain_text("nearest")
    page.get_by_role("tab", name="Examples").click()
    shots(page, 8)


def test_examples_are_filtered_and_turned(tickets: Page):
    rows = tickets.locator("#examples .examples-rows")
    expect(rows).to_have_attribute("data-rows", "12")
    tickets.get_by_role("button", name="Later").click()
    expect(tickets.locator("#examples .examples-turning")).to_contain_text("2 /")

    wrong = tickets.get_by_role("button", name=re.compile("^both wrong"))
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(rows.get_by_role("img", name="wrong").first).to_be_visible()
    tickets.get_by_role("combobox", name="to", exact=True).select_option("8-shot")
    expect(tickets.get_by_role("button", name=re.compile("^fixed"))).to_be_visible()
    tickets.get_by_role("button", name=re.compile("^all")).click()


def test_nothing_typed_is_a_sentence_two_texts_are_asked_at_once_and_the_keyboard_is_enough(
    page: Page,
):
    page.get_by_role("tab", name="1 Data").click()
    page.get_by_role("radio", name="Sample", exact=True).check()
    pick(page, "Sample", "Does it follow")
    expect(page.locator("#head")).to_contain_text("Does it follow")
    page.get_by_role("tab", name="3 Compare").click()
    premise = page.get_by_role("textbox", name="premise")
    expect(premise).to_be_visible()
    page.get_by_role("button", name="Ask every arm").click()
    expect(page.locator("#answers")).to_contain_text("is empty. Type something")

    premise.fill("Anna sold her car.")
    hypothesis = page.get_by_role("textbox", name="hypothesis")
    hypothesis.fill("Anna no longer owns that car.")
    hypothesis.press("Enter")
    replies = page.locator("#answers .reply")
    expect(replies).to_have_count(3, timeout=TRAINING)
    replies.first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(replies.first.locator("pre").first).to_contain_text("Anna no longer owns that car.")
