"""The server around the page: caps, headers, compressed files, tickets for downloads."""

import gc
import gzip
import urllib.request

import brotli
import pytest
from gradio.routes import App
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.api import Playground
from playground.ui.components import assets
from playground.ui.http.downloads import SECONDS, Downloads
from playground.ui.http.middleware import PLOTLY, BodyLimit, Precompressed, static_file
from playground.ui.launch import serve
from tests.ui.http.bare import asked, reached
from tests.waiting import run


async def echo_size(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def server(*middleware: Middleware) -> TestClient:
    routes = [Route("/{path:path}", echo_size, methods=["GET", "POST"])]
    return TestClient(Starlette(routes=routes, middleware=list(middleware)))


def chunks(size: int, count: int):
    for _ in range(count):
        yield b"x" * size


def test_a_body_up_to_the_cap_passes_and_a_bigger_one_is_refused_by_its_length():
    client = server(Middleware(BodyLimit, cap=1000))

    assert client.post("/call", content=b"x" * 1000).text == "1000"
    refused = client.post("/call", content=b"x" * 1001)
    assert (refused.status_code, refused.json()) == (
        413,
        {"detail": "Send at most 1,000 bytes at once."},
    )


def test_a_body_that_names_no_length_is_cut_off_at_the_cap():
    client = server(Middleware(BodyLimit, cap=1000))

    assert client.post("/call", content=chunks(100, 10)).text == "1000"
    refused = client.post("/call", content=chunks(100, 11))
    assert (refused.status_code, refused.json()["detail"]) == (
        413,
        "Send at most 1,000 bytes at once.",
    )


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"", b"9" * 400, b"\xc2\xb2"])
def test_a_length_that_is_none_is_refused(length: bytes):
    client = server(Middleware(BodyLimit, cap=1000))

    refused = client.post("/call", content=b"x", headers={b"content-length": length})

    assert refused.status_code in (400, 413)
    assert refused.json()["detail"]


def test_two_lengths_are_refused():
    heads = [(b"content-length", b"1"), (b"content-length", b"2")]

    said = run(asked(BodyLimit(reached), heads))

    assert said[0]["status"] == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/gradio_api/upload", 200),
        ("/gradio_api/upload/", 413),
        ("/gradio_api/call/upload", 413),
        ("/gradio_api/run/upload", 413),
        ("/upload", 413),
        ("/x/gradio_api/upload", 413),
        ("/gradio_api//upload", 413),
        ("/gradio_api/UPLOAD", 413),
        ("/gradio_api/upload%2f", 413),
        ("/gradio_api/upload;x", 413),
    ],
)
def test_only_the_route_that_takes_files_has_a_cap_of_its_own(path: str, status: int):
    client = server(Middleware(BodyLimit, cap=1000, upload=9000))

    assert client.post(path, content=b"x" * 5000).status_code == status
    assert client.post(path, content=chunks(100, 50)).status_code == status
    assert client.post(path, content=b"x" * 9001).status_code == 413
    assert client.post(path, content=chunks(1000, 10)).status_code == 413


def test_below_another_address_the_upload_is_still_known():
    app = Starlette(
        routes=[Route("/{path:path}", echo_size, methods=["POST"])],
        middleware=[Middleware(BodyLimit, cap=1000, upload=9000)],
    )
    client = TestClient(app, root_path="/class")

    assert client.post("/class/gradio_api/upload", content=b"x" * 5000).text == "5000"
    assert client.post("/class/other/upload", content=b"x" * 5000).status_code == 413


@pytest.mark.parametrize(
    ("offered", "unpack"), [("gzip, deflate, br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_plotly_is_sent_packed_the_way_the_browser_can_read(offered: str, unpack):
    client = server(Middleware(Precompressed))

    with client.stream("GET", "/own/plotly.min.js", headers={"accept-encoding": offered}) as answer:
        raw = b"".join(answer.iter_raw())

    assert unpack(raw) == PLOTLY.read_bytes()
    assert len(raw) < PLOTLY.stat().st_size / 2


def test_a_browser_that_reads_nothing_packed_gets_the_plain_file():
    client = server(Middleware(Precompressed))

    answer = client.get("/own/plotly.min.js", headers={"accept-encoding": "identity"})

    assert answer.content == PLOTLY.read_bytes()
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/own/../app.py",
        "/own/page.js",
        "/assets/../../../routes.py",
        "/static/js/../../../../__init__.py",
        "/assets/",
        "/etc/passwd",
    ],
)
def test_nothing_else_of_the_disk_is_served(path: str):
    assert static_file(path) is None


def test_a_download_works_once(tmp_path):
    file = tmp_path / "adapter.zip"
    file.write_bytes(b"zip")
    downloads = Downloads()
    client = TestClient(
        Starlette(routes=[Route("/download/{ticket}", downloads.answer, methods=["GET"])])
    )
    address = downloads.offer(file)

    first, second = client.get(address), client.get(address)

    assert (first.status_code, first.content) == (200, b"zip")
    assert "adapter.zip" in first.headers["content-disposition"]
    assert second.status_code == 404
    assert "Press the download button again" in second.text


def test_a_download_is_refused_when_it_is_too_old_or_was_never_offered(tmp_path):
    file = tmp_path / "adapter.zip"
    file.write_bytes(b"zip")
    now = [0.0]
    downloads = Downloads(clock=lambda: now[0])
    ticket = downloads.offer(file).removeprefix("download/")

    now[0] = SECONDS + 1

    assert downloads.take(ticket) is None
    assert downloads.take("guessed") is None


def test_every_style_and_script_of_ours_is_sent():
    assert ".head" in assets.style_sheets()
    assert "window.playground" in assets.script("components/page.js")


def test_one_web_application_is_made_and_the_collector_works_again(tmp_path, monkeypatch):
    made, create = [], App.create_app
    monkeypatch.setattr(
        App, "create_app", lambda *given, **named: made.append(create(*given, **named)) or made[-1]
    )
    demo, url = serve(Playground(tmp_path), "127.0.0.1", None)
    try:
        assert urllib.request.urlopen(f"{url}healthz", timeout=30).status == 200
        assert len(made) == 1
        assert gc.isenabled()
    finally:
        demo.close()
