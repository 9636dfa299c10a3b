"""The picture of the page in README: the first screenful of the Compare tab, on a fresh home.

    python -m tests.benchmarks.picture [--out .github/page.png]

Starts the page, waits until the default sample's prompting arms have answered, and saves a PNG.
"""

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, ready
from tests.browser.serving import ROOT, served
from tests.browser.steps import TRAINING, compared

SIZE = {"width": 1180, "height": 740}
COLOURS = 128  # of the palette: a page has few, and the file is a third of what it would be
PICTURE = ROOT / ".github" / "page.png"


def take(url: str) -> bytes:
    """What a visitor with a light theme sees, as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(TRAINING)
        page.goto(url)
        ready(page)
        settle(page)
        return page.screenshot(animations="disabled", caret="hide")


def settle(page: Page) -> None:
    """Until every arm has answered and its examples are drawn, with nothing under the pointer."""
    expect(page.locator("#data-summary")).to_contain_text("held out to measure on")
    compared(page)
    expect(page.locator("#examples .examples-rows")).to_have_attribute("data-rows", "12")
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready.then(() => window.scrollTo(0, 0))")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=PICTURE, help="the file (%(default)s)")
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        seen = Image.open(io.BytesIO(take(server.url))).convert("RGB")
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
    print(f"{out}: {out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
