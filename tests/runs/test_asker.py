"""The asking process from outside: who goes first, and what happens when it dies."""

from concurrent.futures import CancelledError

import pytest

from playground.errors import UserError
from playground.runs.asker import BULK, Asker
from playground.runs.processes import Processes
from tests.waiting import until


@pytest.fixture
def asker(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the parrot looks for its files
    made = Asker(tmp_path, Processes(tmp_path, fork=False), "tests.runs.parrot")
    yield made
    made.close()


def rows(*texts):
    return {"rows": [{"text": text} for text in texts]}


def test_what_a_person_waits_for_overtakes_what_is_asked_in_bulk(asker, tmp_path):
    first = asker.submit("answers", rows("wait:go"), BULK)
    until((tmp_path / "order").exists)
    bulk = [asker.submit("answers", rows(f"bulk {n}"), BULK) for n in range(2)]
    typed = [asker.submit("say", rows(f"typed {n}")) for n in range(2)]
    (tmp_path / "go").touch()
    for answer in (first, *bulk, *typed):
        answer.result(30)

    order = (tmp_path / "order").read_text().splitlines()

    assert order == ["wait:go 1", "typed 0 1", "typed 1 1", "bulk 0 1", "bulk 1 1"]


def test_rows_are_counted_as_they_get_done(asker):
    counted = []
    asker.submit("answers", rows("a", "b", "c"), BULK, counted.append).result(30)

    assert counted == [3]


def test_a_process_that_died_is_started_anew_and_the_request_tried_once_more(asker, tmp_path):
    answer = asker.ask("say", rows("die-once:again"))

    assert answer["prompt"] == "die-once:again"
    assert (tmp_path / "order").read_text() == "die-once:again 1\n" * 2


def test_a_request_that_kills_the_process_twice_is_told_and_the_next_one_is_served(asker):
    with pytest.raises(UserError, match="last words of parrot") as error:
        asker.ask("say", rows("die"))

    assert "/home" not in str(error.value)
    assert asker.ask("say", rows("well"))["written"] == "something"


def test_a_model_that_ended_the_process_is_refused_at_once_and_others_are_not(asker, tmp_path):
    bad = {**rows("die"), "model": "owner/bad"}
    with pytest.raises(UserError, match="last words"):
        asker.ask("say", bad)
    before = (tmp_path / "order").read_text()

    with pytest.raises(UserError, match="not tried again"):
        asker.ask("say", bad)

    assert (tmp_path / "order").read_text() == before
    assert asker.ask("say", {**rows("well"), "model": "owner/good"})["written"] == "something"


def test_what_a_job_refuses_comes_back_as_its_sentence(asker):
    with pytest.raises(UserError, match=r"No, thank you\."):
        asker.ask("say", rows("refuse"))


def test_a_cancelled_request_is_never_sent(asker, tmp_path):
    first = asker.submit("answers", rows("wait:go"), BULK)
    dropped = asker.submit("answers", rows("dropped"), BULK)
    assert dropped.cancel()
    (tmp_path / "go").touch()
    first.result(30)
    asker.ask("say", rows("after"))

    assert "dropped" not in (tmp_path / "order").read_text()


def test_closing_ends_the_process_and_leaves_nobody_waiting(asker, tmp_path):
    busy = asker.submit("answers", rows("wait:never"), BULK)
    waiting = asker.submit("answers", rows("later"), BULK)
    until((tmp_path / "order").exists)

    asker.close()

    with pytest.raises(UserError):
        busy.result(5)
    with pytest.raises(CancelledError):
        waiting.result(5)
