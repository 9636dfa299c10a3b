"""Runs outlive the page and the server, in a real browser, and are found again in the Runs tab."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Picture, Server, Visit, ready
from tests.browser.steps import (
    IN_A_BROWSER,
    bring_reviews,
    choose,
    live_run,
    moves,
    points,
    runs,
    stop,
    train,
    trained,
)

pytestmark = IN_A_BROWSER


def test_runs_survive_a_reload_and_the_server_and_a_stopped_one_goes_on(
    visit: Visit, server: Server, restart: Callable[[], None], tmp_path: Path, picture: Picture
):
    visitor = visit()
    page = visitor.page
    bring_reviews(page, tmp_path)
    train(page, "LoRA", steps=3_000)  # more than are done before it is stopped
    see_zoom_kept(page)
    picture(page, "train-during")
    see_reloaded_while_it_trains(page)
    stop(page, "LoRA")
    trained(page, "Soft prompt", steps=6)
    reached = points(page)
    assert page.url.count("run=") == 2

    page.goto("about:blank")  # the laptop is closed
    restart()
    page.goto(server.url)
    ready(page)
    visitor.errors.clear()  # the old page lost its server
    runs(page)
    see_no_tick_lost(page)
    see_overlaid(page, picture)
    page.get_by_role("tab", name="2 Train").click()
    expect(live_run(page, "LoRA")).to_have_attribute("data-status", "stopped")
    moves(page, reached - 1)
    see_resumed_from_the_list(page)
    moves(page, reached)
    stop(page, "LoRA")
    see_resumed_from_the_chart(page)


def see_zoom_kept(page: Page) -> None:
    """Drag over the left quarter of the loss chart, as a person zooms in; the next point comes."""
    moves(page, 2)
    chart = page.locator("#live .live-chart")
    plot = chart.locator(".draglayer .xy .nsewdrag").bounding_box()
    page.mouse.move(plot["x"] + 5, plot["y"] + plot["height"] / 2)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] / 4, plot["y"] + plot["height"] / 2, steps=5)
    page.mouse.up()
    zoomed = chart.evaluate("chart => chart.layout.xaxis.range")
    assert zoomed[1] < 2_000
    moves(page, points(page))
    assert chart.evaluate("chart => chart.layout.xaxis.range") == zoomed


def see_reloaded_while_it_trains(page: Page) -> None:
    before = points(page)
    page.reload()
    ready(page)
    expect(page.get_by_role("tab", name="2 Train")).to_have_attribute("aria-selected", "true")
    moves(page, before)
    expect(page.locator("#live .live-name")).to_have_text("LoRA")
    expect(live_run(page, "LoRA")).to_have_attribute("data-status", "running")


def see_no_tick_lost(page: Page) -> None:
    """Whoever ticks while an answer is on its way, or presses while the list is drawn anew, keeps
    every tick, and the charts follow."""
    expect(page.locator("#run-list tbody tr")).to_have_count(2)
    with held(page):
        for name in ("LoRA", "Soft prompt"):
            ticking(page, name).check()
    expect(page.locator("#run-headline")).to_contain_text("2 runs")
    ticking(page, "Soft prompt").uncheck()
    expect(page.locator("#run-headline")).to_have_text("LoRA")
    with held(page, "LoRA first"):
        rename(page, "LoRA first")
        choose(page, "Soft prompt")
    ticked(page, "LoRA first", "Soft prompt")
    ticking(page, "Soft prompt").uncheck()
    expect(page.locator("#run-headline")).to_have_text("LoRA first")
    with held(page, '"LoRA"'):
        rename(page, "LoRA")
        ticking(page, "Soft prompt").hover()
        page.mouse.down()
    expect(ticking(page, "LoRA first")).to_have_count(0)
    page.mouse.up()
    ticked(page, "LoRA", "Soft prompt")
    for name in ("LoRA", "Soft prompt"):
        ticking(page, name).uncheck()


@contextmanager
def held(page: Page, said: str = "") -> Iterator[None]:
    """What the page asks the server meanwhile, and says this, is answered only afterwards."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route) if said in route.request.post_data else route.continue_()

    page.route("**/run/predict*", hold)
    yield
    assert waiting, f"nothing asked the server about {said!r}"
    for route in waiting:  # what comes meanwhile goes on too
        route.continue_()
    page.unroute("**/run/predict*", hold)


def ticking(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Choose {name}", exact=True)


def rename(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Rename").click()


def ticked(page: Page, *names: str) -> None:
    """These runs are ticked, and the rest of the tab follows."""
    for name in names:
        expect(ticking(page, name)).to_be_checked()
    expect(page.locator("#run-headline")).to_have_text(f"{len(names)} runs: {', '.join(names)}")
    expect(page.get_by_role("button", name="Download adapter")).to_be_disabled()


def see_overlaid(page: Page, picture: Picture) -> None:
    """Both runs in the Runs tab, over each other, and then in the other tabs."""
    choose(page, "LoRA")
    choose(page, "Soft prompt")
    expect(page.locator("#run-settings")).to_contain_text("method")
    expect(page.locator("#run-loss")).to_contain_text("Soft prompt")
    expect(page.get_by_role("button", name="Download adapter")).to_be_disabled()
    picture(page, "runs-overlaid")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("tab", name="3 Compare")).to_have_attribute("aria-selected", "true")


def see_resumed_from_the_list(page: Page) -> None:
    runs(page)
    page.get_by_role("checkbox", name="Choose Soft prompt").uncheck()
    choose(page, "LoRA")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#run-note")).to_contain_text("Back in the queue")
    expect(page.locator("#run-list")).to_contain_text(re.compile("training|starting"))
    page.get_by_role("tab", name="2 Train").click()


def see_resumed_from_the_chart(page: Page) -> None:
    reached = points(page)
    page.get_by_role("button", name="Resume LoRA").click()
    moves(page, reached)
    stop(page, "LoRA")
