"""By what names the page may be asked for: another site's name that leads here is refused."""

import ipaddress
import re
import socket
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.ASCII)
EVERYWHERE = ("0.0.0.0", "::", "")
FORWARDED = "x-forwarded-host"
SHOWN = 60  # characters of a refused name that are repeated


@dataclass(frozen=True)
class Hosts:
    """Which names are ours.

    A page of another site can make its own name lead to this machine and then read what we answer
    (DNS rebinding); what a browser shows as its address it cannot change. So the names of this
    machine by which it is always known are fine, any address in numbers where others may come, and
    else only names that were told.

    names:  exact, or "*.example.org" for all below it.
    others: whether people on other machines may come.
    """

    names: tuple[str, ...] = ()
    others: bool = False

    @staticmethod
    def of(bound: str | None, names: tuple[str, ...] = ()) -> "Hosts":
        """For a server bound to this address. names: further ones it is known by."""
        address = (bound or "localhost").strip("[]")
        known = tuple(name.strip().lower().rstrip(".") for name in names if name.strip())
        if is_loopback(address):
            return Hosts(known, others=bool(known))
        own = socket.gethostname().lower()
        here = (own, f"{own}.local", own.split(".")[0], f"{own.split('.')[0]}.local")
        bound_to = () if address in EVERYWHERE else (address.lower(),)
        return Hosts((*known, *here, *bound_to), others=True)

    def allows(self, host: str) -> bool:
        """Whether a Host header names us. host: with or without a port."""
        name = _bare(host)
        if is_loopback(name) or name in self.names:
            return True
        if _address(name) is not None:
            return self.others
        below = (known[1:] for known in self.names if known.startswith("*."))
        return NAME.fullmatch(name) is not None and name.endswith(tuple(below))


class OnlyOurHosts:
    """400 with a sentence for a request that names somebody else. A proxy's word for the name is
    passed on only where that is ours too: the page builds its addresses from it."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        named = Headers(scope=scope).getlist("host")
        if len(named) == 1 and self._hosts.allows(named[0]):
            return await self._app(self._without_others(scope), receive, send)
        asked = ", ".join(named)[:SHOWN] or "no name"
        said = (
            f"This page is not known as {asked!r}. Open it by the address the server printed, or"
            " have its owner add the name to PLAYGROUND_HOSTS."
        )
        await JSONResponse({"detail": said}, 400)(scope, receive, send)

    def _without_others(self, scope: Scope) -> Scope:
        told = ",".join(Headers(scope=scope).getlist(FORWARDED)).split(",")
        if told == [""] or all(map(self._hosts.allows, told)):
            return scope
        kept = [head for head in scope["headers"] if head[0] != FORWARDED.encode()]
        return {**scope, "headers": kept}


def is_loopback(name: str) -> bool:
    """Whether this is a name of the machine itself, which nobody else can reach."""
    address = _address(name.strip("[]"))
    if address is not None:
        return address.is_loopback
    return name == "localhost" or name.endswith(".localhost")


def _bare(host: str) -> str:
    """Without port and brackets, in small letters."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].split("]")[0]
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).rstrip(".")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address in numbers; IPv6 alone may have a zone."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
