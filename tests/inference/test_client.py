"""The inference worker from outside: who goes first, and what happens when it dies or goes mad."""

import time
from concurrent.futures import CancelledError

import pytest

from playground import limits
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.inference.client import BULK, InferenceClient
from playground.inference.connection import Timeouts
from playground.inference.line import IN_A_ROW, Who
from playground.inference.requests import Arm, PredictRow, ScoreArm
from tests.runs.making import TASK
from tests.waiting import until

ADA, BOB = Who("ada's address", "ada"), Who("bob's address", "bob")
SHORT = Timeouts(first=3.0, sign=3.0, gone=0.0)


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the parrot looks for its files
    made = InferenceClient(
        tmp_path, Processes(tmp_path, fork=False), "tests.inference.parrot", SHORT
    )
    yield made
    made.close()


def rows(*texts):
    return ScoreArm(Arm(TASK), tuple({"text": text} for text in texts))


def row(text, model=""):
    return PredictRow(Arm(TASK), {"text": text}, model=model)


def test_what_a_person_waits_for_overtakes_what_is_asked_in_bulk(client, tmp_path):
    first = client.submit(rows("wait:go"), BULK)
    until((tmp_path / "order").exists)
    bulk = [client.submit(rows(f"bulk {n}"), BULK) for n in range(2)]
    typed = [client.submit(row(f"typed {n}")) for n in range(2)]
    (tmp_path / "go").touch()
    for answer in (first, *bulk, *typed):
        answer.result(30)

    order = (tmp_path / "order").read_text().splitlines()

    assert order == ["wait:go 1", "typed 0 1", "typed 1 1", "bulk 0 1", "bulk 1 1"]


def test_rows_are_counted_as_they_get_done(client):
    counted = []
    client.submit(rows("a", "b", "c"), BULK, counted.append).result(30)

    assert counted == [3]


def test_a_process_that_died_is_started_anew_and_the_request_tried_once_more(client, tmp_path):
    answer = client.ask(row("die-once:again"))

    assert answer.prompt == "die-once:again"
    assert (tmp_path / "order").read_text() == "die-once:again 1\n" * 2


def test_a_request_that_kills_the_process_twice_is_told_and_the_next_one_is_served(client):
    with pytest.raises(UserError, match="last words of parrot") as error:
        client.ask(row("die"))

    assert "/home" not in str(error.value)
    assert client.ask(row("well")).generated == "something"


@pytest.mark.parametrize(
    "how", ["half", "garbage", "number", "other", "deep", "mistyped", "stopped"]
)
def test_a_process_that_talks_no_sense_or_none_is_replaced_at_once(client, tmp_path, how):
    client.ask(row("warm"))
    began = time.monotonic()
    answer = client.ask(row(f"{how}:once"))

    assert answer.prompt == f"{how}:once"
    assert client.ask(row("next")).prompt == "next"
    assert time.monotonic() - began < 20
    assert (tmp_path / "order").read_text().count(f"{how}:once 1\n") == 2


def test_a_reply_without_end_is_cut_off(client, monkeypatch):
    monkeypatch.setattr(limits, "REPLY_BYTES", 1_000_000)

    assert client.ask(row("endless:once")).generated == "something"


def test_a_process_killed_while_nobody_asks_costs_the_next_nothing(client, tmp_path):
    client.ask(row("warm"))
    client._worker.kill()

    client.ask(row("next"))

    assert (tmp_path / "order").read_text() == "warm 1\nnext 1\n"


def test_a_stranger_who_asks_much_holds_nobody_up(client, tmp_path):
    first = client.submit(row("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    much = [client.submit(row(f"ada {n}"), who=ADA) for n in range(3)]
    invented = client.submit(row("another token"), who=Who(ADA.origin, "ada's other"))
    one = client.submit(row("bob"), who=BOB)
    (tmp_path / "go").touch()
    for answer in (first, *much, invented, one):
        answer.result(30)

    order = [line.rsplit(" ", 1)[0] for line in (tmp_path / "order").read_text().splitlines()]
    assert order == ["wait:go", "bob", "another token", "ada 0", "ada 1", "ada 2"]


def test_who_never_stops_asking_holds_no_comparison_up(client, tmp_path):
    first = client.submit(row("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    bulk = client.submit(rows("bulk"), BULK, who=BOB)
    much = [client.submit(row(f"ada {n}"), who=ADA) for n in range(2 * IN_A_ROW)]
    (tmp_path / "go").touch()
    for answer in (first, bulk, *much):
        answer.result(30)

    order = (tmp_path / "order").read_text().splitlines()
    assert order.index("bulk 1") == IN_A_ROW


def test_more_questions_than_an_address_may_have_waiting_are_refused(client, monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "ASKS_PER_ORIGIN", 2)
    client.submit(row("wait:go"), who=ADA)
    until((tmp_path / "order").exists)
    for number in range(2):
        client.submit(row("more"), who=Who(ADA.origin, f"token {number}"))

    with pytest.raises(UserError, match="2 questions from your address"):
        client.submit(row("too many"), who=Who(ADA.origin, "a third token"))
    answer = client.submit(row("bob"), who=BOB)
    (tmp_path / "go").touch()
    assert answer.result(30).prompt == "bob"


def test_what_nobody_waits_for_any_more_is_broken_off(client, tmp_path):
    here = [True]
    leaving = Who("ada's address", "ada", lambda: here[0])
    busy = client.submit(row("wait:never"), who=leaving)
    until((tmp_path / "order").exists)
    later = client.submit(row("later"), who=leaving)
    here[0] = False

    assert client.ask(row("bob"), BOB).prompt == "bob"
    for answer in (busy, later):
        with pytest.raises(UserError, match="Nobody waits"):
            answer.result(5)
    assert "later" not in (tmp_path / "order").read_text()


def test_a_model_that_ended_the_process_is_refused_at_once_and_others_are_not(client, tmp_path):
    bad = row("die", "owner/bad")
    with pytest.raises(UserError, match="ended twice"):
        client.ask(bad, ADA)
    with pytest.raises(UserError, match="not tried again"):
        client.ask(bad, ADA)

    assert (tmp_path / "order").read_text() == "die 1\n" * 2
    assert client.ask(row("well", "owner/good"), ADA).generated == "something"
    assert client.ask(row("well", "owner/bad"), BOB).generated == "something"


def test_what_a_job_refuses_comes_back_as_its_sentence(client):
    with pytest.raises(UserError, match=r"No, thank you\."):
        client.ask(row("refuse"))


def test_a_cancelled_request_is_never_sent(client, tmp_path):
    first = client.submit(rows("wait:go"), BULK)
    dropped = client.submit(rows("dropped"), BULK)
    assert dropped.cancel()
    (tmp_path / "go").touch()
    first.result(30)
    client.ask(row("after"))

    assert "dropped" not in (tmp_path / "order").read_text()


def test_closing_ends_the_process_and_leaves_nobody_waiting(client, tmp_path):
    busy = client.submit(rows("wait:never"), BULK)
    waiting = client.submit(rows("later"), BULK)
    until((tmp_path / "order").exists)

    client.close()

    with pytest.raises(UserError):
        busy.result(5)
    with pytest.raises(CancelledError):
        waiting.result(5)
    with pytest.raises(CancelledError):
        client.submit(row("too late")).result(5)
