"""The process that asks models: `python -m playground.inference.service`.

JSON lines: {"id", "job", ...} on stdin; on stdout {"id", "done"} as rows get done, then {"id",
"answer"} or {"id", "error"}, and {"alive"} every few seconds whatever it does. It ends with its
stdin, that is with its parent.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from playground.executors.failures import Reported
from playground.inference.jobs.registry import Answering
from playground.models.catalogue import BUNDLED

JOBS = (
    *("answers", "say", "tasks", "time_tasks", "time_answers"),
    *("preview", "chat", "describe", "machine", "merge"),
)


SIGN_SECONDS = 5.0  # between two signs of life
SPEAKING = threading.Lock()


def main() -> None:
    """Answer, one request after the other, until nobody is left to ask."""
    voice = _keep_stdout()
    threading.Thread(target=_show_life, args=(voice,), name="sign", daemon=True).start()
    answering = Answering()
    with Reported(lambda message: None):  # whoever asks it will hear the same
        answering.base(BUNDLED)
    for line in sys.stdin:
        request = json.loads(line)
        with Reported(_say(voice, request["id"], "error")):
            reply = _answer(answering, request, _say(voice, request["id"], "done"))
            _say(voice, request["id"], "answer")(reply)


def _answer(
    answering: Answering, request: dict[str, Any], progress: Callable[[int], None]
) -> dict[str, Any]:
    if request["job"] not in JOBS:
        raise ValueError(f"no job is called {request['job']!r}")
    return getattr(answering, request["job"])(request, progress)


def _say(voice: IO[str], number: int, what: str) -> Callable[[Any], None]:
    """A function that sends one line about one request."""

    def say(value: Any) -> None:
        _write(voice, {"id": number, what: value})

    return say


def _show_life(voice: IO[str]) -> None:
    """Say so again and again: a process that is stopped, or stuck in a library, does not."""
    ending = threading.Event()
    while not ending.wait(SIGN_SECONDS):
        _write(voice, {"alive": True})


def _write(voice: IO[str], line: dict[str, Any]) -> None:
    text = json.dumps(line) + "\n"
    with SPEAKING:
        voice.write(text)
        voice.flush()


def _keep_stdout() -> IO[str]:
    """The real stdout for replies alone; what libraries print goes where errors go."""
    voice = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return voice


if __name__ == "__main__":
    main()
