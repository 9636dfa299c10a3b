"""Finished runs of several tasks, asked through the API in a real inference worker."""

from pathlib import Path

import pytest

from playground import Playground
from playground.errors import UserError
from playground.runs.files import folder_bytes
from tests.serving.homes import RUNS, made_home

pytestmark = pytest.mark.slow

VISITOR = "somebody-with-a-token"
TEXT = "A dull and lifeless film."
CLOSE = 1e-5
Home = tuple[Playground, dict[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def theirs(folder: Path) -> dict[str, str]:
    """The ids of a visitor's runs in the same home, by name."""
    return made_home(folder, VISITOR)


@pytest.fixture(scope="module")
def home(folder: Path, theirs: dict[str, str]):
    """A playground and the ids of its runs, by name."""
    runs = made_home(folder)
    with Playground(folder) as playground:
        yield playground, runs


def alone(playground: Playground, run_id: str, row: str | dict) -> dict[str, float]:
    (answer,) = playground.ask(row, run_ids=[run_id], shots=[])
    return answer.probabilities


def test_all_tasks_at_once_say_what_each_says_alone(home: Home) -> None:
    playground, runs = home

    reply = playground.ask_tasks(TEXT, list(runs.values()))

    assert [answer.name for answer in reply.answers] == [n for n in RUNS if n != "two texts"]
    for answer in reply.answers:
        expected = alone(playground, answer.run_id, TEXT)
        assert answer.probabilities.keys() == expected.keys()
        for label, belief in expected.items():
            assert answer.probabilities[label] == pytest.approx(belief, abs=CLOSE), answer.name
        assert answer.label == max(expected, key=expected.__getitem__)


def test_a_run_that_reads_two_texts_is_left_out_and_said_to_be(home: Home) -> None:
    playground, runs = home

    reply = playground.ask_tasks(TEXT, list(runs.values()))

    assert reply.left_out == {"two texts": "reads 2 texts (first, second)"}


def test_only_methods_beside_a_frozen_base_share_the_batch(home: Home) -> None:
    playground, runs = home

    reply = playground.ask_tasks(TEXT, list(runs.values()))

    shared = {answer.name: answer.shared for answer in reply.answers}
    assert shared == {
        "film lora": True,
        "topic prompt": True,
        "topic adapter": True,
        "whole model": False,
    }


def test_a_row_by_column_asks_the_runs_that_read_those_columns(home: Home) -> None:
    playground, runs = home
    row = {"first": "A film", "second": "another one"}

    reply = playground.ask_tasks(row, list(runs.values()))

    (answer,) = reply.answers
    assert answer.name == "two texts"
    assert answer.prompt == "A film and another one It was"
    assert len(reply.left_out) == len(runs) - 1


def test_the_base_answers_the_same_before_and_after(home: Home) -> None:
    playground, runs = home
    run = playground.record(runs["film lora"])

    def zero_shot() -> dict[str, float]:
        (answer,) = playground.ask(TEXT, run_ids=[run.id], shots=[0])[:1]
        return answer.probabilities

    before = zero_shot()
    playground.ask_tasks(TEXT, list(runs.values()))

    assert zero_shot() == before


def test_the_shelf_counts_the_bytes_that_are_on_disk(home: Home) -> None:
    playground, _ = home

    (base,) = playground.tasks()

    assert [task.name for task in base.tasks] == list(reversed(RUNS))
    for task in base.tasks:
        assert task.bytes == folder_bytes(playground.record(task.run_id).folder / "adapter")
    assert base.bytes == 4 * 100  # as the runs say of their base
    assert base.copies == 5 * base.bytes
    assert base.together == base.bytes + sum(task.bytes for task in base.tasks)


def test_the_three_ways_are_timed_together(home: Home) -> None:
    playground, runs = home

    (times,) = playground.time_tasks(TEXT, list(runs.values()))

    assert (times.tasks, times.repeats >= 6) == (3, True)
    assert times.mixed > 0
    for ratio in (times.kept_ratio, times.switching_ratio):
        assert 0 < ratio.low <= ratio.median <= ratio.high


def test_one_task_has_nothing_to_be_timed_against(home: Home) -> None:
    playground, runs = home

    assert playground.time_tasks(TEXT, [runs["film lora"]]) == ()


@pytest.mark.parametrize("wanted", [[], ["nobody"], ["x" * 22]])
def test_nobody_to_ask_is_a_sentence(home: Home, wanted: list[str]) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        home[0].ask_tasks(TEXT, wanted)


def test_another_visitors_run_is_as_good_as_missing(home: Home, theirs: dict[str, str]) -> None:
    playground, runs = home

    (base,) = playground.tasks()
    assert {task.run_id for task in base.tasks} == {*runs.values()}
    with pytest.raises(UserError, match="no run"):
        playground.ask_tasks(TEXT, [theirs["film lora"]])


def test_a_damaged_adapter_is_said_and_the_others_are_asked(
    home: Home, theirs: dict[str, str]
) -> None:
    playground, _ = home
    broken = playground.record(theirs["film lora"], VISITOR).folder / "adapter"
    weights = broken / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])

    wanted = [theirs["film lora"], theirs["topic prompt"]]
    reply = playground.ask_tasks(TEXT, wanted, VISITOR)
    with pytest.raises(UserError, match="damaged"):
        playground.ask_tasks(TEXT, wanted[:1], VISITOR)

    assert [answer.name for answer in reply.answers] == ["topic prompt"]
    assert "damaged" in reply.left_out["film lora"]
