"""What the Runs tab shows of runs, without a browser."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr

from playground import Playground
from playground.events import Evaluated, Finished, Started, Step, Stopped
from playground.runs.record import About, Record
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.tasks.classification import Task
from playground.ui.components.notice import SILENT
from playground.ui.runs.handlers import Handlers
from playground.ui.runs.panel import buttons, damage_notice, settings_of, settings_table
from playground.ui.runs.rows import Gist, add, cost, row, verdict
from playground.ui.runs.run_list import chosen_runs, runs_function
from playground.ui.runs.widgets import build_widgets
from playground.ui.words import runs as words
from tests.runs.making import happened, start
from tests.ui.tasks.test_tab import shared_of

TASK = Task("Review: {text}\nSentiment:", {"pos": "good", "neg": "bad"}, "label")
RECORD = Record(
    id="a" * 22,
    spec=RunSpec(TASK, name="LoRA"),
    name="LoRA",
    status="finished",
    position=0,
    created=0.0,
    queued=0.0,
    owner_hash="",
    shared=False,
    about=About("reviews", 32, 100, 0, 0, 0, ""),
    folder=Path("nowhere"),
)
BUTTONS = ("show_code", "fetch", "fetch_merged", "rename", "name", "resume", "unshare", "delete")
START = Started(0.0, 20, 32, 0, 100, 2, 50, 1000, "CPU", "float32")


def gist(*events: object) -> Gist:
    found = Gist()
    for event in events:
        add(found, event)
    return found


def test_the_verdict_is_that_of_the_weights_that_are_kept():
    half, all_, worse = (
        Evaluated(step, "held_out", accuracy, 0.5, 100)
        for step, accuracy in ((5, 0.5), (10, 0.8), (20, 0.6))
    )

    assert verdict(gist(START)) == ""
    assert verdict(gist(START, half, Step(5, 0.1, 0.1, 1.0))) == "50\u202f% of 100"
    ended = Finished(20, 10, 3.0, False, 0, 0, 7.0)
    assert verdict(gist(START, half, all_, worse, ended)) == "80\u202f% of 100"


def test_a_resumed_run_forgets_what_came_after_its_checkpoint():
    late = Evaluated(15, "held_out", 0.9, 0.5, 100)
    early = Evaluated(5, "held_out", 0.5, 0.5, 100)

    resumed = gist(START, early, late, replace(START, resumed_from=10))

    assert verdict(resumed) == "50\u202f% of 100"


def test_the_cost_is_a_share_and_a_time():
    assert cost(gist(START, Step(3, 0.1, 0.1, 61.0))) == "5\u202f% · 1 min 1 s"
    assert cost(Gist()) == ""


def test_a_row_shows_progress_only_while_it_trains():
    now = gist(START, Step(5, 0.1, 0.1, 1.0))

    assert row(replace(RECORD, status="running"), now, own=True)["progress"] == 0.25
    assert row(RECORD, now, own=True)["progress"] is None
    assert row(RECORD, now, own=False)["shared"] == "shared with you"


def test_a_damaged_run_says_why_and_goes_on_only_where_that_mends_it():
    lost = replace(RECORD, status="damaged", damage="spec.json is empty", readable=False)
    torn = replace(RECORD, status="damaged", damage="the end of events.jsonl is no event")

    assert row(lost, Gist(), own=True)["state"] == "damaged: spec.json is empty"
    assert "spec.json is empty" in damage_notice([RECORD, lost])["text"]
    assert damage_notice([RECORD]) == SILENT
    widgets = SimpleNamespace(**{name: name for name in BUTTONS})
    assert [buttons(widgets, [one], "")["resume"].interactive for one in (lost, torn)] == [
        *(False, True),
    ]
    assert buttons(widgets, [lost], "")["delete"].interactive
    assert not buttons(widgets, [lost], "")["fetch"].interactive


def test_only_the_runs_that_the_question_named_are_deleted(tmp_path):
    owner = "ada's secret token"
    saved = {"owner": owner, "runs": []}
    store = Store(tmp_path / "home")
    doomed, kept = (start(store, owner) for _ in range(2))
    for run_id in (doomed, kept):
        happened(store.folder / run_id, Stopped(0, 0, 0.0, 0, 0, 0.0))
    with Playground(tmp_path / "home") as playground, gr.Blocks():
        events = Handlers(shared_of(playground), build_widgets(playground))
        asked = events.ask_delete(saved, {"chosen": [doomed], "ticks": 1})
        ticked_since = {"chosen": [doomed, kept], "ticks": 2}
        events.delete(saved, ticked_since, asked[events.widgets.replies.doomed])
        left = [record.id for record in playground.runs(owner)]

    assert left == [kept]


def test_a_press_without_a_chosen_run_says_to_choose_one(tmp_path):
    with Playground(tmp_path / "home") as playground, gr.Blocks():
        handlers = Handlers(shared_of(playground), build_widgets(playground))
        note = handlers.widgets.replies.note
        packed = handlers.download(None, {"chosen": []})
        coded = handlers.code(None, {"chosen": []}, words.CODE)

    assert (packed[note]["tone"], packed[note]["text"]) == ("error", words.NO_TICK)
    assert coded[note] == packed[note]


def test_a_list_that_cannot_be_made_says_why(tmp_path):
    with Playground(tmp_path / "home") as playground:
        (tmp_path / "home" / "runs").rmdir()
        listed = runs_function(playground)({"owner": "ada's secret token"})

    assert listed["runs"] == []
    assert "not there any more" in listed["problem"]


def test_one_run_shows_all_its_settings_and_several_only_the_different_ones():
    other = replace(RECORD, name="wider", spec=replace(RECORD.spec, settings={"rank": 32}))

    heads, lines = settings_table([RECORD])
    assert heads == ["setting", "LoRA"]
    assert ["template", "Review: {text} ⏎ Sentiment:"] in lines

    heads, lines = settings_table([RECORD, other])
    assert heads == ["setting", "LoRA", "wider"]
    assert lines == [["rank", settings_of(RECORD)["rank"], "32"]]
    assert settings_table([RECORD, RECORD])[1] == [["all the same", "", ""]]


def test_settings_that_cannot_be_read_are_not_made_up():
    lost = replace(RECORD, name="lost", readable=False)

    assert settings_of(lost) == {}
    assert ["method", "LoRA", "–"] in settings_table([RECORD, lost])[1]


def test_what_the_browser_says_is_chosen_is_checked():
    assert chosen_runs({"chosen": ["a", 3, None, "b"]}) == ["a", "b"]
    assert chosen_runs("nonsense") == chosen_runs({"chosen": "a"}) == []
    assert len(chosen_runs({"chosen": ["x"] * 1000})) == 12
