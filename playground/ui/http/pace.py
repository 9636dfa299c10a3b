"""An upload that hardly comes is broken off: it holds a place that others wait for."""

import time
from collections.abc import Callable

import anyio
from starlette.types import Message, Receive

from playground import limits


class Pace:
    """A receive that gives up on a sender who keeps it waiting; `late` says that it has.

    Only waiting counts, so that a busy server breaks nothing off.
    """

    def __init__(self, receive: Receive, clock: Callable[[], float] = time.monotonic) -> None:
        self._receive, self._clock = receive, clock
        self._left = limits.UPLOAD_SILENCE_SECONDS
        self._whole = False
        self.late = False

    async def __call__(self) -> Message:
        if self._whole:  # what is waited for now is the end of the connection
            return await self._receive()
        before = self._clock()
        with anyio.move_on_after(self._left) as waiting:
            message = await self._receive()
        if waiting.cancelled_caught:
            self.late = True
            return {"type": "http.disconnect"}
        came = len(message.get("body", b"")) / limits.UPLOAD_BYTES_A_SECOND
        self._left += came - (self._clock() - before)
        self._whole = not message.get("more_body", False)
        return message
