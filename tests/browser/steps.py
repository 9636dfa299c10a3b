"""What a visitor does in several tests."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.methods.cards import cards

IN_A_BROWSER = pytest.mark.browser
TRAINING = 120_000  # milliseconds for a short run, worker's start included
POINTS = "document.querySelector('#live .live-chart').dataset.points"

PRAISE = (
    "A joy from start to end",
    "Warm, wise and funny",
    "I would see it again",
    "Superb acting",
)
BLAME = ("A dull, lifeless film", "I left after an hour", "Loud and empty", "A waste of talent")
EACH = 24  # reviews of each label; few, as every arm is asked about those that are held out


def bring(page: Page, file: Path, text: str | bytes | None = None) -> None:
    """In the Data tab, upload a file, written first if there is something to write."""
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    page.get_by_role("tab", name="1 Data").click()
    page.get_by_label("Upload", exact=True).check()
    page.locator("#upload input[type=file]").set_input_files(file)


def bring_reviews(page: Page, folder: Path) -> None:
    """Upload short reviews, all different, of two labels, and wait until they are shown."""
    path = folder / "my reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["opinion", "verdict"])
        for number in range(EACH):
            rows.writerow([f"{PRAISE[number % 4]}, number {number}.", "good"])
            rows.writerow([f"{BLAME[number % 4]}, number {number}.", "bad"])
    bring(page, path)
    expect(page.locator("#data-summary")).to_contain_text(f"{2 * EACH} rows")


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).click()


def compared(page: Page, arms: int = 3) -> None:
    """Go to the Compare tab and wait until so many arms have answered about the data there is."""
    summary = page.locator("#data-summary").text_content()
    held_out = re.search(r"[\d,]+(?= held out)", summary).group()
    page.get_by_role("tab", name="3 Compare").click()
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text(f"of {held_out} held-out examples", timeout=TRAINING)
    expect(page.locator("#arms .arms")).to_have_attribute("data-arms", str(arms), timeout=TRAINING)


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


def points(page: Page) -> int:
    """How many points the chart of the Train tab has."""
    return int(page.evaluate(POINTS))


def moves(page: Page, beyond: int) -> None:
    """Wait until the chart has more points than so many."""
    page.wait_for_function(f"Number({POINTS}) > {beyond}", timeout=TRAINING)


def live_run(page: Page, name: str) -> Locator:
    """A run's row in the Train tab."""
    named_so = page.locator(".live-name", has_text=name)
    return page.locator("#live .live-run").filter(has=named_so)


def stop(page: Page, name: str) -> None:
    """In the Train tab, stop a run and wait until it has."""
    page.get_by_role("button", name=f"Stop {name}").click()
    expect(live_run(page, name)).to_have_attribute("data-status", "stopped")
