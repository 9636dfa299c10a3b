"""Uploaded files that nobody has read yet. One may be several people's: it lies where its content
says, so that a room which sends one file has one file here."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

from playground import limits


@dataclass(frozen=True)
class Sent:
    """By whom, how many bytes, and when by time.monotonic(), which nobody sets."""

    whose: str
    size: int
    since: float


class Unread:
    """Who still has to read which file; one that all have read is deleted. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lying: dict[Path, list[Sent]] = {}
        self._done: set[Path] = set()
        self._coming = 0

    @contextmanager
    def coming(self) -> Iterator[None]:
        """While an upload is on its way nothing is deleted: it may be the same file again."""
        with self._lock:
            self._coming += 1
        try:
            yield
        finally:
            with self._lock:
                self._coming -= 1
                self._delete()

    def came(self, whose: str, path: Path, size: int) -> None:
        """Somebody has sent the file that lies here now."""
        with self._lock:
            self._lying.setdefault(path.resolve(), []).append(Sent(whose, size, time.monotonic()))

    def read(self, whose: str, path: Path) -> None:
        """Somebody has read it and needs it no more."""
        path = path.resolve()
        with self._lock:
            sent = self._lying.get(path, [])
            own = next((one for one in sent if one.whose == whose), None)
            if own is not None:
                sent.remove(own)
            if not sent:
                self._lying.pop(path, None)
                self._done.add(path)
            self._delete()

    def refusal(self, whose: str) -> str:
        """Why no more of this address may come, "" where it may."""
        with self._lock:
            self._forget()
            own = [[one for one in sent if one.whose == whose] for sent in self._lying.values()]
            number = sum(map(len, own))
            size = sum(sent[0].size for sent in own if sent)
            everything = sum(sent[0].size for sent in self._lying.values())
        if number >= limits.UPLOADS_PER_ORIGIN or size > limits.UPLOADS_PER_ORIGIN_BYTES:
            return (
                f"{number} files from your address ({size / 1e6:.0f} MB) were uploaded and never"
                " read. Read them, or wait an hour until they are swept away."
            )
        if everything > limits.UPLOADS_BYTES:
            return "More uploaded files wait here than there is room for. Try again in an hour."
        return ""

    def _forget(self) -> None:
        """Drop what is gone, and what nobody has read for long."""
        last = time.monotonic() - limits.UPLOAD_SECONDS
        for path, sent in list(self._lying.items()):
            self._lying[path] = late = [one for one in sent if one.since >= last]
            if not late:
                self._done.add(path)
            if not late or not path.is_file():
                del self._lying[path]
        self._delete()

    def _delete(self) -> None:
        """What is read goes, and what is left of uploads that broke off."""
        if self._coming:
            return
        for path in self._done - self._lying.keys():
            path.unlink(missing_ok=True)
        self._done.clear()
        if (folder := own_folder()) is not None:
            for path in folder.glob("*"):  # whole ones lie in folders of theirs
                if path.is_file():
                    path.unlink(missing_ok=True)


def own_folder() -> Path | None:
    """Where uploads lie; None where gradio shares it with every other page of the machine."""
    folder = Path(get_upload_folder())
    return None if folder == (Path(tempfile.gettempdir()) / "gradio").resolve() else folder
