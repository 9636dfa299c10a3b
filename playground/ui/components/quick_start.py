"""Gradio without what it does in vain at every start: about half of its time.

It writes a .pyi for editors beside every component, by parsing its source anew; where the source
cannot be found it goes without. And it makes its web application four times, of which only the one
of `launch` ever answers. Nothing that is made meanwhile is garbage, so none is looked for.
"""

import gc
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WRITER = "gradio.component_meta"


@contextmanager
def _replaced(holder: object, name: str, stand_in: object) -> Iterator[None]:
    """While open, another object stands under the name; what stood there comes back as it was."""
    before = vars(holder)[name]
    setattr(holder, name, stand_in)
    try:
        yield
    finally:
        setattr(holder, name, before)


@contextmanager
def without_stub_files() -> Iterator[None]:
    """While open, gradio finds no source of its components; everybody else finds theirs."""
    find = inspect.getfile

    def getfile(wanted: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == WRITER:
            raise OSError("no stub file is wanted")
        return find(wanted)

    with _replaced(inspect, "getfile", getfile):
        yield


@contextmanager
def without_collecting() -> Iterator[None]:
    """While open, Python styles for no garbage; afterwards it does so if it did before."""
    did = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if did:
            gc.enable()


with without_stub_files(), without_collecting():
    import gradio  # noqa: F401  every other module of this room finds it imported
    from gradio.routes import App


@contextmanager
def without_applications() -> Iterator[None]:
    """While open, a page is put together without the web application that would answer for it."""
    with _replaced(App, "create_app", staticmethod(lambda *given, **named: None)):
        yield
