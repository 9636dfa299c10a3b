"""Where a request came from: what caps count by, beside the token that anybody can make up."""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.inference.line import WHO, Who

HOME_BITS = 64  # of an IPv6 address: the rest is chosen by whoever has the line
KEY = "playground.origin"  # of the scope
FORWARDED = "x-forwarded-for"

# The browser tab or client that is being served, as gradio calls it; "" outside any.
SESSION: ContextVar[str] = ContextVar("session", default="")


@dataclass(frozen=True)
class Origins:
    """Finds the address of whoever asks. Only what a proxy of ours has written is believed.

    proxies: how many stand before this server, each of which adds the address it sees to
        X-Forwarded-For.
    space: on a Hugging Face Space the proxies, whose number is not known, have private addresses
        and visitors have public ones.
    """

    proxies: int = 0
    space: bool = False

    def of(self, scope: Scope) -> str:
        """The address, or for IPv6 the network of one line; the same for all that comes from it."""
        client = scope.get("client") or ("unknown", 0)
        heads = Headers(scope=scope).getlist(FORWARDED)
        forwarded = [part.strip() for part in ",".join(heads).split(",") if part.strip()]
        if self.space:
            public = [part for part in forwarded if _is_public(part)]
            return _place(public[-1] if public else client[0])
        behind = forwarded[-self.proxies] if 0 < self.proxies <= len(forwarded) else client[0]
        return _place(behind)


class Visited:
    """Says for whom everything below works: code that asks for a person finds it in WHO."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope[KEY] = self._origins.of(scope)
        before = WHO.set(Who(scope[KEY]))
        try:
            await self._app(scope, receive, send)
        finally:
            WHO.reset(before)


def origin() -> str:
    """The address of whoever is served here; "" for a script on this machine."""
    return WHO.get().origin


def _place(text: str) -> str:
    address = _parsed(text)
    if address is None:
        return text[:100]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, HOME_BITS), strict=False))
        address = address.ipv4_mapped
    return str(address)


def _is_public(text: str) -> bool:
    address = _parsed(text)
    return address is not None and address.is_global


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, which may have a port and brackets, or a zone."""
    bare = text[1:].split("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.split(":")[0]
    try:
        return ipaddress.ip_address(bare.split("%")[0])
    except ValueError:
        return None
