"""The inference worker: `python -m playground.inference.service`.

Numbered requests on stdin; on stdout messages about them, as `wire` has both, and a sign of life
every few seconds whatever it does. It ends with its stdin, that is with its parent.
"""

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from playground.executors import codec
from playground.executors.failures import Reported
from playground.inference.jobs.registry import handle
from playground.inference.requests import Request
from playground.inference.resident import Resident
from playground.inference.wire import (
    Alive,
    Done,
    Message,
    Refused,
    Replied,
    message_line,
    parsed_request,
)
from playground.models.catalogue import BUNDLED

SIGN_SECONDS = 5.0  # between two signs of life
Send = Callable[[Message], None]


class Output:
    """Sends messages, whole lines, from any thread."""

    def __init__(self, pipe: IO[str]) -> None:
        self._pipe = pipe
        self._guard = threading.Lock()

    def send(self, message: Message) -> None:
        line = message_line(message)
        with self._guard:
            self._pipe.write(line)
            self._pipe.flush()


def main() -> None:
    """Reply, to one request after the other, until nobody is left to ask."""
    send = Output(_keep_stdout()).send
    threading.Thread(target=_show_life, args=(send,), name="sign", daemon=True).start()
    resident = Resident()
    with Reported(lambda message: None):  # whoever asks it will hear the same
        resident.base(BUNDLED)
    for line in sys.stdin:
        number, request = parsed_request(line)
        with Reported(partial(_refuse, send, number)):
            send(Replied(number, _reply(resident, number, request, send)))


def _reply(
    resident: Resident, number: int, request: Request[Any] | codec.Mismatch, send: Send
) -> object:
    """The reply as plain values. Raises what the request is wrong in."""
    if isinstance(request, codec.Mismatch):
        raise request
    return codec.to_json(handle(request, resident, lambda done: send(Done(number, done))))


def _refuse(send: Send, number: int, error: str) -> None:
    send(Refused(number, error))


def _show_life(send: Send) -> None:
    """Say so again and again: a process that is stopped, or stuck in a library, does not."""
    ending = threading.Event()
    while not ending.wait(SIGN_SECONDS):
        send(Alive(alive=True))


def _keep_stdout() -> IO[str]:
    """The real stdout for messages alone; what libraries print goes where errors go."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


if __name__ == "__main__":
    main()
