"""Whatever goes wrong is answered with a sentence: never an empty error, never a bare 500."""

import traceback
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.errors import UserError
from playground.inference.line import WHO, Who
from playground.runs.trouble import disk_sentence
from playground.ui.http.listening import Listeners, callers
from playground.ui.http.origin import KEY, SESSION
from playground.ui.http.sessions import Sessions
from playground.ui.http.unread import Unread

NOT_UNDERSTOOD = (
    "The request is not understood: nothing here goes by what it names. Reload the page; a client"
    " finds what there is at gradio_api/info."
)
STOCK = {
    400: "The request is not understood. Reload the page, or check what the client sends.",
    401: "This needs a sign-in that this page does not have.",
    403: "This is not served to anybody.",
    404: "There is nothing at this address. Open the page anew from its start.",
    405: "This address does not take that method. Use the one that gradio_api/info names.",
    413: "This is more than can be sent at once.",
    503: "Too much is waiting just now. Try again in a minute.",
}
OURS = Path(__file__).parents[3]


class Page(gr.Blocks):
    """The page, whose every failure is a sentence, and which says for whom it works."""

    listeners: Listeners  # set by whoever builds it, as what follows is
    sessions: Sessions
    unread: Unread

    async def process_api(self, *given: Any, **named: Any) -> dict[str, Any]:
        """As gradio's own, with gr.Error for all that goes wrong."""
        request, session = named.get("request"), named.get("session_hash") or ""
        scope = getattr(getattr(request, "request", None), "scope", {})
        event = named.get("event_id") or ""
        whose, origin = SESSION.set(session), scope.get(KEY, "")
        who = Who(origin)
        if event and origin:
            who = Who(origin, present=self.listeners.waits(callers(session, event)))
        before = WHO.set(who)
        called = named.get("block_fn", given[0] if given else None)
        try:
            _check_number(called, named.get("inputs"))
            return await super().process_api(*given, **named)
        except gr.Error as error:
            raise gr.Error(_text(error.message), print_exception=False) from error
        except UserError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            noted(f"a call of {getattr(called, 'api_name', None)}", error)
            raise gr.Error(_unfit(error), print_exception=False) from error
        finally:
            WHO.reset(before)
            SESSION.reset(whose)
            if event and session == event:  # a call by name, of no tab
                self.sessions.forget(session)


class Sentences:
    """Answers what no route could. What has begun to be answered is ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            if message.get("status") == 500:  # gradio's for a call that went wrong, with its why
                message = {**message, "status": 422}
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if begun:
                with suppress(OSError, RuntimeError):  # it may be complete, or its reader gone
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
            else:
                noted(f"{scope['method']} {scope['path'][:80]}", error)
                said = disk_sentence(error)
                answer = JSONResponse({"detail": said or NOT_UNDERSTOOD}, 507 if said else 400)
                await answer(scope, receive, send)


async def refused(request: Request, error: HTTPException) -> JSONResponse:
    """What a route refuses; where it only gives the number's stock phrase, with a sentence."""
    detail = error.detail
    if not detail or detail == HTTPStatus(error.status_code).phrase:
        detail = STOCK.get(error.status_code, NOT_UNDERSTOOD)
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


async def misfit(request: Request, error: RequestValidationError) -> JSONResponse:
    """A body or a query that is not what the route takes."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])[:100]
    said = f"The request does not fit: {first['msg']} ({place}). See gradio_api/info."
    return JSONResponse({"detail": said.encode(errors="replace").decode()}, 422)


HANDLERS = {HTTPException: refused, RequestValidationError: misfit}


def noted(what: str, error: Exception) -> None:
    """One line in the log: what failed, how, and where in our code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if OURS in Path(f.filename).parents and f.filename != __file__]
    last = (ours or frames)[-1]
    place = f"{Path(last.filename).name}:{last.lineno} in {last.name}"
    print(f"Refused {what!r}: {type(error).__name__} at {place}", flush=True)


def _check_number(called: object, inputs: object) -> None:
    """Raises UserError for more or fewer values than an event or endpoint takes."""
    wanted = getattr(called, "inputs", None)
    if isinstance(wanted, list) and isinstance(inputs, list) and len(inputs) != len(wanted):
        name = getattr(called, "api_name", None) or "This"
        raise UserError(
            f"{name} takes {len(wanted)} values in its data, not {len(inputs)}. See"
            " gradio_api/info for what they are, in order."
        )


def _text(message: object) -> str:
    said = str(message).strip()
    return said or "This could not be done. Reload the page and try again."


def _unfit(error: Exception) -> str:
    return (
        f"This could not be done with what was sent ({type(error).__name__}). On the page, reload"
        " and try again; a client finds what each endpoint takes at gradio_api/info."
    )
