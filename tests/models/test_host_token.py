"""The Hub's token of whoever runs this machine never leaves it for a stranger, however it is kept.

A stand-in for the Hub notes who asks with what; its files lie on another host, as the Hub's do.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import app
from playground.data import hub
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.host_token import without_token

ROOT = Path(__file__).parents[2]
SECRET = "hf_thisMachinesOwnSecretToken"
SHA = "c0ffee" + "0" * 34
FETCH = "from playground.models.hub import fetch; print(fetch('them/private', weights=False))"
Heard = list[tuple[str, str]]  # path, and the authorization that came with it


class Recorder(BaseHTTPRequestHandler):
    """Knows one model; notes every request in `heard`. files: where its files are, if elsewhere."""

    heard: Heard
    files = ""

    def do_GET(self) -> None:
        self.heard.append((self.path, self.headers.get("authorization", "")))
        path = self.path.split("?")[0]
        if path.startswith("/api/models/"):
            names = [{"rfilename": "config.json", "size": 2, "blobId": SHA}]
            tree = [{"type": "file", "path": "config.json", "size": 2, "oid": SHA}]
            about = {"id": "them/private", "modelId": "them/private", "sha": SHA, "siblings": names}
            self._send(200, json.dumps(tree if "/tree/" in path else about).encode(), {})
        elif path.startswith("/api/"):
            self._send(401, b"{}", {"X-Error-Code": "RepoNotFound"})
        elif self.files:
            size = {"X-Linked-Size": "2", "X-Linked-Etag": f'"{SHA}"', "X-Repo-Commit": SHA}
            self._send(302, b"", {**size, "ETag": f'"{SHA}"', "Location": self.files + path})
        else:
            self._send(200, b"{}", {"ETag": f'"{SHA}"', "X-Repo-Commit": SHA})

    do_HEAD = do_POST = do_GET

    def _send(self, status: int, body: bytes, heads: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**heads, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is for failures."""


def recording(heard: Heard, files: str = "") -> ThreadingHTTPServer:
    handler = type("Handler", (Recorder,), {"heard": heard, "files": files})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def hubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Heard, Heard]]:
    """What the Hub hears, and the other host its files are on; the token is kept in every way."""
    here, there = [], []
    elsewhere = recording(there)
    server = recording(here, f"http://localhost:{elsewhere.server_port}")
    for name in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
        monkeypatch.delenv(name)
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text(SECRET)
    (tmp_path / "elsewhere").write_text(SECRET)
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    kept = {
        **{"HF_TOKEN": SECRET, "HUGGING_FACE_HUB_TOKEN": SECRET, "HF_HOME": str(tmp_path / "hf")},
        **{"HF_TOKEN_PATH": str(tmp_path / "elsewhere"), "HUGGINGFACEHUB_API_TOKEN": SECRET},
        **{
            "NETRC": str(tmp_path / "netrc"),
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        },
        **{"HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "*"},
    }
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    yield here, there
    for one in (server, elsewhere):
        one.shutdown()
        one.server_close()


def fetched(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", FETCH]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def secrets(heard: Heard) -> list[str]:
    return [path for path, authorization in heard if authorization]


def test_the_token_goes_out_for_oneself_and_follows_no_redirect(hubs):
    here, there = hubs
    fetched(dict(os.environ))

    assert secrets(here), "else the next test shows nothing"
    assert there, "the file lies on the other host"
    assert not secrets(there)


def test_no_spelling_of_the_token_goes_out_for_a_stranger(hubs):
    here, there = hubs
    fetched(without_token(os.environ))

    assert here
    assert there
    assert secrets(here) == secrets(there) == []


def test_no_data_set_is_asked_for_with_it_either(hubs):
    here, _ = hubs
    with pytest.raises(UserError, match="no open data set"):
        hub.read_hub("them/private", token=False)

    assert here
    assert secrets(here) == []


def test_a_visitors_own_token_goes_out_for_them_and_the_hosts_does_not(hubs, tmp_path):
    here, _ = hubs
    with pytest.raises(UserError, match="no open data set"):
        hub.read_hub("them/private", token="hf_theVisitorsOwn")

    assert {authorization for _, authorization in here} == {"Bearer hf_theVisitorsOwn"}
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"hf_theVisitorsOwn" in path.read_bytes()]


@pytest.mark.parametrize("more", [{}, {"SPACE_ID": "me/page"}])
def test_a_process_that_works_for_strangers_does_not_even_know_it(
    hubs, tmp_path, monkeypatch, more
):
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    processes = Processes(tmp_path, fork=False, host_token=bool(more))  # a Space never may
    process = processes.start("tests.executors.environment", tmp_path / "log")
    told = json.loads(process.stdout.readline())
    process.wait()

    assert not [name for name, value in told.items() if SECRET in value]
    assert told["HF_HUB_DISABLE_IMPLICIT_TOKEN"] == "1"
    assert told["HF_TOKEN_PATH"] == told["NETRC"] == os.devnull
    assert told["HF_ENDPOINT"] == os.environ["HF_ENDPOINT"], "only what is secret goes"


@pytest.mark.parametrize(
    ("environment", "alone"),
    [
        ({}, True),
        ({"GRADIO_SERVER_NAME": ""}, True),
        ({"GRADIO_SERVER_NAME": "127.0.0.1"}, True),
        ({"GRADIO_SERVER_NAME": "localhost"}, True),
        ({"GRADIO_SERVER_NAME": "[::1]"}, True),
        ({"GRADIO_SERVER_NAME": "0.0.0.0"}, False),
        ({"GRADIO_SERVER_NAME": "::"}, False),
        ({"GRADIO_SERVER_NAME": "192.168.1.4"}, False),
        ({"GRADIO_SERVER_NAME": "my-machine"}, False),
        ({"SPACE_ID": "me/page"}, False),
        ({"SPACE_ID": ""}, False),
        ({"PLAYGROUND_HOSTS": "class.example.org"}, False),
        ({"PLAYGROUND_PROXIES": "1"}, False),
    ],
)
def test_only_who_is_alone_on_the_machine_asks_with_its_token(environment, alone):
    assert app.is_alone(environment) is alone
