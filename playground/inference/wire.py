"""The lines between client and inference worker: one JSON object each, a request or a message."""

import json
from dataclasses import dataclass, fields
from typing import Any

from playground.executors import codec
from playground.inference.requests import Request, decode


@dataclass(frozen=True)
class Alive:
    """A sign of life, whatever the worker does."""

    alive: bool


@dataclass(frozen=True)
class Done:
    """So many rows of a request are done."""

    id: int
    done: int


@dataclass(frozen=True)
class Replied:
    """The reply to a request, as plain values."""

    id: int
    reply: object


@dataclass(frozen=True)
class Refused:
    """There is no reply to a request; a sentence says why."""

    id: int
    error: str


Message = Alive | Done | Replied | Refused
BY_FIELDS: dict[frozenset[str], type[Message]] = {
    frozenset(one.name for one in fields(kind)): kind for kind in (Alive, Done, Replied, Refused)
}


@dataclass(frozen=True)
class Numbered:
    """A request on its way to the worker. job: its kind, a key of REQUESTS."""

    id: int
    job: str
    request: object


def numbered(number: int, request: Request[Any]) -> Numbered:
    """The request as it is sent."""
    return Numbered(number, type(request).__name__, request)


def parsed_request(line: str) -> tuple[int, Request[Any] | codec.Mismatch]:
    """The number of a request and the request, or what is wrong with it. Raises codec.Mismatch for
    a line that is not even numbered."""
    sent = codec.from_json(Numbered, json.loads(line))
    try:
        return sent.id, decode(sent.job, sent.request)
    except codec.Mismatch as mismatch:
        return sent.id, mismatch


def message_line(message: Message) -> str:
    """The message as a line, with its end."""
    return json.dumps(codec.to_json(message)) + "\n"


def parsed_message(line: bytes) -> Message | None:
    """The message in a line; None at the end, for half a line, one without end, and for garbage."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
        kind = BY_FIELDS[frozenset(record)] if isinstance(record, dict) else None
        return None if kind is None else codec.from_json(kind, record)
    except (ValueError, KeyError, RecursionError):
        return None
