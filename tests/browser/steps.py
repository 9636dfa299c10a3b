"""What a visitor does in several tests."""

import pytest
from playwright.sync_api import Page, expect

from playground.methods.cards import cards

IN_A_BROWSER = pytest.mark.browser
TRAINING = 120_000  # milliseconds for a short run, worker's start included


def named(title: str) -> str:
    """The name of the method with this title."""
    return next(card.name for card in cards().values() if card.title == title)


def tick_only(page: Page, title: str) -> None:
    """In the Train tab, tick one method and no other."""
    name = named(title)
    box = page.locator(f"#method-{name} .method-title input")
    if not box.is_visible():
        page.locator("#methods .more-methods > summary").click()
    box.check()
    ticked = page.locator("#methods .method:has(.method-title input:checked)")
    for other in ticked.evaluate_all("boxes => boxes.map((box) => box.id)"):
        if other != f"method-{name}":
            page.locator(f"#{other} .method-title input").uncheck()


def open_settings(page: Page, title: str) -> None:
    """Unfold what a method does and its settings."""
    row = page.get_by_role("button", name=f"{title}: what it does, settings")
    if row.get_attribute("aria-expanded") != "true":
        row.click()


def train(page: Page, title: str = "LoRA", steps: int = 8) -> None:
    """Train one method for a few steps, as a person would."""
    page.get_by_role("tab", name="2 Train").click()
    tick_only(page, title)
    open_settings(page, title)
    page.locator(f"#settings-{named(title)}").get_by_label("Steps").fill(str(steps))
    page.get_by_role("button", name="Train 1 method").click()
    expect(page.locator("#live .live-run")).not_to_have_count(0)


def trained(page: Page, title: str = "LoRA", steps: int = 8) -> None:
    """Train and wait for the end."""
    train(page, title, steps)
    row = page.locator("#live .live-run").filter(has_text=title).last
    expect(row).to_contain_text("finished", timeout=TRAINING)


def runs(page: Page) -> None:
    """Go to the Runs tab and wait for its list."""
    page.get_by_role("tab", name="4 Runs").click()
    expect(page.locator("#run-list tbody tr")).not_to_have_count(0)


def choose(page: Page, name: str) -> None:
    """In the Runs tab, choose a run and wait until it is shown."""
    page.get_by_role("checkbox", name=f"Choose {name}").check()
    expect(page.locator("#run-headline")).to_contain_text(name)
