"""Between client and worker: every request has one handler, and both know its types."""

import json
import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_type_hints

import pytest

from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import LabelScores
from playground.executors import codec
from playground.executors.codec import Mismatch, from_json, to_json
from playground.inference import replies
from playground.inference.jobs.registry import HANDLERS
from playground.inference.replies import ArmScores, Cost, Prediction, TaskOutcome
from playground.inference.requests import (
    REQUESTS,
    Arm,
    EstimateCost,
    PredictRow,
    RunAdapter,
    ScoreArm,
    decode,
    reply_type,
)
from playground.inference.wire import (
    Done,
    Refused,
    message_line,
    numbered,
    parsed_message,
    parsed_request,
)
from tests.runs.making import TASK

SCORES = LabelScores((-0.1, -math.inf), (1, 2), (-0.5, -1.0))
SCORED = ArmScores((SCORES,), SCORES, 1, 0, 7, 0.25, 100, None, 9)
ADAPTER = RunAdapter(
    "id", "/a folder", "hash", "lora", {"rank": 2, "rate": 2.0, "on": True, "n": "1"}
)
ARM = Arm(TASK, (Example({"text": "ünïcode"}, "pos", 3),), 1, ADAPTER)
REQUEST = PredictRow(ARM, {"text": "a film"}, model="owner/model")


def sent(value: object) -> Any:
    """As it comes out at the other end."""
    return json.loads(json.dumps(to_json(value)))


@pytest.mark.parametrize("kind", HANDLERS, ids=lambda kind: kind.__name__)
def test_a_handler_takes_the_request_and_gives_the_reply_that_the_request_names(kind: Any) -> None:
    hints = get_type_hints(HANDLERS[kind])

    assert hints["request"] is kind
    assert hints["return"] is reply_type(kind)
    assert reply_type(kind).__module__ == replies.__name__


def test_every_request_has_one_handler() -> None:
    assert set(HANDLERS) == set(REQUESTS.values())


@pytest.mark.parametrize("kind", [*REQUESTS.values(), *map(reply_type, REQUESTS.values())])
def test_every_field_is_of_a_type_that_can_be_sent(kind: Any) -> None:
    todo, seen = [kind], set()
    while todo:
        one = todo.pop()
        if is_dataclass(one) and one not in seen:
            seen.add(one)
            todo += codec.field_types(one).values()
        elif one not in seen:
            todo += [part for part in getattr(one, "__args__", ()) if part is not Ellipsis]
            with pytest.raises(Mismatch):
                codec._decoded(one, codec, "a module")


@pytest.mark.parametrize(
    "value", [REQUEST, SCORED, Prediction(SCORED, "p", ""), TaskOutcome(None, "x")]
)
def test_what_was_sent_comes_back_equal_and_of_the_same_types(value: object) -> None:
    found = from_json(type(value), sent(value))

    assert found == value
    assert repr(found) == repr(value), "no int for a float, no list for a tuple"


def test_a_request_is_found_by_its_name() -> None:
    line = json.dumps(to_json(numbered(7, REQUEST)))

    assert json.loads(line).keys() == {"id", "job", "request"}
    assert parsed_request(line) == (7, REQUEST)
    with pytest.raises(Mismatch, match="no request is called '__class__'"):
        decode("__class__", {})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"row": None}, r"PredictRow\.row is 'None'"),
        ({"row": {"text": 3}}, r"PredictRow\.row\['text'\] is '3', which is no str"),
        ({"more": 1}, r"PredictRow\.more is not known"),
        ({"arm": {**to_json(ARM), "nearest": True}}, r"PredictRow\.arm\.nearest is 'True'"),
        ({"arm": {**to_json(ARM), "nearest": 1.0}}, r"PredictRow\.arm\.nearest is '1\.0'"),
        ({"arm": {**to_json(ARM), "adapter": 7}}, r"PredictRow\.arm\.adapter is '7'"),
        ({"arm": {**to_json(ARM), "demonstrations": "ab"}}, r"arm\.demonstrations is 'ab'"),
        ({"arm": {**to_json(ARM), "demonstrations": [[]]}}, r"arm\.demonstrations\[0\] is '\[\]'"),
        ({"arm": []}, r"PredictRow\.arm is '\[\]', which is no Arm"),
    ],
)
def test_a_field_of_another_type_and_one_nobody_knows_are_named(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(Mismatch, match=said):
        decode("PredictRow", {**sent(REQUEST), **change})


@pytest.mark.parametrize("name", [one.name for one in fields(ArmScores)])
def test_a_field_that_is_missing_is_named_even_where_it_has_a_default(name: str) -> None:
    values = sent(SCORED)
    del values[name]

    with pytest.raises(Mismatch, match=f"ArmScores.{name} is missing"):
        from_json(ArmScores, values)


def test_a_task_that_is_none_is_told_in_its_own_sentence() -> None:
    values = sent(EstimateCost("lora", {}, TASK, model="bundled"))
    values["task"]["template"] = "no column"

    with pytest.raises(UserError, match="shows no column"):
        decode("EstimateCost", values)


def test_what_no_json_has_a_word_for_is_not_sent() -> None:
    with pytest.raises(Mismatch, match="a set cannot be sent"):
        to_json(ScoreArm(ARM, {"a", "b"}, model=""))


def test_a_type_nobody_can_read_is_a_fault_of_the_programme() -> None:
    @dataclass(frozen=True)
    class Odd:
        names: set[str]

    with pytest.raises(TypeError, match=r"Odd\.names is declared"):
        from_json(Odd, {"names": []})


def test_a_whole_number_is_a_float_where_one_is_wanted() -> None:
    cost = from_json(Cost, {**sent(Cost(1, 0.5, 2, 3)), "share": 1})

    assert type(cost.share) is float


def test_messages_come_through_as_lines_and_nothing_else_does() -> None:
    for message in (Done(1, 8), Refused(2, "No.")):
        line = message_line(message).encode()
        assert parsed_message(line) == message
        assert parsed_message(line[:-1]) is None
    for line in (b"3\n", b"{}\n", b'{"id": 1}\n', b'{"id": "1", "done": 1}\n', b""):
        assert parsed_message(line) is None, line


def test_a_request_that_cannot_be_read_still_has_its_number() -> None:
    number, found = parsed_request('{"id": 7, "job": "Merge", "request": {}}')

    assert number == 7
    assert isinstance(found, Mismatch)
