"""Middleware asked without a server: requests no client would send."""

from collections.abc import Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Heads = Sequence[tuple[bytes, bytes]]


async def reached(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the middleware."""
    await PlainTextResponse("reached")(scope, receive, send)


async def asked(
    app: ASGIApp, heads: Heads = (), body: bytes = b"x", **more: object
) -> list[Message]:
    """What an application answers. more: of the scope."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", **more}
    await app({**scope, "headers": list(heads)}, receive, send)
    return said
