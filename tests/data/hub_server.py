"""A small stand-in for the Hub on the loopback: enough of its protocol to stream a data set."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHUT = "shut/gated"  # answered with 401, as the Hub answers strangers


class HubHandler(BaseHTTPRequestHandler):
    """Serves the folders owner/name below `root` as data sets."""

    root: Path

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._answer()

    def log_message(self, *_) -> None:
        """Silence: pytest shows what matters."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/datasets/"):
            self._api(path.removeprefix("/api/datasets/").split("/"))
        elif path.startswith("/datasets/"):
            self._file(path.removeprefix("/datasets/").split("/"))
        else:
            self._send(404, b"")

    def _api(self, parts: list[str]) -> None:
        name, what = "/".join(parts[:2]), parts[2] if len(parts) > 2 else ""
        if name == SHUT:
            return self._send(401, b"", {"X-Error-Code": "GatedRepo"})
        if not (self.root / name).is_dir():
            return self._send(404, b"", {"X-Error-Code": "RepoNotFound"})
        files = self._files(name)
        if what == "tree":
            return self._json(self._below(files, "/".join(parts[4:])))
        if what == "paths-info":
            asked = json.loads(self.body).get("paths", [])
            return self._json([f for f in files if f["path"] in asked])
        siblings = [{"rfilename": f["path"]} for f in files]
        about = {"id": name, "sha": COMMIT, "siblings": siblings, "tags": [], "private": False}
        return self._json({**about, "gated": False, "disabled": False, "downloads": 0, "likes": 0})

    def _below(self, files: list[dict], folder: str) -> list[dict]:
        """What a folder holds: its own files and folders, or all below it when asked so."""
        start = f"{folder}/" if folder else ""
        inside = [f for f in files if f["path"].startswith(start)]
        if "recursive=true" in self.path.lower():
            return inside
        folders = {f["path"][len(start) :].split("/")[0] for f in inside if "/" in f["path"]}
        own = [f for f in inside if "/" not in f["path"][len(start) :]]
        names = sorted(folders - {f["path"][len(start) :] for f in own})
        return own + [{"type": "directory", "path": start + n, "oid": COMMIT} for n in names]

    def _files(self, name: str) -> list[dict]:
        folder = self.root / name
        return [
            {"type": "file", "path": p.relative_to(folder).as_posix(), "size": p.stat().st_size}
            | {"oid": COMMIT}
            for p in sorted(folder.rglob("*"))
            if p.is_file()
        ]

    def _file(self, parts: list[str]) -> None:
        file = self.root.joinpath(*parts[:2], *parts[4:])
        if not file.is_file():
            return self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
        content, headers = file.read_bytes(), {"ETag": '"e"', "X-Repo-Commit": COMMIT}
        wanted = self.headers.get("range", "")
        if not wanted.startswith("bytes="):
            return self._send(200, content, headers)
        first, last = wanted.removeprefix("bytes=").split("-")
        start, end = int(first), min(int(last or len(content)), len(content) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return self._send(206, content[start : end + 1], headers)

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {"Content-Length": str(len(content)), "Accept-Ranges": "bytes"} | (headers or {})
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def serve(root: Path) -> ThreadingHTTPServer:
    """A server on a free port, not yet running; `shutdown` and `server_close` end it."""
    handler = type("Handler", (HubHandler,), {"root": root})
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)
