"""What a visitor waits for, measured in a real browser with the default demo.

    python -m tests.benchmarks.journey [--repeats 3]

Prints a Markdown table: process start -> page, click -> first loss, click -> verdict (zero-shot,
8-shot and both default runs), in seconds, and the peak memory of the server and its processes.
"""

import argparse
import re
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, WIDE, Server

PATIENCE = 300_000  # milliseconds


class Memory:
    """The most bytes a process and its children held at once, looked at every two seconds: looking

    oftener slows the processes down. Unique bytes (USS): what they share is not counted for each.
    """

    def __init__(self, process_id: int) -> None:
        self.most, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(process_id,), daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._over.set()
        self._thread.join()
        return self.most

    def _watch(self, process_id: int) -> None:
        while not self._over.wait(2.0):
            try:
                root = psutil.Process(process_id)
                family = [root, *root.children(recursive=True)]
                self.most = max(self.most, sum(map(_bytes, family)))
            except psutil.NoSuchProcess:
                return


def _bytes(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().uss
    except psutil.Error:
        return 0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def journey(page: Page, server: Server) -> dict[str, float]:
    """Start the server, open the page, press Train at first sight, read the verdict."""
    started = time.perf_counter()
    server.start()
    memory = Memory(server.process.pid)
    page.goto(server.url)
    page.get_by_role("tab", name="2 Train").wait_for()
    found = {"process start -> page (s)": time.perf_counter() - started}
    page.locator("#head [data-ready]").wait_for()
    found["process start -> page knows its visitor (s)"] = time.perf_counter() - started
    page.get_by_role("tab", name="2 Train").click()
    expect(page.locator("#live .live-chart")).to_have_attribute("data-reference-levels", "3")
    found["process start -> prompting arms in the chart (s)"] = time.perf_counter() - started
    clicked = time.perf_counter()
    page.get_by_role("button", name="Train 2 methods").click()
    page.wait_for_function(
        "Number(document.querySelector('#live .live-chart').dataset.points) > 0", polling=50
    )
    found["click -> first loss (s)"] = time.perf_counter() - clicked
    finished = page.locator("#live .live-run[data-status=finished]")
    expect(finished).to_have_count(1)
    found["click -> first run finished (s)"] = time.perf_counter() - clicked
    expect(finished).to_have_count(2)
    found["click -> both runs finished (s)"] = time.perf_counter() - clicked
    page.get_by_role("tab", name="3 Compare").click()
    expect(page.locator("#verdict")).to_contain_text(re.compile(r"fixed \d+"))
    expect(page.locator("#arms .arms")).to_have_attribute("data-arms", "5")
    found["click -> verdict over all arms (s)"] = time.perf_counter() - clicked
    found["peak memory, all processes (MB)"] = memory.stop() / 1e6
    print(page.locator("#verdict").inner_text(), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    expect.set_options(timeout=PATIENCE)
    found: list[dict[str, float]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(repeats):
            with tempfile.TemporaryDirectory() as folder:
                server = Server(Path(folder) / "home", free_port())
                context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                try:
                    found.append(journey(page, server))
                finally:
                    context.close()
                    server.stop()
        browser.close()
    print("| | " + " | ".join(["least", "median", "most"]) + " |\n|---|---|---|---|")
    for name in found[0]:
        values = [one[name] for one in found]
        spread = (min(values), statistics.median(values), max(values))
        print(f"| {name} | " + " | ".join(f"{value:.1f}" for value in spread) + " |")


if __name__ == "__main__":
    main()
