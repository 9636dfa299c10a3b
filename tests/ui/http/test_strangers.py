"""What stands between strangers and the page: calls that are none, streams, seats, uploads."""

import asyncio
import errno
import json
import threading
from functools import partial
from pathlib import Path

import gradio as gr
import pytest
from gradio.state_holder import StateHolder
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from playground import limits
from playground.errors import UserError
from playground.inference.line import WHO, Who
from playground.ui.http.crowd import Crowd
from playground.ui.http.gate import Gate
from playground.ui.http.listening import (
    ARRIVAL_SECONDS,
    RETURN_SECONDS,
    Listeners,
    Listening,
    callers,
    tab,
)
from playground.ui.http.origin import KEY, Origins, Visited
from playground.ui.http.pace import Pace
from playground.ui.http.seats import Room, Seats
from playground.ui.http.sentences import HANDLERS, Sentences
from playground.ui.http.sessions import Sessions
from playground.ui.http.unread import Unread
from playground.ui.http.uploads import Uploads
from tests.ui.http.bare import asked, reached
from tests.waiting import run

JOIN = "/gradio_api/queue/join"


async def echo(request: Request) -> Response:
    return Response(await request.body())


async def fails(request: Request) -> Response:
    raise KeyError("no such component")


async def refuses(request: Request) -> Response:
    raise HTTPException(int(request.query_params["status"]))


def app(*middleware: Middleware, **routes: object) -> TestClient:
    """Behind the middleware: routes by name, and for all else an echo."""
    own = [Route(f"/{name}", call, methods=["GET", "POST"]) for name, call in routes.items()]
    every = [*own, Route("/{path:path}", echo, methods=["GET", "POST"])]
    made = Starlette(routes=every, middleware=list(middleware), exception_handlers=HANDLERS)
    return TestClient(made, raise_server_exceptions=True)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("call/read", b"", "no JSON"),
        ("call/read", b"{", "no JSON"),
        ("call/read", b"\xff\xfe", "no JSON"),
        ("call/read", b"null", "no JSON object"),
        ("call/read", b"[1]", "no JSON object"),
        ("call/read", b"{}", '"data" is no list'),
        ("call/read", b'{"data": null}', '"data" is no list'),
        ("call/read", b'{"data": {"a": 1}}', '"data" is no list'),
        ("call/read", b'{"data": [NaN]}', "NaN is no number"),
        ("run/read", b'{"data": [-Infinity]}', "-Infinity is no number"),
        ("call/read", b'{"data": [1e999]}', "too large"),
        ("call/read", b'{"data": [[{"a": -1e999}]]}', "too large"),
        ("call/read", b'{"data": [' + b"9" * 20 + b"]}", "63 bits"),
        ("call/read", b'{"data": [' + b"9" * 5_000 + b"]}", "no JSON"),
        ("call/read", b'{"data": ' + b"[" * 80 + b"]" * 80 + b"}", "nested"),
        ("call/read", b'{"data": ' + b"[" * 200_000, "no JSON"),
        ("call/v2/read", b'{"source": Infinity}', "Infinity"),
        ("queue/join", b'{"data": []}', "session_hash"),
        ("queue/join", b'{"data": [], "session_hash": 3}', "session_hash"),
        ("queue/join", b'{"data": [], "session_hash": "a b"}', "session_hash"),
        ("queue/join", b'{"data": [], "session_hash": "a", "fn_index": "0"}', "fn_index"),
        ("queue/join", b'{"data": [], "session_hash": "a", "fn_index": true}', "fn_index"),
        ("queue/join", b'{"data": [], "session_hash": "a", "trigger_id": [1]}', "trigger_id"),
        ("queue/join", b'{"data": [], "session_hash": "a", "batched": true}', "batches"),
        ("component_server", b'{"data": 1, "session_hash": "a"}', "component_id"),
        ("component_server/", b'{"data": 1, "component_id": 1}', "session_hash"),
    ],
)
def test_what_is_no_call_is_told_why(path: str, body: bytes, said: str):
    answer = app(Middleware(Gate)).post(f"/gradio_api/{path}", content=body)

    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_half_a_character_is_mended_and_the_rest_passes_as_it_is():
    client = app(Middleware(Gate))
    whole = b'{"data": ["\\ud83d\\ude00",  1.50], "session_hash": "a-1_B", "fn_index": 0}'
    half = b'{"data": ["a\\ud83d", {"\\uDE00": 1}]}'

    assert json.loads(client.post(JOIN, content=whole).content) == json.loads(whole)
    mended = client.post("/gradio_api/call/read", content=half)
    assert json.loads(mended.content) == {"data": ["a\ufffd", {"\ufffd": 1}]}
    assert client.post("/gradio_api/upload", content=b"\xff{").content == b"\xff{"


def test_what_no_route_can_answer_is_answered_with_a_sentence(capsys):
    client = app(Middleware(Sentences), fails=fails)

    answer = client.post("/fails")

    assert answer.status_code == 400
    assert "not understood" in answer.json()["detail"]
    assert "KeyError at test_strangers.py" in capsys.readouterr().out


def test_a_full_disk_is_not_the_senders_mistake():
    async def full(request: Request) -> Response:
        raise OSError(errno.ENOSPC, "No space left on device")

    answer = app(Middleware(Sentences), full=full).post("/full")

    assert answer.status_code == 507
    assert "disk that holds the runs is full" in answer.json()["detail"]


def test_what_has_begun_to_be_answered_is_ended():
    async def breaks(request: Request) -> Response:
        async def parts():
            yield "one"
            raise ValueError("no more")

        return StreamingResponse(parts())

    assert app(Middleware(Sentences), breaks=breaks).get("/breaks").text == "one"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 418, 503])
def test_a_bare_status_gets_a_sentence(status: int):
    answer = app(Middleware(Sentences), refuses=refuses).get(f"/refuses?status={status}")

    assert answer.status_code == status
    assert len(answer.json()["detail"].split()) > 3


def test_an_error_of_a_direct_call_is_the_callers():
    async def told(request: Request) -> Response:
        return JSONResponse({"error": "Choose a table."}, 500)

    assert app(Middleware(Sentences), told=told).get("/told").status_code == 422


def test_whoever_made_a_call_is_waited_for_and_then_is_gone():
    now = [100.0]
    listeners = Listeners(lambda: now[0])
    waits = listeners.waits(("session", "event"))
    assert waits(), "the stream is still to be opened"
    now[0] += ARRIVAL_SECONDS + 1
    assert not waits(), "it never was"

    waits = listeners.waits(("session", "event"))
    listeners.opened("event")
    now[0] += 1_000
    assert waits()
    listeners.closed("event")
    assert waits(), "a stream that broke off may come back"
    now[0] += RETURN_SECONDS
    assert not waits()
    listeners.opened("session")
    assert waits()
    listeners.closed("session")
    assert listeners.waits(("session", "event"))(), "another call, another stream"


def test_an_open_tab_is_waited_for_however_late_its_stream_comes():
    now = [0.0]
    listeners = Listeners(lambda: now[0])
    listeners.opened(tab("session"))
    waits = listeners.waits(callers("session", "event"))
    now[0] = 100.0
    assert waits()
    listeners.closed(tab("session"))
    now[0] += 2 * RETURN_SECONDS
    assert not waits()
    assert callers("", "event") == ("event",)


def test_what_a_tab_left_behind_is_tidied_away_with_its_last_stream():
    listeners, tidied = Listeners(), []
    listeners.when_left("a", partial(tidied.append, "a"))
    listeners.when_left("b", partial(tidied.append, "b"))
    for _ in range(2):
        listeners.opened(tab("a"))
    listeners.closed(tab("a"))
    assert tidied == []
    assert not listeners.has_left("a")

    listeners.closed(tab("a"))
    listeners.closed("a")

    assert tidied == ["a"]
    assert listeners.has_left("a")
    assert not listeners.has_left("b"), "a client that never had a tab has not left it"


def test_a_stream_counts_until_its_client_goes_though_nothing_is_sent():
    async def scene() -> list[bool]:
        listeners, seen = Listeners(), []
        waits = listeners.waits(("abc",))
        going, opened = asyncio.Event(), asyncio.Event()

        async def silent(scope, receive, send) -> None:
            opened.set()
            while (await receive())["type"] != "http.disconnect":
                pass

        async def receive() -> Message:
            await going.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            raise AssertionError("nothing is sent")

        path, query = "/gradio_api/queue/data", b"session_hash=abc"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query}
        stream = asyncio.create_task(Listening(silent, listeners)(scope, receive, send))
        await opened.wait()
        seen.append("abc" in listeners._open)
        going.set()
        await stream
        return [*seen, "abc" in listeners._open, waits()]

    assert run(scene()) == [True, False, True]


def test_a_stream_of_nothing_says_so():
    async def unknown(request: Request) -> Response:
        return PlainTextResponse('event: error\ndata: "404: Not Found"\n\n')

    routes = {"gradio_api/call/read/{event}": unknown, "gradio_api/queue/data": unknown}
    client = app(Middleware(Listening, listeners=Listeners()), **routes)

    for path in ("call/read/x", "queue/data?session_hash=x", "queue/data?session_hash="):
        assert "Nothing is known by this id" in client.get(f"/gradio_api/{path}").text


def test_who_has_no_seat_waits_and_one_too_many_of_an_address_is_told():
    seats = Seats(Room(seats=2, each=1, near=2, all=3), "files wait")
    entered, leave = [], {name: threading.Event() for name in ("ada", "ada again", "bob")}

    def sit(name: str) -> None:
        WHO.set(Who(name.split()[0], "an invented token"))
        with seats.seat():
            entered.append(name)
            leave[name].wait(30)

    def begin(name: str) -> threading.Thread:
        thread = threading.Thread(target=sit, args=(name,))
        thread.start()
        return thread

    def there(number: int) -> None:
        with seats._changed:
            assert seats._changed.wait_for(lambda: seats._there.total() >= number, 30)

    first = begin("ada")
    with seats._changed:
        seats._changed.wait_for(lambda: seats._sitting["ada"] == 1, 30)
    second = begin("ada again")
    while seats._there["ada"] < 2:
        second.join(0.01)
    third = begin("bob")
    while "bob" not in entered:
        third.join(0.01)

    assert entered == ["ada", "bob"], "ada's second waits, bob does not wait for it"
    WHO.set(Who("ada", "yet another token"))
    with pytest.raises(UserError, match="2 files wait from your address"), seats.seat():
        pass
    WHO.set(Who("eve"))
    with pytest.raises(UserError, match="3 files wait"), seats.seat():
        pass
    for event in leave.values():
        event.set()
    for thread in (first, second, third):
        thread.join(30)
    assert entered == ["ada", "bob", "ada again"]
    WHO.set(Who())


def test_uploads_that_nobody_reads_are_counted_by_address(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS_PER_ORIGIN", 2)

    async def upload(request: Request) -> Response:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        path.write_bytes(await request.body())
        return JSONResponse([str(path)])

    stack = (Middleware(Visited, origins=Origins(proxies=1)), Middleware(Uploads, unread=Unread()))
    client = app(*stack, **{"gradio_api/upload": upload})

    def send(address: str, told: str = "") -> Response:
        heads = {"x-forwarded-for": f"{told}{address}"}
        return client.post("/gradio_api/upload", content=b"x", headers=heads)

    paths = [Path(send("10.0.0.1").json()[0]) for _ in range(2)]
    refused = send("10.0.0.1", "1.2.3.4, ")
    assert refused.status_code == 429
    assert "never read" in refused.json()["detail"]
    assert send("10.0.0.2").status_code == 200
    paths[0].unlink()  # as reading it does
    assert send("10.0.0.1").status_code == 200


def test_a_room_of_people_may_send_their_files_at_once(monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS_AT_ONCE", 2)
    monkeypatch.setattr(limits, "UPLOADS_WAITING", 5)
    coming, most = 0, 0

    async def upload(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal coming, most
        coming, most = coming + 1, max(most, coming + 1)
        for _ in range(20):
            await asyncio.sleep(0)  # others may come meanwhile
        coming -= 1
        await reached(scope, receive, send)

    async def scene() -> list[int]:
        taking = Uploads(upload, Unread())
        sent = (asked(taking, path="/gradio_api/upload", **{KEY: "a room"}) for _ in range(6))
        return [said[0]["status"] for said in await asyncio.gather(*sent)]

    assert sorted(run(scene())) == [200] * 5 + [429]
    assert most == 2


def test_a_file_that_hardly_comes_holds_no_place_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_SILENCE_SECONDS", 0.05)
    route = Route("/{path:path}", echo, methods=["POST"])
    taking = Starlette(routes=[route], middleware=[Middleware(Uploads, unread=Unread())])

    async def scene(parts: list[bytes]) -> list[Message]:
        said: list[Message] = []
        left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

        async def receive() -> Message:
            return left.pop(0) if left else await asyncio.Event().wait()

        async def send(message: Message) -> None:
            said.append(message)

        scope = {"type": "http", "method": "POST", "path": "/gradio_api/upload", "headers": []}
        await taking({**scope, "query_string": b"", KEY: "a room"}, receive, send)
        return said

    for parts in ([], [b"x"] * 5):
        start, body = run(scene(parts))
        assert start["status"] == 408
        assert b"too slowly" in body["body"]


def test_an_upload_has_the_longer_the_more_has_come(monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_SILENCE_SECONDS", 1.0)
    monkeypatch.setattr(limits, "UPLOAD_BYTES_A_SECOND", 10)
    now = [0.0]
    sent = iter([b"x" * 100, b"x" * 10])

    async def receive() -> Message:
        now[0] += 6.0
        return {"type": "http.request", "body": next(sent), "more_body": True}

    pace = Pace(receive, lambda: now[0])

    async def scene() -> list[str]:
        return [(await pace())["type"] for _ in range(2)]

    assert run(scene()) == ["http.request"] * 2
    assert not pace.late


def test_the_streams_of_an_address_are_counted_while_they_are_open(monkeypatch):
    monkeypatch.setattr(limits, "OPEN_PER_ORIGIN", 2)
    crowd: list[str] = []

    async def scene() -> list[int]:
        over = asyncio.Event()

        async def stays(scope: Scope, receive: Receive, send: Send) -> None:
            crowd.append(scope[KEY])
            await over.wait()
            await reached(scope, receive, send)

        door = Crowd(stays)
        inside = [asyncio.create_task(asked(door, **{KEY: "a room"})) for _ in range(2)]
        while len(crowd) < 2:
            await asyncio.sleep(0)
        refused = await asked(door, **{KEY: "a room"})
        other = asyncio.create_task(asked(door, **{KEY: "elsewhere"}))
        over.set()
        said = [
            refused,
            *await asyncio.gather(*inside, other),
            await asked(door, **{KEY: "a room"}),
        ]
        return [answer[0]["status"] for answer in said]

    assert run(scene()) == [429, 200, 200, 200, 200]


def test_a_file_for_a_home_that_is_gone_is_not_taken(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gone" / "uploads"))

    answer = app(Middleware(Uploads, unread=Unread())).post("/gradio_api/upload", content=b"x")

    assert answer.status_code == 507
    assert "not there any more" in answer.json()["detail"]
    assert not list(tmp_path.iterdir())


def test_a_call_knows_where_it_comes_from():
    async def said(request: Request) -> Response:
        return PlainTextResponse(WHO.get().origin)

    client = app(Middleware(Visited, origins=Origins()), said=said)

    assert client.get("/said", headers={"x-forwarded-for": "9.9.9.9"}).text == "testclient"
    assert WHO.get().origin == ""


def test_what_is_neither_page_nor_stream_is_closed():
    async def scene() -> list[Message]:
        return await asked(Sentences(reached), type="websocket")

    assert run(scene()) == [{"type": "websocket.close", "code": 1008}]


def test_invented_tabs_push_nobody_elses_out(monkeypatch):
    monkeypatch.setattr(limits, "SESSIONS_PER_ORIGIN", 2)
    page = gr.Blocks()
    holder = StateHolder()
    holder.set_blocks(page)
    sessions = Sessions()
    sessions.keep_in(holder)

    for origin, name in (("bob", "bob's"), ("ada", "a"), ("ada", "b"), ("ada", "a"), ("ada", "c")):
        assert holder[name] is not None
        sessions.seen(origin, name)

    assert list(holder.session_data) == ["bob's", "a", "c"]
    sessions.forget("a")
    assert "a" not in holder
