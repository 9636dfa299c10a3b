"""The list of methods in the Train tab, in a real browser: what each costs, what none can do."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from playground.methods.cards import cards
from playground.methods.common.rates import default_rate
from playground.models.loading import load
from tests.browser.conftest import Picture
from tests.browser.steps import IN_A_BROWSER, open_settings, pick, tick_only
from tests.tiny import LARGER, save_tiny

pytestmark = IN_A_BROWSER


def test_every_method_is_counted_or_says_why_it_cannot_be(page: Page, picture: Picture):
    page.get_by_role("tab", name="2 Train").click()
    more = page.locator("#methods .more-methods > summary")
    more.click()

    for card in cards().values():
        line = page.locator(f"#method-{card.name} .method-cost")
        expect(line).to_have_text(re.compile(r"trains .*%.*B|\. \w.*\.$"))
    picture(page, "train-methods")
    more.click()


def test_the_rate_shown_is_the_one_for_the_chosen_model(page: Page, tmp_path: Path):
    folder = save_tiny("bert", tmp_path, **LARGER)
    card = cards()["lora"]
    settled = default_rate(card, load(str(folder), empty=True).parameters)
    own = card.setting("learning_rate").default
    page.get_by_role("tab", name="2 Train").click()
    tick_only(page, "LoRA")
    open_settings(page, "LoRA")
    rate = page.locator("#setting-lora-learning_rate")
    expect(rate).to_have_value(str(own))

    model = page.get_by_role("combobox", name="Model", exact=True)
    model.fill(str(folder))
    model.press("Enter")
    expect(rate).to_have_value(str(settled))
    assert settled < own

    rate.fill("0.01")
    pick(page, "Model", "Bundled (7 M)")
    expect(page.locator("#about-model")).to_contain_text("Ships with the project")
    expect(rate).to_have_value("0.01")
    page.get_by_role("button", name="Back to the defaults").click()
    expect(rate).to_have_value(str(own))
    page.locator("#method-soft_prompt .method-title input").check()


def test_a_setting_out_of_its_range_is_said_where_it_is_pressed(page: Page):
    page.get_by_role("tab", name="2 Train").click()
    tick_only(page, "LoRA")
    open_settings(page, "LoRA")
    page.get_by_role("spinbutton", name="Rank").fill("900")
    page.get_by_role("button", name="Train 1 method").click()

    expect(page.locator("#train-trouble")).to_contain_text("rank is 900")
    expect(page.locator("#live .live-run")).to_have_count(0)
    expect(page.locator("#method-lora .method-cost")).to_contain_text("rank is 900")
    page.get_by_role("button", name="Back to the defaults").click()
    expect(page.get_by_role("spinbutton", name="Rank")).not_to_have_value("900")
    expect(page.locator("#method-lora .method-cost")).to_contain_text("trains")
    page.locator("#method-soft_prompt .method-title input").check()
