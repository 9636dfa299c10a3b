"""From a CSV to the adapter in a real browser: the spine of the product in one test, and what may
go wrong on the way in others."""

import csv
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from playground.methods.cards import cards
from playground.ui.method_list import FIRST
from tests.browser.conftest import Server, ready
from tests.browser.steps import IN_A_BROWSER, TRAINING, open_settings, runs, tick_only, train

pytestmark = IN_A_BROWSER

GOOD = ("A joy from start to end", "Warm, wise and funny", "I would see it again", "Superb acting")
BAD = ("A dull, lifeless film", "I left after an hour", "Loud and empty", "A waste of talent")
EACH = 80  # reviews of each label: 64 to learn from, the rest held out
POINTS = "document.querySelector('#live .live-chart').dataset.points"


def reviews(folder: Path) -> Path:
    """A CSV of short reviews, all different, of two labels."""
    path = folder / "my reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["opinion", "verdict"])
        for number in range(EACH):
            rows.writerow([f"{GOOD[number % 4]}, number {number}.", "good"])
            rows.writerow([f"{BAD[number % 4]}, number {number}.", "bad"])
    return path


def upload(page: Page, path: Path) -> None:
    page.get_by_label("Upload", exact=True).check()
    page.locator("#upload input[type=file]").set_input_files(path)
    expect(page.locator("#data-summary")).to_contain_text(f"{2 * EACH} rows")


def points(page: Page) -> int:
    return int(page.evaluate(POINTS))


def moves(page: Page, beyond: int) -> None:
    """Wait until the chart has more points than so many."""
    page.wait_for_function(f"Number({POINTS}) > {beyond}", timeout=TRAINING)


def zoom(page: Page) -> None:
    """Drag over the left quarter of the loss chart, as a person zooms in."""
    plot = page.locator("#live .live-chart .draglayer .xy .nsewdrag").bounding_box()
    page.mouse.move(plot["x"] + 5, plot["y"] + plot["height"] / 2)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] / 4, plot["y"] + plot["height"] / 2, steps=5)
    page.mouse.up()


def test_from_a_csv_to_the_verdict_and_the_adapter(page: Page, tmp_path: Path, pictures: Path):
    upload(page, reviews(tmp_path))
    train(page, "LoRA", steps=160)  # long enough to be reloaded while it runs
    moves(page, 1)
    before = points(page)
    moves(page, before)
    page.screenshot(path=pictures / "train-during.png")

    page.reload()  # mid-run, in the middle of a sentence so to speak
    ready(page)
    expect(page.get_by_role("tab", name="2 Train")).to_have_attribute("aria-selected", "true")
    moves(page, before)
    expect(page.locator("#live .live-name")).to_have_text("LoRA")
    expect(page.locator("#live .live-run")).to_have_attribute(
        "data-status", "finished", timeout=TRAINING
    )
    expect(page.locator("#live .live-chart")).to_have_attribute("data-references", "3")
    page.screenshot(path=pictures / "train-after.png")

    page.get_by_role("button", name="Next: compare").click()
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text(re.compile(r"LoRA.*(fixed|broke)"), timeout=60_000)
    expect(page.locator("#arms .arms")).to_have_attribute("data-arms", "4")
    expect(page.locator("#forest .main-svg").first).to_be_visible()
    page.screenshot(path=pictures / "compare.png", full_page=True)

    page.get_by_role("textbox", name="opinion").fill("A dull, lifeless film.")
    page.get_by_role("button", name="Ask every arm").click()
    expect(page.locator("#answers .reply")).to_have_count(4)
    page.locator("#answers .reply", has_text="LoRA").locator("summary").click()
    prompt = page.locator("#answers .reply[open] pre").first
    expect(prompt).to_contain_text("A dull, lifeless film.")

    runs(page)
    page.get_by_role("checkbox", name="Choose LoRA").check()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download adapter").click()
    with zipfile.ZipFile(started.value.path()) as packed:
        assert "adapter_model.safetensors" in packed.namelist()


def test_prompting_is_in_the_chart_before_anything_is_trained(page: Page):
    page.get_by_role("tab", name="2 Train").click()
    chart = page.locator("#live .live-chart")

    expect(page.get_by_role("button", name="Train 2 methods")).to_be_enabled()
    expect(chart).to_have_attribute("data-references", "3", timeout=TRAINING)
    expect(chart).to_have_attribute("aria-label", re.compile("zero-shot: .*8-shot: "))
    for name in FIRST:
        cost = page.locator(f"#method-{name} .method-cost")
        expect(cost).to_have_text(re.compile(r"trains .*%.*B.*about"))
    expect(page.locator("#about-model")).to_contain_text("fits: needs")


def test_every_method_is_counted_or_says_why_it_cannot_be(page: Page, pictures: Path):
    page.get_by_role("tab", name="2 Train").click()
    page.locator("#methods .more-methods > summary").click()

    for card in cards().values():
        line = page.locator(f"#method-{card.name} .method-cost")
        expect(line).to_have_text(re.compile(r"trains .*%.*B|\. \w.*\.$"), timeout=60_000)
    page.screenshot(path=pictures / "train-methods.png", full_page=True)


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


def test_a_run_survives_the_server_and_a_zoom_survives_the_next_point(own_server: Server, visit):
    page = visit(own_server.url).page
    train(page, "LoRA", steps=3_000)
    moves(page, 2)
    chart = page.locator("#live .live-chart")
    zoom(page)
    zoomed = chart.evaluate("chart => chart.layout.xaxis.range")
    assert zoomed[1] < 2_000
    moves(page, points(page))
    assert chart.evaluate("chart => chart.layout.xaxis.range") == zoomed

    page.get_by_role("button", name="Stop LoRA").click()
    expect(page.locator("#live .live-run")).to_have_attribute("data-status", "stopped")
    reached = points(page)
    page.goto("about:blank")  # the laptop is closed
    own_server.restart()
    page.goto(own_server.url)
    ready(page)
    page.get_by_role("tab", name="2 Train").click()
    expect(page.locator("#live .live-run")).to_have_attribute("data-status", "stopped")
    moves(page, reached - 1)
    page.get_by_role("button", name="Resume LoRA").click()
    moves(page, reached)
    page.get_by_role("button", name="Stop LoRA").click()
    expect(page.locator("#live .live-run")).to_have_attribute("data-status", "stopped")
