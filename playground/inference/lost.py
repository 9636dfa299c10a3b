"""Models that ended the inference worker, remembered for a while."""

import time

from playground import limits
from playground.models.catalogue import FOLDERS
from playground.runs.fingerprint import fingerprint

MOST = 256  # remembered at a time


class LostModels:
    """By whoever asked, its name and its files: one that was mended in the meantime is asked again,
    and what one address asked for closes no model to the others. A model that ships is never held
    against anybody: what ended the process was something else, such as memory."""

    def __init__(self, seconds: float = limits.LOST_SECONDS) -> None:
        self._seconds = seconds
        self._until: dict[tuple[str, str, str], float] = {}

    def remember(self, origin: str, model: str) -> None:
        if model and model not in FOLDERS:
            while len(self._until) >= MOST:
                del self._until[next(iter(self._until))]
            self._until[origin, model, _files(model)] = time.monotonic() + self._seconds

    def remembers(self, origin: str, model: str) -> bool:
        if not self._until:
            return False
        return time.monotonic() < self._until.get((origin, model, _files(model)), 0.0)


def _files(model: str) -> str:
    try:
        return fingerprint(model)
    except OSError:
        return ""
