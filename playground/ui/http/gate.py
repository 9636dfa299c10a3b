"""What is no call at all is turned away before gradio sees it, with a sentence that says why."""

import json
import math
import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.errors import UserError
from playground.ui.http.origin import KEY
from playground.ui.http.paths import CALL, DIRECT, JOIN, SERVER_FUNCTION, route_path
from playground.ui.http.sessions import Sessions

DEPTH = 60  # lists and objects in one another
LARGEST = 2**63  # whole numbers that any reader of JSON takes
SESSION = re.compile(r"[\w-]{1,128}", re.ASCII)
SURROGATE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"
Json = dict[str, Any]


class Gate:
    """400 for a call whose body is no call. Half a character, as a cut emoji leaves it, is mended.

    Bodies are read whole, so their size has to be capped before. sessions: are told of each.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions | None = None) -> None:
        self._app, self._sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_call(scope):
            return await self._app(scope, receive, send)
        body = await _read(receive)
        if body is None:
            return None  # nobody waits for an answer
        try:
            call = _parsed(body)
            _check(call, route_path(scope))
        except UserError as error:
            return await JSONResponse({"detail": str(error)}, 400)(scope, receive, send)
        if self._sessions is not None and call.get("session_hash"):
            self._sessions.seen(scope.get(KEY, ""), call["session_hash"])
        if rb"\ud" in body.lower():
            body = json.dumps(_mended(call)).encode()
            scope = {**scope, "headers": _sized(scope, len(body))}
        return await self._app(scope, _replayed(body, receive), send)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """A receive that gives the body, then whatever comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def _is_call(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path = route_path(scope)
    kind = Headers(scope=scope).get("content-type", "")
    if path.rstrip("/") == SERVER_FUNCTION:
        return not kind.startswith("multipart/")
    return path == JOIN or path.startswith((CALL, *DIRECT))


def _parsed(body: bytes) -> Json:
    try:
        call = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UserError(
            "The body is no JSON that can be read. Send an object as application/json, such as"
            ' {"data": [...]}.'
        ) from error
    if not isinstance(call, dict):
        raise UserError('The body is no JSON object. Send one, such as {"data": [...]}.')
    _check_values(call)
    return call


def _no_number(name: str) -> NoReturn:
    raise UserError(f"{name} is no number in JSON. Send a finite number, or null.")


def _check_values(call: Json) -> None:
    """Nothing is too deep, and every number is one."""
    level: list[Any] = [call]
    for _ in range(DEPTH):
        inside: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inside += value.values()
            elif isinstance(value, list):
                inside += value
            elif isinstance(value, float) and not math.isfinite(value):
                raise UserError("A number in the body is too large. Send a finite one.")
            elif isinstance(value, int) and abs(value) >= LARGEST:
                raise UserError("A whole number in the body has more than 63 bits. Send less.")
        level = inside
        if not level:
            return
    raise UserError(f"The body is nested more than {DEPTH} levels deep. Send it flatter.")


def _check(call: Json, path: str) -> None:
    """The names gradio reads are of the types it expects."""
    ours = path.rstrip("/") == SERVER_FUNCTION
    if not ours and "/call/v2/" not in path and not isinstance(call.get("data"), list):
        raise UserError('"data" is no list. Send one, with a value for each argument in order.')
    session = call.get("session_hash")
    if session is None and (ours or path == JOIN):
        session = ""
    if session is not None and not (isinstance(session, str) and SESSION.fullmatch(session)):
        raise UserError('"session_hash" is not 1 to 128 letters, digits, - and _. Make one up.')
    names = ("fn_index", "trigger_id") if not ours else ("component_id",)
    for name in names:
        number = call.get(name, -1 if ours else None)
        if number is not None and not (_whole(number) and number >= 0):
            raise UserError(f'"{name}" is not a whole number from 0 up. See config for what is.')
    if call.get("batched"):
        raise UserError('Nothing here takes batches. Leave "batched" out.')


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return SURROGATE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    return value


def _sized(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    kept = [head for head in scope["headers"] if head[0] != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
