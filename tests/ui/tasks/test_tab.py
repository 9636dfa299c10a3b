"""The Tasks tab without a browser: what stands on the shelf, and what a press does."""

from pathlib import Path

import gradio as gr
import pytest

from playground.api import Playground
from playground.comparisons.results import Base, TaskAnswer, TaskAnswers, TaskCard
from playground.inference.replies import Measured, TaskTimes
from playground.ui.components.styles import method_style
from playground.ui.http.downloads import Downloads
from playground.ui.session.shared import Shared
from playground.ui.session.tables import Tables
from playground.ui.tasks import tab
from playground.ui.tasks.handlers import NOTHING, Handlers, task_answers_payload
from playground.ui.tasks.shelf import (
    base_payload,
    bases,
    pressed,
    shelf_function,
    shelf_payload,
    ticked,
)
from playground.ui.words import tasks as words
from tests.serving.homes import made_home

pytestmark = pytest.mark.slow

OWNER = "a token of sixteen or more"
TEXT = "A dull, lifeless film."


def card(name: str, **changes: object) -> TaskCard:
    given = {
        "run_id": name * 4,
        "name": name,
        "method": "lora",
        "columns": ("text",),
        "labels": ("pos", "neg"),
        "data": "reviews.csv",
        "bytes": 40_000,
        "mixable": True,
    }
    return TaskCard(**{**given, **changes})


BASE = Base(
    "bundled",
    10_000_000,
    (card("films"), card("topics", method="soft_prompt", bytes=8_000), card("more films")),
)
SAID = TaskAnswers(
    (
        TaskAnswer("a", "films", "lora", "neg", {"pos": 0.1, "neg": 0.9}, "x", 9, False, True),
        TaskAnswer("b", "all", "bitfit", "pos", {"pos": 0.6, "neg": 0.4}, "x", 1, True, False),
    ),
    {"pairs": "reads 2 texts (first, second)"},
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """The tab's handlers over a home with finished runs, and their ids by name."""
    home = tmp_path_factory.mktemp("home")
    runs = made_home(home, OWNER)
    with Playground(home) as playground, gr.Blocks():
        shared = shared_of(playground)
        yield Handlers(shared, tab.build_widgets(shared)), runs


def shared_of(playground: Playground) -> Shared:
    return Shared(
        playground=playground,
        tables=Tables(),
        owner=gr.BrowserState(None),
        table_state=gr.State(""),
        task_state=gr.State({}),
        labels_per_class=gr.State(8),
        seed=gr.Number(0),
        model_id=gr.State("bundled"),
        selected_runs=gr.State([]),
        data_version=gr.State(""),
        tabs=gr.Tabs(),
        opened=None,
        downloads=Downloads(),
    )


def given(handlers: Handlers, texts: tuple[str, ...] = (TEXT,), **changes: object) -> dict:
    """What gradio would hand to an event. changes: of the shelf's value, and columns and last."""
    widgets = handlers.widgets
    kept = {"columns": [], "last": NOTHING}
    kept |= {name: changes.pop(name) for name in list(changes) if name in kept}
    boxes = dict(zip(widgets.texts, (*texts, "", "", "")[: len(widgets.texts)], strict=True))
    shelf = {**shelf_payload(OWNER, []), **changes}
    return {
        widgets.shelf: shelf,
        widgets.columns: kept["columns"],
        widgets.last: kept["last"],
        **boxes,
    }


def test_a_base_says_what_its_tasks_take_against_full_copies():
    assert words.total(BASE) == (
        "10 MB of base + 3 files of 88 kB together = 10.1 MB; 3 full copies would be 30 MB"
    )


def test_a_base_of_unknown_size_says_only_what_is_known():
    assert words.total(Base("x", 0, (card("a"),))) == "1 task: 40 kB beside the base"


def test_a_card_has_its_look_its_bytes_and_what_it_reads():
    shown = base_payload(BASE)
    first, second, third = shown["cards"]

    assert first["colour"] == third["colour"] == method_style("lora").colour
    assert first["dash"] != third["dash"], "two runs of one method look different"
    assert second["about"] == "Soft prompt · 8 kB"
    assert first["reads"] == "text → pos, neg"


def test_a_card_that_cannot_share_a_batch_says_so():
    assert words.ALONE in words.about(card("a", method="bitfit", mixable=False))


def test_everything_on_the_shelf_is_ticked_until_it_is_not():
    films = BASE.tasks[0].run_id

    assert len(ticked([BASE], shelf_payload(OWNER, []))) == 3
    assert films not in ticked([BASE], {**shelf_payload(OWNER, []), "off": [films, 3, None]})


@pytest.mark.parametrize("sent", [None, 5, [], {}, {"ask": 3}, {"ask": ["a"]}])
def test_what_the_browser_sends_is_checked(sent: object):
    assert pressed(sent) == ""
    assert len(ticked([BASE], sent)) == 3


def test_an_answer_is_a_line_with_bars_and_says_how_it_was_asked():
    first, second = task_answers_payload(SAID)["answers"]

    assert (first["arm"], first["label"]) == ("films", "neg")
    assert first["probabilities"] == [("pos", 0.1), ("neg", 0.9)]
    assert first["cost"] == "9 tokens · in the same batch"
    assert second["cost"] == "1 token · text shortened to fit · asked by itself"


def test_who_was_left_out_is_said_with_the_reason():
    assert words.left_out(SAID.left_out) == "Left out: “pairs” reads 2 texts (first, second)."
    assert words.left_out({}) == ""


def test_the_times_are_a_sentence_with_ratios_and_their_intervals():
    kept, switching = Measured(2.0, 1.8, 2.25), Measured(5.5, 5.0, 6.04)
    times = TaskTimes("bundled", 4, 9, 0.02, 0.04, 0.11, kept, switching)

    assert words.timed([times]) == (
        "All 4 in one batch: 20.0 ms. One after the other: 40.0 ms with every file in memory"
        " (2.0 times as long, 1.8 to 2.2), 110.0 ms when each is read, put on and taken off"
        " (5.5 times as long, 5.0 to 6.0). Medians of 9 rounds taken in turns, with 95 %"
        " intervals."
    )


def test_the_shelf_shows_a_visitors_own_runs_only(world):
    handlers, runs = world
    look = shelf_function(handlers.shared.playground)

    (base,) = look({"owner": OWNER})["bases"]

    assert {one["id"] for one in base["cards"]} == set(runs.values())
    assert look({"owner": "somebody else, as long"})["bases"] == []
    assert look({"owner": "short"})["bases"] == look("nonsense")["bases"] == []


def test_a_run_of_somebody_else_stands_on_the_shelf_once_it_is_shared_and_open(world):
    handlers, runs = world
    playground, film = handlers.shared.playground, runs["film lora"]
    other = {"owner": "somebody else, as long", "also": [film, "nothing"]}

    assert bases(playground, other) == ()
    playground.share(film, OWNER)
    (base,) = bases(playground, other)
    playground.share(film, OWNER, shared=False)

    assert [task.run_id for task in base.tasks] == [film]


def test_a_card_asks_its_own_task_alone(world):
    handlers, runs = world

    updates = handlers.press(given(handlers, ask=runs["film lora"]))

    (line,) = updates[handlers.widgets.answers]["answers"]
    assert (line["arm"], line["prompt"]) == ("film lora", f"Review: {TEXT}\nSentiment:")
    assert updates[handlers.widgets.note]["text"] == ""


def test_a_tick_asks_nothing(world):
    assert world[0].press(given(world[0])) == gr.skip()


def test_a_task_of_two_texts_first_lays_out_its_boxes_and_then_asks(world):
    handlers, runs = world
    widgets, run = handlers.widgets, runs["two texts"]

    first = handlers.press(given(handlers, ask=run))
    asked = given(handlers, ("A film", "a play"), columns=first[widgets.columns], ask=run)
    second = handlers.press(asked)

    assert first[widgets.columns] == ["first", "second"]
    assert [first[box].label for box in widgets.texts[:2]] == ["first", "second"]
    assert first[widgets.texts[1]].visible
    assert not first[widgets.texts[2]].visible
    assert "Type them" in first[widgets.note]["text"]
    (line,) = second[widgets.answers]["answers"]
    assert line["prompt"] == "A film and a play It was"
    assert widgets.texts[0] not in second, "what was typed stays"


def test_a_task_of_one_text_brings_the_one_box_back(world):
    handlers, runs = world
    widgets = handlers.widgets

    updates = handlers.press(given(handlers, columns=["first", "second"], ask=runs["topic prompt"]))

    assert updates[widgets.columns] == []
    assert not updates[widgets.texts[1]].visible


def test_all_at_once_asks_what_reads_one_text_and_names_the_rest(world):
    handlers, runs = world
    widgets = handlers.widgets

    updates = handlers.ask_all(given(handlers, off=[runs["topic adapter"]]))

    names = [line["arm"] for line in updates[widgets.answers]["answers"]]
    assert names == ["whole model", "topic prompt", "film lora"]
    assert updates[widgets.note]["text"] == "Left out: “two texts” reads 2 texts (first, second)."
    assert updates[widgets.times]["text"] == words.TIMING
    shared = {runs["topic prompt"], runs["film lora"]}
    assert set(updates[widgets.last]["runs"]) == shared, "a run that shares no batch is not timed"


def test_the_timing_follows_the_answers_once(world):
    handlers, _ = world
    widgets = handlers.widgets
    last = handlers.ask_all(given(handlers))[widgets.last]

    updates = handlers.time(given(handlers, last=last))

    assert updates[widgets.times]["text"].startswith("All 3 in one batch: ")
    assert updates[widgets.last] == NOTHING
    assert handlers.time(given(handlers)) == gr.skip()


def test_nothing_typed_and_nothing_ticked_are_sentences(world):
    handlers, runs = world
    note = handlers.widgets.note

    empty = handlers.ask_all(given(handlers, texts=("",)))
    nobody = handlers.ask_all(given(handlers, off=list(runs.values())))
    gone = handlers.press(given(handlers, ask="x" * 22))

    assert "empty" in empty[note]["text"]
    assert nobody[note]["text"] == words.NOBODY
    assert "no run" in gone[note]["text"]


def test_the_shelf_never_puts_what_people_typed_into_its_template(tmp_path: Path):
    with Playground(tmp_path) as playground, gr.Blocks():
        shelf = tab.build_widgets(shared_of(playground)).shelf

    assert "${" not in shelf.html_template
    assert "{{" not in shelf.html_template
