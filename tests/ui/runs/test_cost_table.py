"""What the Runs tab says runs cost, without a browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest

from playground.api import Playground
from playground.comparisons.cost_rows import CostRow
from playground.comparisons.costs import CostTable
from playground.events import Finished
from playground.executors.processes import Processes
from playground.inference.client import InferenceClient
from playground.inference.replies import Measured
from playground.runs.store import Store
from playground.ui.runs.cost_table import CostHandlers, CostWidgets, build_cost_table, figures, line
from playground.ui.words import cost_table as words
from tests.runs.making import happened, start, started

OWNER = "a token long enough"
SAVED = {"owner": OWNER}
FULL = CostRow("", "reviews.csv", "bundled", "", 6_910_000, 1.0, 27_640_000)
RUN = CostRow("r", "my <b>LoRA</b>", "bundled", "lora", 44_000, 0.006366, 211_234, 612e6, 0.0931)
TIMED = replace(
    RUN,
    answer=Measured(12.345, 11.9, 123.4),
    merged=Measured(10, 9.5, 10.5),
    answer_ratio=Measured(1.2, 1.1, 1.3),
    merged_ratio=Measured(1.0, 0.9, 1.1),
    repeats=24,
)
BEGUN = replace(started(), trainable=250, parameters=10_000)
ENDED = Finished(8, 8, 4.0, early=False, peak_bytes=77_000_000, adapter_bytes=1, steps_per_second=2)


def test_a_run_has_its_numbers_in_the_units_of_the_headers():
    assert dict(zip(words.HEADS, line(RUN), strict=True)) == {
        "Run": "my <b>LoRA</b>",
        "Trainable parameters": "44,000",
        "Share of the model, %": "0.637",
        "On disk, MB": "0.211",
        "Peak memory, MB": "612",
        "One step, s": "0.0931",
        "One answer, ms": "not timed",
        "One answer merged, ms": "not timed",
    }
    assert line(TIMED)[-2:] == ["12.3 (11.9 to 123)", "10.0 (9.50 to 10.5)"]
    beside = replace(TIMED, merged=None, not_mergeable="not mergeable: so it is")
    assert line(beside)[-1] == "not mergeable: so it is"


def test_the_full_copy_has_what_is_known_without_training_it():
    name, *numbers = line(FULL)

    assert name.startswith("Full copy of ")
    assert name.endswith(", for reviews.csv")
    assert numbers == ["6,910,000", "100", "27.6", "–", "–", "not timed", "not timed"]
    assert line(replace(FULL, answer=TIMED.merged))[-2:] == ["10.0 (9.50 to 10.5)", "the same"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.00012345, "0.000123"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1,234")],
)
def test_three_digits_of_a_number_are_shown(value: float, text: str):
    assert figures(value) == text


def test_how_it_was_timed_is_said_with_every_ratio():
    assert words.timed([replace(FULL, repeats=24), TIMED]) == (
        "Medians of at least 24 single answers each, taken in turns, with 95 % intervals.\n"
        "“my <b>LoRA</b>” takes 1.20 (1.10 to 1.30) times as long as the full copy; merged 1.00"
        " (0.90 to 1.10)."
    )


@pytest.fixture
def playground(tmp_path: Path, monkeypatch) -> Iterator[Playground]:
    """A home whose inference worker is the stopwatch, which has no model."""
    monkeypatch.chdir(tmp_path)  # where the stopwatch keeps its notes
    client = InferenceClient(tmp_path, Processes(tmp_path, fork=False), "tests.inference.stopwatch")
    with Playground(tmp_path) as made:
        made._ledger = CostTable(Store(tmp_path), client)
        yield made
    client.close()


@pytest.fixture
def handlers(playground: Playground) -> CostHandlers:
    with gr.Blocks():
        widgets = build_cost_table()
    return CostHandlers(SimpleNamespace(playground=playground), widgets)


def finished(playground: Playground, name: str) -> str:
    store = Store(playground.home)
    run_id = start(store, OWNER, name=name)
    folder = store.visible(run_id, OWNER).folder
    (folder / "adapter").mkdir()
    (folder / "adapter" / "adapter_model.safetensors").write_text("x" * 2_000)
    happened(folder, BEGUN, ENDED)
    return run_id


def cells(updates: dict, widgets: CostWidgets) -> list[list[str]]:
    return updates[widgets.table].value["data"]


def test_the_chosen_runs_that_have_learnt_something_are_listed(
    handlers: CostHandlers, playground: Playground
):
    run, waits = finished(playground, "LoRA"), start(Store(playground.home), OWNER, name="later")

    updates = handlers.choose(SAVED, {"chosen": [run, waits, "n" * 22]})

    full, row = cells(updates, handlers.widgets)
    assert full[0].startswith("Full copy of ")
    assert full[1:4] == ["10,000", "100", "0.0400"]
    assert row[:6] == ["LoRA", "250", "2.50", "0.00200", "77.0", "0.500"]
    assert "later" in updates[handlers.widgets.note]["text"]
    assert updates[handlers.widgets.time].interactive


def test_without_a_finished_run_it_says_when_there_will_be_one(
    handlers: CostHandlers, playground: Playground
):
    waits = start(Store(playground.home), OWNER)

    updates = handlers.choose(SAVED, {"chosen": [waits]})

    assert updates[handlers.widgets.note]["text"] == words.EMPTY
    assert not updates[handlers.widgets.table].visible
    assert not updates[handlers.widgets.time].interactive


def test_a_run_whose_log_does_not_say_what_it_cost_is_named_and_the_page_goes_on(
    handlers: CostHandlers, playground: Playground
):
    run = finished(playground, "LoRA")
    log = Store(playground.home).visible(run, OWNER).folder / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-40] + b"\0\n")

    updates = handlers.choose(SAVED, {"chosen": [run]})

    assert "'LoRA' is damaged" in updates[handlers.widgets.note]["text"]
    assert not updates[handlers.widgets.table].visible
    assert not updates[handlers.widgets.time].interactive


def test_timing_says_how_far_it_is_and_fills_the_table(
    handlers: CostHandlers, playground: Playground
):
    runs = [finished(playground, "first"), finished(playground, "second")]
    widgets = handlers.widgets

    *steps, last = handlers.time(SAVED, {"chosen": runs})

    said = [step[widgets.note]["text"] for step in steps]
    assert said == [words.TIMING, *(words.timing(done) for done in (4, 8, 12))]
    assert not steps[0][widgets.time].interactive
    assert [row[-2] for row in cells(last, widgets)] == [
        "10.0 (9.00 to 11.0)",
        "12.0 (11.0 to 13.0)",
        "12.0 (11.0 to 13.0)",
    ]
    assert "“second” takes 1.20" in last[widgets.note]["text"]
    assert last[widgets.time].interactive


def test_a_timing_that_fails_says_why_and_can_be_tried_again(
    handlers: CostHandlers, playground: Playground
):
    run = finished(playground, "LoRA")
    playground._ledger.client.close()
    playground._ledger.client = InferenceClient(
        playground.home, Processes(playground.home, fork=False), "tests.runs.nobody"
    )

    last = list(handlers.time(SAVED, {"chosen": [run]}))[-1]
    playground._ledger.client.close()

    assert last[handlers.widgets.note]["tone"] == "error"
    assert "ended twice" in last[handlers.widgets.note]["text"]
    assert last[handlers.widgets.time].interactive
