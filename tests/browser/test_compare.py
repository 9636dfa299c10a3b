"""The Compare tab in a real browser, before any run: prompting alone can be asked and looked at."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.steps import IN_A_BROWSER, TRAINING

pytestmark = IN_A_BROWSER

HOSTILE = "text,mood\n" + "".join(
    f'"<img src=http://example.com/{i}.png> ${{alert({i})}} ![x](http://example.com)"'
    f",{'<b>bad</b>' if i % 2 else 'good'}\n"
    for i in range(40)
)


def answered(page: Page, arms: int) -> None:
    """Go to the Compare tab and wait until so many arms have answered."""
    page.get_by_role("tab", name="3 Compare").click()
    expect(page.locator("#arms .arms")).to_have_attribute("data-arms", str(arms), timeout=TRAINING)


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).click()


def shots(page: Page, number: int) -> None:
    typed = page.locator("#shots input[type=number]")
    typed.fill(str(number))
    typed.blur()


def test_prompting_is_compared_without_any_run(page: Page, pictures: Path):
    answered(page, 3)
    expect(page.locator("#verdict")).to_contain_text("Nothing is tuned yet")
    expect(page.locator("#forest .figure")).to_have_attribute(
        "aria-label", re.compile("Accuracy of each arm")
    )
    before = page.locator("#arms tbody tr").first.inner_text()
    pick(page, "Scoring rule", "PMI")
    expect(page.locator("#arms tbody tr").first).not_to_have_text(before)

    shots(page, 2)
    expect(page.locator("#arms")).to_contain_text("2-shot")
    page.get_by_role("checkbox", name="One-shot too").check()
    expect(page.locator("#arms")).to_contain_text("one-shot")
    page.get_by_role("checkbox", name="One-shot too").uncheck()
    expect(page.locator("#arms")).not_to_contain_text("one-shot")

    page.get_by_role("tab", name="Demonstrations").click()
    rows = page.locator("#demonstrations li")
    expect(rows).to_have_count(2)
    drawn = rows.all_inner_texts()
    page.get_by_role("button", name="Draw other demonstrations").click()
    expect(page.locator("#demonstrations")).to_contain_text("draw 1")
    assert rows.all_inner_texts() != drawn

    page.get_by_role("tab", name="Confusions").click()
    expect(page.locator("#confusion .main-svg").first).to_be_visible()
    page.screenshot(path=pictures / "compare-prompting.png", full_page=True)


def test_examples_are_filtered_and_turned(page: Page):
    answered(page, 3)
    rows = page.locator("#examples .examples-rows")
    expect(rows).to_have_attribute("data-rows", "12")
    page.get_by_role("button", name="Later").click()
    expect(page.locator("#examples .examples-turning")).to_contain_text("2 /")

    wrong = page.get_by_role("button", name=re.compile("^both wrong"))
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(rows.get_by_role("img", name="wrong").first).to_be_visible()
    page.get_by_role("combobox", name="to", exact=True).select_option("8-shot")
    expect(page.get_by_role("button", name=re.compile("^fixed"))).to_be_visible()


def test_two_texts_are_asked_at_once_and_the_keyboard_is_enough(page: Page):
    pick(page, "Sample", "Does it follow")
    expect(page.locator("#head")).to_contain_text("Does it follow")
    page.get_by_role("tab", name="3 Compare").click()
    page.get_by_role("textbox", name="premise").fill("Anna sold her car.")
    hypothesis = page.get_by_role("textbox", name="hypothesis")
    hypothesis.fill("Anna no longer owns that car.")
    hypothesis.press("Enter")

    replies = page.locator("#answers .reply")
    expect(replies).to_have_count(3, timeout=TRAINING)
    replies.first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(replies.first.locator("pre").first).to_contain_text("Anna no longer owns that car.")


def test_nothing_typed_is_a_sentence(page: Page):
    page.get_by_role("tab", name="3 Compare").click()
    page.get_by_role("button", name="Ask every arm").click()

    expect(page.locator("#answers")).to_contain_text("is empty. Type something")


def test_what_is_in_the_data_stays_text(page: Page, tmp_path: Path):
    file = tmp_path / "hostile.csv"
    file.write_text(HOSTILE, encoding="utf-8")
    page.get_by_label("Upload", exact=True).check()
    page.locator("#upload input[type=file]").set_input_files(file)
    expect(page.locator("#data-summary")).to_contain_text("40 rows")
    answered(page, 3)

    expect(page.locator("#examples tbody tr").first).to_contain_text("<img src=http://example.com/")
    assert page.locator("#examples img, #demonstrations img, #arms b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_in_one_column(visit, pictures: Path, scheme: str):
    page = visit(size=PHONE, scheme=scheme).page
    answered(page, 3)
    expect(page.locator("#examples .examples-rows")).to_have_attribute("data-rows", "12")
    page.screenshot(path=pictures / f"compare-phone-{scheme}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
