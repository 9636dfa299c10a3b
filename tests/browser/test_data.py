"""The Data tab in a real browser: bring rows, see what is in them, say the task in words."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.browser.steps import IN_A_BROWSER

pytestmark = IN_A_BROWSER

GOOD = "text,mood\n" + "".join(
    f"what a day number {i} it was,{'bright' if i % 2 else 'gloomy'}\n" for i in range(24)
)
RAGGED = "text,mood\na fine day,bright\na day too many,gloomy,extra\n" + "".join(
    f"yet another day number {i},{'bright' if i % 2 else 'gloomy'}\n" for i in range(10)
)
HOSTILE = "text,mood\n" + "".join(
    f'"<img src=http://example.com/{i}.png> ${{alert({i})}} ![x](http://example.com)"'
    f",{'<b>bad</b>' if i % 2 else '{{good}}'}\n"
    for i in range(12)
)


def bring(page: Page, folder: Path, text: str | bytes, name: str = "days.csv") -> None:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    page.get_by_label("Upload", exact=True).check()
    page.locator("#upload input[type=file]").set_input_files(file)


def paste(page: Page, text: str) -> None:
    page.get_by_label("Paste", exact=True).check()
    page.get_by_role("textbox", name="Paste rows").fill(text)
    page.get_by_role("button", name="Read these rows").click()


def test_at_first_sight_a_sample_is_there_with_its_task_and_its_tokens(page: Page):
    expect(page.locator("#head")).to_contain_text("Support tickets · ")
    expect(page.locator("#data-summary")).to_contain_text("held out to measure on")
    expect(page.get_by_role("textbox", name="Template")).to_have_value("Ticket: {ticket}\nIntent:")
    expect(page.locator("#prompt .prompt")).to_contain_text("Intent: answer")
    expect(page.locator("#balance .main-svg").first).to_be_visible()
    expect(page.locator("#lengths .main-svg").first).to_be_visible()
    expect(page.locator("#checks")).to_contain_text("tokens of the", timeout=60_000)
    expect(page.locator("#head [data-chip=device]")).to_contain_text("CPU", timeout=60_000)


def test_a_file_is_read_and_a_bad_one_keeps_what_was_there(page: Page, tmp_path: Path):
    bring(page, tmp_path, GOOD)
    expect(page.locator("#data-summary")).to_contain_text("24 rows · 2 labels")
    expect(page.get_by_role("combobox", name="Label column")).to_have_value("mood")
    expect(page.locator("#prompt .prompt")).to_contain_text("what a day number 0")
    expect(page.locator("#head")).to_contain_text("days")

    bring(page, tmp_path, b"\x00\x01\x02 no table at all", "picture.png")
    expect(page.locator("#data-error").get_by_role("alert")).to_be_visible()
    expect(page.locator("#data-summary")).to_contain_text("24 rows · 2 labels")

    bring(page, tmp_path, RAGGED, "ragged.csv")
    expect(page.locator("#problems")).to_contain_text("3")
    expect(page.locator("#problems .error, #problems .warning").first).to_be_visible()
    expect(page.locator("#data-error")).to_contain_text("ragged.csv is read")

    expect(page.locator("#head")).to_contain_text("ragged.csv")
    expect(page.locator("#checks")).to_contain_text("bright")
    page.reload()
    ready(page)
    expect(page.locator("#data-error")).to_contain_text("ragged.csv, which you brought before")
    expect(page.locator("#head")).to_contain_text("ragged.csv")


PAIRS = "first\tsecond\tverdict\n" + "".join(
    f"the {who} {does} all day\tsomebody {does} {when}\t{'yes' if when == 'today' else 'no'}\n"
    for who in ("cat", "neighbour", "old dog")
    for does in ("sleeps", "sings", "runs about")
    for when in ("today", "never")
)


def test_pasted_rows_can_be_told_which_column_is_which(page: Page):
    paste(page, PAIRS)
    expect(page.locator("#data-summary")).to_contain_text("18 rows · 2 labels")
    label = page.get_by_role("combobox", name="Label column")
    expect(label).to_have_value("verdict")

    label.click()
    page.get_by_role("option", name="first", exact=True).click()
    expect(page.locator("#data-summary")).to_contain_text("9 labels")
    label.click()
    page.get_by_role("option", name="verdict", exact=True).click()
    expect(page.locator("#data-summary")).to_contain_text("2 labels")


def test_the_template_is_rendered_as_it_is_typed_and_a_broken_one_says_why(page: Page):
    template = page.get_by_role("textbox", name="Template")
    template.fill("Someone wrote: {ticket} They want")
    expect(page.locator("#prompt .prompt")).to_contain_text("Someone wrote: ")

    template.fill("Someone wrote: {tickt} They want")
    expect(page.locator("#task-error").get_by_role("alert")).to_contain_text("tickt")
    expect(page.locator("#prompt .prompt")).to_contain_text("Someone wrote: ")

    page.get_by_role("button", name="Guess the task anew").click()
    expect(page.locator("#task-error .notice")).to_be_hidden()
    expect(template).to_have_value("Ticket: {ticket}\nIntent:")


def test_a_label_word_can_be_changed_and_rows_turned(page: Page):
    page.locator("#label-words").get_by_role("gridcell", name="billing").last.dblclick()
    editor = page.locator("#label-words").get_by_label("Edit cell")
    expect(editor).to_have_count(1)
    editor.press("ControlOrMeta+a")
    editor.press_sequentially("money")
    editor.press("Enter")
    expect(page.locator("#checks")).to_contain_text("money", timeout=60_000)

    page.get_by_role("button", name="Next →").click()
    expect(page.locator("#row-place")).to_contain_text("Row 2 of")


def test_more_labelled_examples_leave_fewer_held_out(page: Page):
    number = page.get_by_role("spinbutton", name="Labelled examples for each label")
    number.fill("8")
    number.blur()
    expect(page.locator("#data-summary")).to_contain_text("48 examples to learn from")

    page.get_by_role("checkbox", name="Use every labelled row").check()
    expect(page.locator("#data-summary")).not_to_contain_text("48 examples to learn from")


def test_the_hub_without_a_network_is_a_sentence(page: Page):
    page.get_by_label("Hub", exact=True).check()
    page.get_by_role("textbox", name="Dataset of the Hugging Face Hub").fill("stanfordnlp/sst2")
    page.get_by_role("button", name="Fetch it").click()

    expect(page.locator("#data-error").get_by_role("alert")).to_be_visible(timeout=60_000)
    expect(page.locator("#data-summary")).to_contain_text("6 labels")


def test_hostile_rows_are_only_ever_text(page: Page, tmp_path: Path):
    bring(page, tmp_path, HOSTILE)

    expect(page.locator("#prompt .prompt")).to_contain_text("${alert(0)}")
    expect(page.locator("#first-rows")).to_contain_text("<b>bad</b>")
    expect(page.locator("#balance .main-svg").first).to_contain_text("<b>bad</b>")
    assert page.locator("img[src*='example.com']").count() == 0


def test_theme_and_projector_mode_are_kept(page: Page):
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    page.reload()
    ready(page)

    expect(page.locator("body")).to_have_class("dark")
    projector = page.get_by_role("button", name="Projector")
    expect(projector).to_have_attribute("aria-pressed", "true")
    size = projector.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('.notice.headline')).fontSize)"
    )
    assert size >= 24


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 390, "height": 844}])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_fits_its_window(visit, pictures: Path, size: dict, scheme: str):
    page = visit(size=size, scheme=scheme).page
    expect(page.locator("#lengths .main-svg").first).to_be_visible()

    page.screenshot(path=pictures / f"data-{scheme}-{size['width']}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator("body.dark").count() == (scheme == "dark")
