"""The process that asks models: `python -m playground.runs.asking`.

JSON lines: {"id", "job", ...} on stdin; on stdout {"id", "done"} as rows get done, then {"id",
"answer"} or {"id", "error"}. It ends with its stdin, that is with its parent.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import IO, Any

from playground.models.catalogue import BUNDLED
from playground.runs.answering import Answering
from playground.runs.failures import Reported

JOBS = (
    *("answers", "say", "tasks", "time_tasks", "time_answers"),
    *("preview", "chat", "describe", "machine", "merge"),
)


def main() -> None:
    """Answer, one request after the other, until nobody is left to ask."""
    voice = _keep_stdout()
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
        voice.write(json.dumps({"id": number, what: value}) + "\n")
        voice.flush()

    return say


def _keep_stdout() -> IO[str]:
    """The real stdout for replies alone; what libraries print goes where errors go."""
    voice = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return voice


if __name__ == "__main__":
    main()
