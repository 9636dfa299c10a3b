"""The list of runs: draws itself, asks for news while it is seen, and says which are chosen.

Its value are the ticks, which the browser alone writes: an answer that was on its way while
somebody ticked a run would take the tick back. What the server says goes to properties of its own.
"""

from collections.abc import Callable

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components.assets import script
from playground.ui.runs.rows import Gists, row
from playground.ui.session import visitor
from playground.ui.session.opening import visible_ids
from playground.ui.session.visitor import OPEN_RUNS
from playground.ui.words import runs as words

Listed = dict[str, object]  # {"chosen": ids, "ticks": how often somebody has ticked}


def run_list(playground: Playground, elem_id: str) -> gr.HTML:
    """The component; output `looking(...)` or `acknowledge(...)` to it. Choosing runs
    the listeners of `input`."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in words.COLUMNS)
    return gr.HTML(
        {"chosen": [], "ticks": 0},
        html_template=(
            '<div class="run-scroll" tabindex="0" role="region" aria-label="' + words.TITLE + '">'
            f'<table class="run-list"><thead><tr><th scope="col"><span class="unseen">{words.TICK}'
            f"</span></th>{heads}</tr></thead><tbody></tbody></table></div>"
            f'<p class="run-empty" role="status">{words.LOADING}</p>'
        ),
        js_on_load=script("runs/runs.js"),
        server_functions=[runs_function(playground)],
        elem_id=elem_id,
        looked_for=_looked_for("", []),
        shown=0,
    )


def looking(saved: object) -> gr.HTML:
    """Whose runs the list shows, and which of others: those that this visitor has open."""
    return gr.HTML(looked_for=_looked_for(visitor.owner(saved), visitor.open_runs(saved)))


def acknowledge(value: object) -> gr.HTML:
    """Which tick the rest of the tab follows now. Where that is not the newest one, as answers may
    overtake each other, the list asks for it again."""
    return gr.HTML(shown=_ticks(value))


def refresh(saved: object, value: object, seen: str) -> gr.HTML:
    """Both; `seen`: any other text than before makes the list refresh at once."""
    looked_for = _looked_for(visitor.owner(saved), visitor.open_runs(saved))
    return gr.HTML(looked_for={**looked_for, "seen": seen}, shown=_ticks(value))


def _looked_for(owner: str, also: list[str]) -> dict[str, object]:
    return {"owner": owner, "also": also, "empty": words.EMPTY, "choose": words.TICK}


def _ticks(value: object) -> int:
    ticks = value.get("ticks") if isinstance(value, dict) else None
    return ticks if isinstance(ticks, int) else 0


def chosen_runs(value: object) -> list[str]:
    """The ids that the browser says are chosen."""
    return _ids(value, "chosen")


def chosen_run(value: object) -> str:
    """The first of them. Raises UserError where none is chosen."""
    if not (runs := chosen_runs(value)):
        raise UserError(words.NO_TICK)
    return runs[0]


def _ids(value: object, name: str) -> list[str]:
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list):
        return []
    return [run_id for run_id in found if isinstance(run_id, str)][:OPEN_RUNS]


def runs_function(playground: Playground) -> Callable[[object], Listed]:
    """What the list's script asks: the visitor's runs, newest first, then others' open ones."""
    gists = Gists()

    def list_runs(asked: object) -> Listed:
        try:
            owner = visitor.owner(asked)
            own = playground.runs(owner)
            records = [*own, *shared_with(playground, owner, _ids(asked, "also"))]
        except UserError as error:
            return {"runs": [], "problem": str(error)}
        return {"runs": [row(record, gists.of(record), owns(record, owner)) for record in records]}

    return list_runs


def shared_with(playground: Playground, owner: str, run_ids: list[str]) -> list[Record]:
    """Those of the runs that somebody else shared."""
    seen, _ = visible_ids(playground, run_ids, owner)
    records = [playground.record(run_id, owner) for run_id in seen]
    return [record for record in records if not owns(record, owner)]
