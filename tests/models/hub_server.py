"""A small server on this machine that speaks enough of the Hub's protocol for models."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHA = "c0ffee" + "0" * 34
ROOT = Path(__file__).parents[2]


class Hub(BaseHTTPRequestHandler):
    """Serves `files`: repository id -> name -> bytes. The ids below are of such as their names say.
    asked: the path and the Authorization header of every request."""

    files: dict[str, dict[str, bytes]]
    asked: list[tuple[str, str | None]]
    over: threading.Event  # those who wait for a slow one go on
    gated = "them/gated"
    huge = "them/huge"
    private = "them/private"
    busy = "them/busy"
    slow = "them/slow"
    login = "them/login"  # a network that answers for everybody, with a page
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0].strip("/")
        self.asked.append((path, self.headers.get("Authorization")))
        if path.startswith("api/models/"):
            return self._describe("/".join(path.split("/")[2:4]), path)
        owner, name, _, _, *rest = path.split("/")
        self._file(f"{owner}/{name}", "/".join(rest))

    do_HEAD = do_GET

    def _describe(self, repository: str, path: str) -> None:
        if repository == self.slow:
            self.over.wait()
        if repository in (self.private, self.busy):
            return self._send({self.private: 401, self.busy: 503}[repository], b"{}", {})
        if repository == self.login:
            return self._send(200, b"<html>Log in</html>", {})
        if repository not in self.files:
            return self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        names = self.files[repository]
        size = {n: 10**18 if repository == self.huge else len(b) for n, b in names.items()}
        if "/tree/" in path:
            listed = [
                {"type": "file", "path": n, "size": size[n], "oid": _etag(b)}
                for n, b in names.items()
            ]
            return self._send(200, json.dumps(listed).encode(), {})
        siblings = [{"rfilename": n, "size": size[n], "blobId": _etag(names[n])} for n in names]
        info = {"id": repository, "modelId": repository, "sha": SHA, "siblings": siblings}
        self._send(200, json.dumps(info).encode(), {})

    def _file(self, repository: str, name: str) -> None:
        if repository == self.gated:
            return self._send(403, b"", {"X-Error-Code": "GatedRepo"})
        body = self.files.get(repository, {}).get(name)
        if body is None:
            return self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
        self._send(200, body, {"ETag": f'"{_etag(body)}"', "X-Repo-Commit": SHA})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is for failures."""


def _etag(body: bytes) -> str:
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()


@contextmanager
def serving(files: dict[str, dict[str, bytes]]) -> Iterator[tuple[str, type[Hub]]]:
    """The address of a Hub with these files, and the handler, which remembers what it was asked."""
    handler = type("Served", (Hub,), {"files": files, "asked": [], "over": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        handler.over.set()
        server.shutdown()
        server.server_close()


def said_by(script: str, endpoint: str, cache: Path, *given: str, **more: str) -> list:
    """What a script prints, as JSON, in a process of its own: the Hub's address is read at
    import."""
    hidden = ("HF_", "HUGGING", "TRANSFORMERS_", "HTTP", "http", "ALL_PROXY", "all_proxy")
    env = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
    env |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(cache), "HF_HUB_DISABLE_TELEMETRY": "1", **more}
    done = subprocess.run(
        [sys.executable, "-c", script, *given],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
