"""The asking process from outside: who goes first, and what happens when it dies or goes mad."""

import time
from concurrent.futures import CancelledError

import pytest

from playground import limits
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.inference.client import Asker
from playground.inference.conversation import Patience
from playground.inference.line import IN_A_ROW, Who
from playground.inference.requests import BULK
from tests.waiting import until

ADA, BOB = Who("ada's address", "ada"), Who("bob's address", "bob")
SHORT = Patience(first=3.0, sign=3.0, gone=0.0)


@pytest.fixture
def asker(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the parrot looks for its files
    made = Asker(tmp_path, Processes(tmp_path, fork=False), "tests.inference.parrot", SHORT)
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


@pytest.mark.parametrize("how", ["half", "garbage", "number", "other", "deep", "stopped"])
def test_a_process_that_talks_no_sense_or_none_is_replaced_at_once(asker, tmp_path, how):
    asker.ask("say", rows("warm"))
    began = time.monotonic()
    answer = asker.ask("say", rows(f"{how}:once"))

    assert answer["prompt"] == f"{how}:once"
    assert asker.ask("say", rows("next"))["prompt"] == "next"
    assert time.monotonic() - began < 20
    assert (tmp_path / "order").read_text().count(f"{how}:once 1\n") == 2


def test_a_reply_without_end_is_cut_off(asker, monkeypatch):
    monkeypatch.setattr(limits, "REPLY_BYTES", 1_000_000)

    assert asker.ask("say", rows("endless:once"))["written"] == "something"


def test_a_process_killed_while_nobody_asks_costs_the_next_nothing(asker, tmp_path):
    asker.ask("say", rows("warm"))
    asker._talk.kill()

    asker.ask("say", rows("next"))

    assert (tmp_path / "order").read_text() == "warm 1\nnext 1\n"


def test_a_stranger_who_asks_much_holds_nobody_up(asker, tmp_path):
    first = asker.submit("say", rows("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    much = [asker.submit("say", rows(f"ada {n}"), who=ADA) for n in range(3)]
    invented = asker.submit("say", rows("another token"), who=Who(ADA.origin, "ada's other"))
    one = asker.submit("say", rows("bob"), who=BOB)
    (tmp_path / "go").touch()
    for answer in (first, *much, invented, one):
        answer.result(30)

    order = [line.rsplit(" ", 1)[0] for line in (tmp_path / "order").read_text().splitlines()]
    assert order == ["wait:go", "bob", "another token", "ada 0", "ada 1", "ada 2"]


def test_who_never_stops_asking_holds_no_comparison_up(asker, tmp_path):
    first = asker.submit("say", rows("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    bulk = asker.submit("answers", rows("bulk"), BULK, who=BOB)
    much = [asker.submit("say", rows(f"ada {n}"), who=ADA) for n in range(2 * IN_A_ROW)]
    (tmp_path / "go").touch()
    for answer in (first, bulk, *much):
        answer.result(30)

    order = (tmp_path / "order").read_text().splitlines()
    assert order.index("bulk 1") == IN_A_ROW


def test_more_questions_than_an_address_may_have_waiting_are_refused(asker, monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "ASKS_PER_ORIGIN", 2)
    asker.submit("say", rows("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    for number in range(2):
        asker.submit("say", rows("more"), who=Who(ADA.origin, f"token {number}"))

    with pytest.raises(UserError, match="2 questions from your address"):
        asker.submit("say", rows("too many"), who=Who(ADA.origin, "a third token"))
    answer = asker.submit("say", rows("bob"), who=BOB)
    (tmp_path / "go").touch()
    assert answer.result(30)["prompt"] == "bob"


def test_what_nobody_waits_for_any_more_is_broken_off(asker, tmp_path):
    here = [True]
    leaving = Who("ada's address", "ada", lambda: here[0])
    busy = asker.submit("say", rows("wait:never"), who=leaving)
    until((tmp_path / "order").exists)
    later = asker.submit("say", rows("later"), who=leaving)
    here[0] = False

    assert asker.ask("say", rows("bob"), BOB)["prompt"] == "bob"
    for answer in (busy, later):
        with pytest.raises(UserError, match="Nobody waits"):
            answer.result(5)
    assert "later" not in (tmp_path / "order").read_text()


def test_a_model_that_ended_the_process_is_refused_at_once_and_others_are_not(asker, tmp_path):
    bad = {**rows("die"), "model": "owner/bad"}
    with pytest.raises(UserError, match="ended twice"):
        asker.ask("say", bad, ADA)
    with pytest.raises(UserError, match="not tried again"):
        asker.ask("say", bad, ADA)

    assert (tmp_path / "order").read_text() == "die 1\n" * 2
    assert asker.ask("say", {**rows("well"), "model": "owner/good"}, ADA)["written"] == "something"
    assert asker.ask("say", {**rows("well"), "model": "owner/bad"}, BOB)["written"] == "something"


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
    with pytest.raises(CancelledError):
        asker.submit("say", rows("too late")).result(5)
