"""The head of the page: its name, what is in use, and the two switches."""

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from html import escape

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.ui.components.assets import script
from playground.ui.session import visitor
from playground.ui.words import shell as words

REMEMBERED = 1.0  # seconds the queue's state is kept for everybody who asks
LOOKED = 30.0  # seconds between two styles at the device's memory
Head = dict[str, str]


def document_head() -> str:
    """What goes into the document's head: the script that every component shares."""
    return f"<script>{script('components/page.js')}</script>"


def build_head(playground: Playground, value: Head) -> gr.HTML:
    """The component. Its value says model, data and owner; device and queue it asks for."""
    chips = "".join(
        f'<li class="chip"><span class="what">{escape(title)}</span>'
        f'<span class="now" data-chip="{name}">{words.DEVICE_UNKNOWN}</span></li>'
        for name, title in words.CHIPS.items()
    )
    tools = (
        f'<button type="button" class="tool" data-tool="projector" aria-pressed="false"'
        f' title="{words.PROJECTOR_HELP}">{words.PROJECTOR}</button>'
        f'<button type="button" class="tool" data-tool="theme" title="{words.THEME_HELP}"'
        f' data-light="{words.LIGHT}" data-dark="{words.DARK}">{words.DARK}</button>'
    )
    return gr.HTML(
        value,
        html_template=(
            f'<div class="head"><h1>{words.NAME}</h1><ul class="chips">{chips}</ul>'
            f'<div class="tools">{tools}</div></div>'
        ),
        js_on_load=script("session/head.js"),
        server_functions=[standing_function(playground)],
        elem_id="head",
    )


class Standing:
    """Device and queue for everybody's head; neither makes anybody wait for the other."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._lock = threading.Lock()
        self._device = ""
        self._looked = float("-inf")
        self._counts = (0, 0)
        self._counted = float("-inf")

    def device(self) -> str:
        """Where models run; "" until the inference worker, which takes seconds to start, says."""
        now = time.monotonic()
        with self._lock:
            if now - self._looked > LOOKED:
                self._looked = now
                threading.Thread(target=self._look, name="device", daemon=True).start()
            return self._device

    def queue(self, asked: object) -> str:
        """The queue in words, with the client's own place in it; counted once a second at most."""
        now = time.monotonic()
        with self._lock:
            try:
                if now - self._counted > REMEMBERED:
                    self._counts, self._counted = self._playground.queue(), now
            except UserError:  # the home is in trouble, which whoever does something is told
                return words.QUEUE_UNKNOWN
            running, waiting = self._counts
        return words.queue_chip(running, waiting, self._place(asked) if waiting else None)

    def _look(self) -> None:
        try:
            machine = self._playground.machine()
            self._device = words.device_chip(machine.device, machine.available)
        except (UserError, CancelledError):  # cancelled: the playground was closed meanwhile
            self._device = words.DEVICE_MISSING

    def _place(self, asked: object) -> int | None:
        """The best place in line among the visitor's own runs."""
        try:
            owner = visitor.owner(asked)
        except UserError:
            return None
        places = [record.position for record in self._playground.runs(owner) if record.position]
        return min(places, default=None)


def standing_function(playground: Playground) -> Callable[[object], Head]:
    """What the head's script asks every few seconds."""
    now = Standing(playground)
    server = secrets.token_hex(8)  # a page made by another server reloads: its state is gone

    def standing(asked: object) -> Head:
        return {"device": now.device(), "queue": now.queue(asked), "server": server}

    return standing
