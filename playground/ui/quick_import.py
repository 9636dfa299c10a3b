"""Imports gradio in half the time: without the stub files it writes for editors.

Gradio writes a .pyi beside every component, by parsing its source anew at every start; where the
source cannot be found it goes without. For as long as the import takes, it is told so.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WRITER = "gradio.component_meta"


@contextmanager
def without_stub_files() -> Iterator[None]:
    """While open, gradio finds no source of its components; everybody else finds theirs."""
    find = inspect.getfile

    def getfile(wanted: object) -> str:
        if sys._getframe(1).f_globals.get("__name__") == WRITER:
            raise OSError("no stub file is wanted")
        return find(wanted)

    inspect.getfile = getfile
    try:
        yield
    finally:
        inspect.getfile = find


with without_stub_files():
    import gradio  # noqa: F401  every other module of this room finds it imported
