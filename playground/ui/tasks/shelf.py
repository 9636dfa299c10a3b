"""The shelf of tasks: draws itself, asks for new runs while it is seen, says what is pressed.

Its value are the ticks and the press, which the browser alone writes, as in runs/run_list.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr

from playground.api import Playground
from playground.comparisons.results import Base
from playground.errors import UserError
from playground.ui.components.assets import script
from playground.ui.components.styles import method_styles
from playground.ui.session import visitor
from playground.ui.session.opening import visible_ids
from playground.ui.words import tasks as words
from playground.ui.words.titles import model_title

MOST = 64  # ids taken from the browser
Json = dict[str, Any]


def task_shelf(playground: Playground, elem_id: str) -> gr.HTML:
    """The component; output `looking(...)` to it. Ticking and asking run what hears `input`."""
    return gr.HTML(
        shelf_payload("", []),
        html_template=(
            f'<div class="shelf"></div><p class="shelf-empty" role="status">{words.LOADING}</p>'
        ),
        js_on_load=script("components/styles.js") + script("tasks/tasks.js"),
        server_functions=[shelf_function(playground)],
        apply_default_css=False,
        elem_id=elem_id,
        looked_for={"owner": "", "also": []},
        words={"empty": words.EMPTY, "tick": words.TICK, "askOne": words.ASK_ONE},
    )


def looking(saved: object) -> gr.HTML:
    """Whose tasks the shelf shows, and which of others: those that this visitor has open."""
    return gr.HTML(looked_for={"owner": visitor.owner(saved), "also": visitor.open_runs(saved)})


def shelf_payload(owner: str, also: list[str]) -> Json:
    """The value of a shelf. also: runs of others that this visitor has open; off: those not
    ticked; ask: the one whose button was pressed."""
    return {"owner": owner, "also": also, "off": [], "ask": ""}


def pressed(value: object) -> str:
    """The run whose button was pressed, "" where only a tick has changed."""
    ask = value.get("ask") if isinstance(value, dict) else None
    return ask if isinstance(ask, str) else ""


def bases(playground: Playground, value: object) -> tuple[Base, ...]:
    """The shelves of a visitor, with the runs of others that are open. UserError for nobody."""
    owner = visitor.owner(value)
    seen, _ = visible_ids(playground, ids(value, "also"), owner)
    return playground.tasks(seen, owner)


def ticked(found: Sequence[Base], value: object) -> list[str]:
    """The runs to be asked all at once."""
    off = ids(value, "off")
    return [task.run_id for base in found for task in base.tasks if task.run_id not in off]


def ids(value: object, name: str) -> list[str]:
    """The run ids that the browser sent under a name."""
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, str)][:MOST] if isinstance(found, list) else []


def shelf_function(playground: Playground) -> Callable[[object], Json]:
    """What the shelf's script asks for."""

    def list_tasks(asked: object) -> Json:
        try:
            return {"bases": [base_payload(base) for base in bases(playground, asked)]}
        except UserError:
            return {"bases": []}

    return list_tasks


def base_payload(base: Base) -> Json:
    """One base with its cards, as its script draws them."""
    styles = method_styles([task.method for task in base.tasks])
    return {
        "model": model_title(base.model),
        "total": words.total(base),
        "cards": [
            {
                **asdict(style),
                "id": task.run_id,
                "name": task.name,
                "data": task.data,
                "about": words.about(task),
                "reads": words.reads(task),
            }
            for task, style in zip(base.tasks, styles, strict=True)
        ],
    }
