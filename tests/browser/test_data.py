"""The Data tab in a real browser: bring rows, see what is in them, say the task in words."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import ready
from tests.browser.steps import IN_A_BROWSER, bring, compared, pick
from tests.chatting import save_chat

pytestmark = IN_A_BROWSER

RAGGED = "text,mood\na fine day,bright\na day too many,gloomy,extra\n" + "".join(
    f"yet another day number {i},{'bright' if i % 2 else 'gloomy'}\n" for i in range(10)
)
HOSTILE = "text,mood\n" + "".join(
    f'"<img src=http://example.com/{i}.png> ${{alert({i})}} ![x](http://example.com)"'
    f",{'<b>bad</b>' if i % 2 else '{{good}}'}\n"
    for i in range(30)
)
PAIRS = "first\tsecond\tverdict\n" + "".join(
    f"the {who} {does} all day\tsomebody {does} {when}\t{'yes' if when == 'today' else 'no'}\n"
    for who in ("cat", "neighbour", "old dog")
    for does in ("sleeps", "sings", "runs about")
    for when in ("today", "never")
)


def days(number: int, column: str = "text") -> str:
    """A CSV of so many days, half of them bright."""
    return f"{column},mood\n" + "".join(
        f"what a day number {i} it was,{'bright' if i % 2 else 'gloomy'}\n" for i in range(number)
    )


def paste(page: Page, text: str) -> None:
    page.get_by_role("tab", name="1 Data").click()
    page.get_by_label("Paste", exact=True).check()
    page.get_by_role("textbox", name="Paste rows").fill(text)
    page.get_by_role("button", name="Read these rows").click()


def test_a_file_is_read_and_a_bad_one_keeps_what_was_there(page: Page, tmp_path: Path):
    bring(page, tmp_path / "days.csv", days(24))
    expect(page.locator("#data-summary")).to_contain_text("24 rows · 2 labels")
    expect(page.get_by_role("combobox", name="Label column")).to_have_value("mood")
    expect(page.locator("#prompt .prompt")).to_contain_text("what a day number 0")
    expect(page.locator("#head")).to_contain_text("days")

    bring(page, tmp_path / "picture.png", b"\x00\x01\x02 no table at all")
    expect(page.locator("#data-error").get_by_role("alert")).to_be_visible()
    expect(page.locator("#data-summary")).to_contain_text("24 rows · 2 labels")

    bring(page, tmp_path / "ragged.csv", RAGGED)
    expect(page.locator("#problems")).to_contain_text("3")
    expect(page.locator("#problems .error, #problems .warning").first).to_be_visible()
    expect(page.locator("#data-error")).to_contain_text("ragged.csv is read")


def test_pasted_rows_can_be_told_which_column_is_which(page: Page):
    paste(page, PAIRS)
    expect(page.locator("#data-summary")).to_contain_text("18 rows · 2 labels")
    expect(page.get_by_role("combobox", name="Label column")).to_have_value("verdict")

    pick(page, "Label column", "first")
    expect(page.locator("#data-summary")).to_contain_text("9 labels")
    pick(page, "Label column", "verdict")
    expect(page.locator("#data-summary")).to_contain_text("2 labels")


def test_the_template_is_rendered_as_it_is_typed_and_a_broken_one_says_why(
    page: Page, tmp_path: Path
):
    bring(page, tmp_path / "noted.csv", days(26, column="note"))
    template = page.get_by_role("textbox", name="Template")
    expect(template).to_have_value(re.compile(r"\{note\}"))
    guessed = template.input_value()
    template.fill("Someone wrote: {note} They were")
    expect(page.locator("#prompt .prompt")).to_contain_text("Someone wrote: ")

    template.fill("Someone wrote: {nte} They were")
    expect(page.locator("#task-error").get_by_role("alert")).to_contain_text("nte")
    expect(page.locator("#prompt .prompt")).to_contain_text("Someone wrote: ")

    page.get_by_role("button", name="Guess the task anew").click()
    expect(page.locator("#task-error .notice")).to_be_hidden()
    expect(template).to_have_value(guessed)


def test_a_label_word_can_be_changed_and_rows_turned(page: Page, tmp_path: Path):
    bring(page, tmp_path / "worded.csv", days(28).replace("gloomy", "dreary"))
    page.locator("#label-words").get_by_role("gridcell", name="dreary").last.dblclick()
    editor = page.locator("#label-words").get_by_label("Edit cell")
    expect(editor).to_have_count(1)
    editor.press("ControlOrMeta+a")
    editor.press_sequentially("money")
    editor.press("Enter")
    expect(page.locator("#checks")).to_contain_text("money")

    page.get_by_role("button", name="Next →").click()
    expect(page.locator("#row-place")).to_contain_text("Row 2 of 28")


def test_more_labelled_examples_leave_fewer_held_out(page: Page, tmp_path: Path):
    bring(page, tmp_path / "many.csv", days(40))
    summary = page.locator("#data-summary")
    expect(summary).to_contain_text("40 rows")
    number = page.get_by_role("spinbutton", name="Labelled examples for each label")
    number.fill("11")
    number.blur()
    expect(summary).to_contain_text("22 examples to learn from")

    every = page.get_by_role("checkbox", name="Use every labelled row")
    every.check()
    expect(summary).not_to_contain_text("22 examples to learn from")
    every.uncheck()
    expect(summary).to_contain_text("22 examples to learn from")


def test_the_hub_without_a_network_is_a_sentence(page: Page):
    page.get_by_role("tab", name="1 Data").click()
    page.get_by_label("Hub", exact=True).check()
    alert = page.locator("#data-error").get_by_role("alert")
    expect(alert).to_be_hidden()
    summary = page.locator("#data-summary .notice")
    before = summary.text_content()
    page.get_by_role("textbox", name="Dataset of the Hugging Face Hub").fill("stanfordnlp/sst2")
    page.get_by_role("button", name="Fetch it").click()

    expect(alert).to_be_visible()
    expect(summary).to_have_text(before)


def test_hostile_rows_are_only_ever_text(page: Page, tmp_path: Path):
    bring(page, tmp_path / "hostile.csv", HOSTILE)

    expect(page.locator("#prompt .prompt")).to_contain_text("${alert(0)}")
    expect(page.locator("#first-rows")).to_contain_text("<b>bad</b>")
    expect(page.locator("#balance .main-svg").first).to_contain_text("<b>bad</b>")
    compared(page)
    expect(page.locator("#examples tbody tr").first).to_contain_text("<img src=http://example.com/")
    assert page.locator("#examples img, #demonstrations img, #arms b").count() == 0
    assert page.locator("img[src*='example.com']").count() == 0


def test_data_theme_and_projector_mode_are_kept(page: Page, tmp_path: Path):
    bring(page, tmp_path / "kept.csv", days(30).replace("bright", "sunny"))
    expect(page.locator("#head")).to_contain_text("kept.csv")
    expect(page.locator("#checks")).to_contain_text("sunny")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    page.reload()
    ready(page)

    expect(page.locator("#data-error")).to_contain_text("kept.csv, which you brought before")
    expect(page.locator("#head")).to_contain_text("kept.csv")
    expect(page.locator("body")).to_have_class("dark")
    projector = page.get_by_role("button", name="Projector")
    expect(projector).to_have_attribute("aria-pressed", "true")
    size = projector.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('.notice.headline')).fontSize)"
    )
    assert size >= 24
    page.get_by_role("button", name="Light").click()
    projector.click()


def test_a_model_with_a_chat_template_may_be_talked_to(page: Page, tmp_path: Path):
    folder = save_chat("llama", tmp_path / "talker")
    box, prompt = (
        page.get_by_role("checkbox", name="chat template"),
        page.locator("#prompt .prompt"),
    )
    expect(page.locator("#checks .label-words li")).not_to_have_count(0)
    expect(box).to_have_count(0)

    choose_model(page, str(folder))
    page.get_by_role("tab", name="1 Data").click()
    box.check()
    expect(prompt).to_contain_text("<|im_start|>user")
    expect(prompt).to_contain_text("<|im_start|>assistant")
    box.uncheck()
    expect(prompt).not_to_contain_text("<|im_start|>")
    box.check()
    expect(prompt).to_contain_text("<|im_start|>assistant")

    choose_model(page, "bundled")
    page.get_by_role("tab", name="1 Data").click()
    expect(box).to_have_count(0)
    expect(prompt).not_to_contain_text("<|im_start|>")
    expect(page.locator("#checks .label-words li")).not_to_have_count(0)


def choose_model(page: Page, model: str) -> None:
    page.get_by_role("tab", name="2 Train").click()
    field = page.locator("#model input")
    field.fill(model)
    field.press("Enter")
