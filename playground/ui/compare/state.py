"""What the Compare tab shows, and what it is to do when it is refreshed."""

from dataclasses import dataclass
from typing import Any, Literal

Action = Literal["show", "wait", "ask"]


@dataclass(frozen=True)
class ViewState:
    """What one visitor's tab shows, so that nothing is asked or drawn twice.

    asked:    the question that is being answered, as text; "" before the first.
    wanted:   what was wanted at the refresh before, where that was not asked yet.
    shots:    of the question asked: the most demonstrations in a prompt.
    task:     of the question asked, as Task.to_json().
    progress: mark of the progress that is drawn.
    results:  mark of the results that are drawn.
    """

    asked: str = ""
    wanted: str = ""
    shots: int = 0
    task: dict[str, Any] | None = None
    progress: str = ""
    results: str = ""


@dataclass(frozen=True)
class Wanted:
    """What the widgets say now. shown: whether the runs that are ticked are those compared, and
    the question asked is still known to the server."""

    question: str
    shots: int
    shown: bool


def next_action(state: ViewState, wanted: Wanted) -> Action:
    """ "show" what is new of the question asked; "ask" another one; "wait" for one refresh more
    while a slider moves: every number it passes would be asked otherwise."""
    if wanted.question == state.asked and wanted.shown:
        return "show"
    moving = wanted.shots != state.shots and wanted.question != state.wanted
    return "wait" if state.asked and moving else "ask"
