"""What happens when the page opens: the visitor is known again, and so are the open runs."""

from collections.abc import Callable

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.ui.components.notice import SILENT, Notice, notice_text
from playground.ui.session import visitor
from playground.ui.session.head import Head
from playground.ui.session.tables import Tables
from playground.ui.session.visitor import Saved
from playground.ui.words import shell as words
from playground.ui.words.titles import model_title

Opened = tuple[Saved, list[str], gr.Tabs, Notice, Head]


def opener(
    playground: Playground, tables: Tables
) -> Callable[[object, str, str, gr.Request], Opened]:
    """The handler of the page's load. Runs named in the address win over those remembered."""

    def open_page(saved: object, table_id: str, model: str, request: gr.Request) -> Opened:
        known = visitor.welcome(saved)
        asked = request.query_params.getlist("run")[: visitor.OPEN_RUNS]
        runs, missing = visible_ids(playground, asked or known["runs"], known["owner"])
        trouble = notice_text(missing, "error") if missing and asked else SILENT
        tab = request.query_params.get("tab") or first_tab(playground, runs, known["owner"])
        known_tab = tab if tab in words.TABS else "data"
        kept = visitor.remember(known, runs)
        head = head_value(tables, kept, table_id, model)
        return kept, runs, gr.Tabs(selected=known_tab), trouble, head

    return open_page


def visible_ids(playground: Playground, runs: list[str], owner: str) -> tuple[list[str], str]:
    """The runs the visitor may see, and why another one is not shown."""
    seen, missing = [], ""
    for run_id in dict.fromkeys(runs):
        try:
            playground.record(run_id, owner)
        except UserError as error:
            missing = str(error)
        else:
            seen.append(run_id)
    return seen, missing


def first_tab(playground: Playground, runs: list[str], owner: str) -> str:
    """Where somebody with these runs open wants to be: at the curves until all are over."""
    if not runs:
        return "data"
    over = all(playground.record(run_id, owner).over for run_id in runs)
    return "compare" if over else "train"


def head_value(tables: Tables, saved: object, table_id: str, model: str) -> Head:
    """The chips that follow the visitor's own state."""
    token = saved.get("owner", "") if isinstance(saved, dict) else ""
    return {
        "owner": token,
        "model": model_title(model),
        "data": _data(tables, table_id),
    }


def _data(tables: Tables, table_id: str) -> str:
    try:
        table = tables.get(table_id)
    except UserError:
        return ""
    return words.data_chip(table.name, len(table.rows), len(table.label_counts))
