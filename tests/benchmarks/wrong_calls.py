"""Calls that a server has to answer with a sentence: right ones, changed at random."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

API = "/gradio_api"
OWNER = "a secret that was made up for calls"
TASK = {
    "template": "{text} It is",
    "label_words": {"good": "good", "bad": "bad"},
    "label_column": "mood",
}
SPEC = {"task": TASK, "settings": {"steps": 2}, "labels_per_class": 4}
# JSON as text, so that what Python would not write can be sent as well.
ODD = (
    *("null", "true", "false", "0", "-1", "1", "3.5", "1e999", "-1e999", "NaN", "Infinity"),
    *('""', '" "', '"a"', '"0"', '"\\ud800"', '"x\\u0000y"', '"=1+1"'),
    *(
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "[1]",
        '["a"]',
        "[true]",
        '{"a": 1}',
        '{"path": "/etc/passwd"}',
    ),
    *('"../../etc/passwd"', '{"path": "/etc/passwd"}', '{"path": 3}'),
    *('{"task": 3}', '{"\\ud83d": 1}', '[1, "a", null, {}]'),
    *("9" * 30, "9" * 5_000, "-" + "9" * 400, '"' + "x" * 100_000 + '"'),
    *("[" * 50 + "]" * 50, "[" * 900 + "]" * 900, "[" * 100_000, '{"a":' * 40 + "1" + "}" * 40),
    *('"sample:film-reviews"', '"sample:nothing"', '"bundled"', '"owner/name"', '"\\r\\n"'),
)


@dataclass(frozen=True)
class Call:
    """One request. stream: the address its answer comes on, {} standing for the event's id."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"
    stream: str = ""


@dataclass(frozen=True)
class Known:
    """What of a running server a call can name. named: right arguments of each endpoint as JSON
    texts; events: the page's own events with their numbers of arguments; functions: ids of
    components and the functions they serve."""

    named: dict[str, list[str]]
    events: list[tuple[int, int]]
    functions: list[tuple[int, str]]


def known(config: dict[str, Any], table: str, run: str) -> Known:
    """What the server's own description and a run and a table of somebody's give."""
    owner, task, texts = json.dumps(OWNER), json.dumps(SPEC), json.dumps([run])
    options = json.dumps({"table": table, "spec": SPEC})
    return Known(
        named={
            "read": [json.dumps("text,mood\na day,good\na night,bad\n"), "null"],
            "start": [json.dumps(table), task, owner],
            "events": [json.dumps(run), "0", owner],
            "ask": ['"a fine day"', texts, "[0, 1]", options, owner],
            "ask_tasks": ['"a fine day"', texts, owner],
            "stop": [json.dumps(run), owner],
            "runs": [owner],
            "ledger": [texts, "false", owner],
            "export": [json.dumps(run), owner],
            "compare": [texts, "[0]", options, owner],
        },
        events=[
            (one["id"], len(one["inputs"])) for one in config["dependencies"] if one["backend_fn"]
        ],
        functions=[
            (one["id"], name)
            for one in config["components"]
            for name in one["props"].get("server_fns") or ()
        ],
    )


def calls(number: int, seed: int, what: Known) -> list[Call]:
    """So many calls; the same for the same seed."""
    chance = random.Random(seed)
    makers: list[tuple[int, Callable[[random.Random, Known, int], Call]]] = [
        *((9, _named), (6, _event), (4, _function), (2, _broken), (2, _upload), (2, _address)),
    ]
    weights = [weight for weight, _ in makers]
    chosen = chance.choices([maker for _, maker in makers], weights, k=number)
    return [maker(chance, what, index) for index, maker in enumerate(chosen)]


def _changed(chance: random.Random, arguments: list[str]) -> str:
    """A list of arguments as JSON, most of the time with something wrong."""
    sent = list(arguments)
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        if sent:
            sent[chance.randrange(len(sent))] = _odd(chance, sent)
    if chance.random() < 0.1:
        sent = sent[:-1] if chance.random() < 0.5 else [*sent, "1"]
    return "[" + ", ".join(sent) + "]"


def _odd(chance: random.Random, given: list[str]) -> str:
    """Something of another type, or an object of the call with one of its values changed."""
    objects = [json.loads(text) for text in given if text.startswith("{") and len(text) < 5_000]
    if objects and chance.random() < 0.5:
        return _within(chance, chance.choice(objects))
    return chance.choice(ODD)


def _within(chance: random.Random, value: dict[str, Any]) -> str:
    if not value:
        return "{}"
    name = chance.choice(list(value))
    inner = value[name]
    deeper = isinstance(inner, dict) and inner and chance.random() < 0.6
    new = _within(chance, inner) if deeper else chance.choice(ODD)
    others = {key: json.dumps(one) for key, one in value.items() if key != name}
    return "{" + ", ".join(f"{json.dumps(k)}: {v}" for k, v in {**others, name: new}.items()) + "}"


def _named(chance: random.Random, what: Known, index: int) -> Call:
    name = chance.choice(list(what.named))
    data = _changed(chance, what.named[name])
    if chance.random() < 0.1:
        return Call("POST", f"{API}/run/{name}", f'{{"data": {data}}}'.encode())
    if chance.random() < 0.1:
        body = f'{{"owner": {chance.choice(ODD)}, "run": {chance.choice(ODD)}}}'.encode()
        return Call("POST", f"{API}/call/v2/{name}", body, stream=f"{API}/call/{name}/{{}}")
    body = f'{{"data": {data}}}'.encode()
    return Call("POST", f"{API}/call/{name}", body, stream=f"{API}/call/{name}/{{}}")


def _event(chance: random.Random, what: Known, index: int) -> Call:
    number, arguments = chance.choice(what.events)
    data = _changed(chance, [chance.choice(ODD) for _ in range(arguments)])
    fn_index = chance.choice(ODD) if chance.random() < 0.1 else str(number)
    more = f', "event_data": {chance.choice(ODD)}' if chance.random() < 0.3 else ""
    more += f', "trigger_id": {chance.choice(ODD)}' if chance.random() < 0.2 else ""
    session = f"session-{index}"
    body = f'{{"data": {data}, "fn_index": {fn_index}, "session_hash": "{session}"{more}}}'
    if chance.random() < 0.4:
        return Call("POST", f"{API}/run/predict", body.encode())
    stream = f"{API}/queue/data?session_hash={session}"
    return Call("POST", f"{API}/queue/join", body.encode(), stream=stream)


def _function(chance: random.Random, what: Known, index: int) -> Call:
    component, name = chance.choice(what.functions)
    odd = chance.choice(("component_id", "fn_name", "session_hash", "", "", "", ""))
    sent = {
        "data": chance.choice(ODD),
        "component_id": str(component),
        "fn_name": json.dumps(name),
        "session_hash": f'"session-{index}"',
    }
    sent |= {odd: chance.choice(ODD)} if odd else {}
    body = "{" + ", ".join(f'"{key}": {value}' for key, value in sent.items()) + "}"
    return Call("POST", f"{API}/component_server", body.encode())


def _broken(chance: random.Random, what: Known, index: int) -> Call:
    """A body that is no call at all, or none that is read as JSON."""
    path = chance.choice(("queue/join", "call/read", "run/predict", "component_server", "cancel"))
    bodies = (b"", b"{", b"null", b"3", b"[]", b'{"data": null}', b"\xff\xfe", b'{"data": [1]} x')
    kind = chance.choice(("application/json", "text/plain", "", "multipart/form-data"))
    return Call("POST", f"{API}/{path}", chance.choice(bodies), kind)


def _upload(chance: random.Random, what: Known, index: int) -> Call:
    """A form with a file whose head is odd."""
    line = "form-data" + chance.choice(
        ("", '; name="files"', '; name="files"; filename=""', '; name="files"; filename="../a\\b"')
    )
    head = chance.choice(("Content-Disposition: " + line, "Content-Type: text/csv", ""))
    end = chance.choice(("\r\n--b--\r\n", "\r\n--b", ""))
    kind = chance.choice(("multipart/form-data; boundary=b", "multipart/form-data", "text/csv"))
    body = f"--b\r\n{head}\r\n\r\ntext,mood\r\n{end}".encode()
    path = chance.choice((f"{API}/upload", f"{API}/upload?upload_id=x", f"{API}/upload/"))
    return Call("POST", path, body, kind)


def _address(chance: random.Random, what: Known, index: int) -> Call:
    """Something that is not there, or that is asked for in another way."""
    method = chance.choice(("GET", "GET", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"))
    there = ("/config", "/healthz", f"{API}/info", "/gradio_api/file=/etc/passwd", "/download/x")
    gone = ("/nothing", f"{API}/call/read/x", f"{API}/queue/data?session_hash=x", "/%00", "/%ff")
    more = (f"{API}/queue/data", f"{API}/stream/a/b/c/d.ts", f"{API}/custom_component/a/b/c/d")
    also = (f"{API}/proxy=http://127.0.0.1/", f"{API}/vibe-code", "/monitoring", f"{API}/call/x/y")
    return Call(method, chance.choice((*there, *gone, *more, *also)))
