"""What the live view is told: new points only, and of runs the visitor may see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.api import Playground
from playground.errors import UserError
from playground.runs.store import Store
from playground.ui.components.styles import method_style
from playground.ui.train.live import act, live_payload, poll
from tests.runs.making import happened, start, started, step, stopped

MINE, THEIRS = "m" * 32, "t" * 32


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    with Playground(tmp_path) as made:
        yield made


@pytest.fixture
def run_id(tmp_path: Path, playground: Playground) -> str:
    """A run of mine that was stopped after two steps."""
    store = Store(tmp_path)
    made = start(store, MINE)
    happened(store.folder / made, started(), step(1), step(2), stopped(2))
    return made


def asked(*runs: list[object], owner: object = MINE, question: object = "") -> dict[str, object]:
    return {"owner": owner, "runs": list(runs), "question": question}


def test_a_poll_gives_the_state_the_look_and_every_point(playground: Playground, run_id: str):
    answer = poll(playground, asked([run_id, 0]), clock=lambda: 12.5)
    (news,) = answer["runs"]

    assert answer["now"] == 12.5
    assert (news["name"], news["status"]) == ("LoRA", "stopped")
    assert news["colour"] == method_style("lora").colour
    assert [point[:2] for part in news["parts"] for point in part["loss"]] == [[1, 0.5], [2, 0.5]]
    assert (news["can_stop"], news["can_resume"]) == (False, True)


def test_the_next_poll_gives_only_what_is_new(playground: Playground, run_id: str, tmp_path: Path):
    cursor = poll(playground, asked([run_id, 0]))["runs"][0]["cursor"]
    happened(tmp_path / "runs" / run_id, started(resumed_from=2), step(3))
    (news,) = poll(playground, asked([run_id, cursor]))["runs"]

    assert [part["cut"] for part in news["parts"]] == [None, 2]
    assert [point[0] for part in news["parts"] for point in part["loss"]] == [3]


def test_a_stranger_is_told_nothing_but_that_it_is_not_there(playground: Playground, run_id: str):
    assert poll(playground, asked([run_id, 0], owner=THEIRS))["runs"] == [
        {"id": run_id, "gone": True}
    ]


def test_a_shared_run_may_be_watched_but_not_changed(playground: Playground, run_id: str):
    playground.share(run_id, owner=MINE)
    (news,) = poll(playground, asked([run_id, 0], owner=THEIRS))["runs"]

    assert news["status"] == "stopped"
    assert (news["can_stop"], news["can_resume"], news["log_tail"]) == (False, False, "")
    said = act(playground, {"owner": THEIRS, "run": run_id}, "resume")
    assert "only its owner can change" in said["problem"]


@pytest.mark.parametrize(
    "sent",
    [None, 7, "x", [], {}, asked(owner=""), asked(owner=3), asked("run"), asked(["a"]), asked([1])],
)
def test_what_our_script_would_not_send_is_refused(playground: Playground, sent: object):
    with pytest.raises(UserError):
        poll(playground, sent)
    assert act(playground, sent, "stop")["problem"]


@pytest.mark.parametrize(
    "run", [["", 0], ["../../etc", 0], ["x" * 9_999, 0], [None, "0"], [{}, -1]]
)
def test_a_made_up_run_is_simply_not_there(playground: Playground, run: list[object]):
    (news,) = poll(playground, asked(run))["runs"]

    assert news["gone"]


def test_a_cursor_that_is_no_place_in_the_log_starts_at_the_beginning(
    playground: Playground, run_id: str
):
    for cursor in (-5, "3", None, True and 1.5):
        (news,) = poll(playground, asked([run_id, cursor]))["runs"]
        assert sum(len(part["loss"]) for part in news["parts"]) == 2


def test_stopping_what_is_not_ones_own_says_why(playground: Playground, run_id: str):
    said = act(playground, {"owner": THEIRS, "run": run_id}, "stop")

    assert "There is no run" in said["problem"]


def test_a_restarted_server_does_not_know_the_levels_and_says_so(playground: Playground):
    assert poll(playground, asked(question="gone"))["reference_levels"] is None


def test_the_view_starts_with_the_guessing_level_of_the_task():
    value = live_payload(MINE, ["r"], "key", steps=240, labels=6)

    assert (value["runs"], value["steps"], value["labels"]) == (["r"], 240, 6)
