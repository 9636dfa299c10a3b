"""What all tabs share: the API and the state of one visitor. Tabs get it, none owns it.

In the browser `window.playground` (page.js) has what charts share: `plotly()` (a promise of
the one Plotly the page loads), `layout(extra)` in the colours of the theme, `config`, and
`onTheme(redraw)`. ui/figure.py draws any plotly figure with it.
"""

from dataclasses import dataclass, field

import gradio as gr
from gradio.events import Dependency

from playground.api import Playground
from playground.ui.http.downloads import Downloads
from playground.ui.http.listening import Listeners
from playground.ui.http.seats import FETCHES, FETCHING, Seats
from playground.ui.http.unread import Unread
from playground.ui.session.tables import Tables


@dataclass(frozen=True)
class Shared:
    """Components hold one visitor's values; a callback takes them as inputs and outputs.

    An event that writes a State others listen to must be queued: with `queue=False` gradio never
    tells anybody that the State has changed.

    owner:            BrowserState: visitor.Saved. `visitor.owner(saved)` is the token for the API,
                      `visitor.remember(saved, runs)` opens runs: output it and the page puts their
                      ids into its address.
    table_state:      State: the id of the table; `tables.get(id)` is the Table.
    task_state:       State: Task.to_json() as it stands in the Data tab, always a valid one.
    labels_per_class: State: int, or None for all.
    seed:             Number: int.
    model_id:         State: "bundled" or another model id; the Train tab writes it.
    selected_runs:    State: ids of the runs that Train and Compare show.
    data_version:     State: a text that changes whenever table, task, labels per class or seed did;
                      listen with `data_version.change(...)`.
    tabs:             Tabs with the ids "data", "train", "compare", "runs", "tasks".
    opened:           what runs when the page opens; chain with `.then(...)` what needs the visitor:
                      owner and selected_runs are there by then.
    downloads:        `downloads.offer(path)` is the address of a file, relative to the page.
    listeners:        who still waits for an answer, and which tabs are open.
    unread:           uploaded files, until all who sent them have read them.
    reading:          seats for what reads a file: `with reading.seat():` or `reading.seated(call)`;
                      fetching: for what reads a data set of the Hub.
    sign_in:          whether visitors can sign in with the Hub.
    """

    playground: Playground
    tables: Tables
    owner: gr.BrowserState
    table_state: gr.State
    task_state: gr.State
    labels_per_class: gr.State
    seed: gr.Number
    model_id: gr.State
    selected_runs: gr.State
    data_version: gr.State
    tabs: gr.Tabs
    opened: Dependency
    downloads: Downloads
    listeners: Listeners = field(default_factory=Listeners)
    unread: Unread = field(default_factory=Unread)
    reading: Seats = field(default_factory=Seats)
    sign_in: bool = False
    fetching: Seats = field(default_factory=lambda: Seats(FETCHING, FETCHES))
