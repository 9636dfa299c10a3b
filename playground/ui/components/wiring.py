"""How the tabs wire their events: what handlers take and return, and how gradio is to call them.

An event is private (callers have the named endpoints) and shows no progress of gradio's own. QUICK
ones are answered at once, without a place in the queue; LATEST ones run once more for whatever
came while they were busy, which gradio would drop otherwise.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from gradio.blocks import Block
from gradio.components import Component

Inputs = Mapping[Component, Any]  # what gradio hands to a handler whose inputs are a set
Updates = dict[Block, Any]  # what a handler returns: only what changes


class Options(TypedDict):
    """Keywords of every event listener of gradio; None stands for gradio's own default."""

    show_progress: Literal["hidden"]
    api_visibility: Literal["private"]
    queue: bool
    trigger_mode: Literal["always_last"] | None


def _options(queue: bool, latest: bool) -> Options:
    return {
        "show_progress": "hidden",
        "api_visibility": "private",
        "queue": queue,
        "trigger_mode": "always_last" if latest else None,
    }


QUIET = _options(queue=True, latest=False)
QUICK = _options(queue=False, latest=False)
LATEST = _options(queue=True, latest=True)
QUICK_LATEST = _options(queue=False, latest=True)
