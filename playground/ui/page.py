"""The page: head, the tabs in the order of the work, and what runs when it opens."""

from dataclasses import replace

import gradio as gr

from playground.api import Playground
from playground.runs.kept_tables import KeptTables
from playground.tasks.classification import Task
from playground.ui.compare import tab as compare_tab
from playground.ui.components.notice import SILENT, notice
from playground.ui.components.wiring import QUICK, QUIET
from playground.ui.data import tab as data_tab
from playground.ui.data.source import FIRST_SAMPLE
from playground.ui.data.view import LABELS_PER_CLASS, SplitSettings, version
from playground.ui.endpoints import calls
from playground.ui.http.downloads import Downloads
from playground.ui.http.listening import Listeners
from playground.ui.http.sentences import Page
from playground.ui.http.sessions import Sessions
from playground.ui.http.unread import Unread
from playground.ui.runs import tab as runs_tab
from playground.ui.session.head import build_head
from playground.ui.session.opening import head_value, opener
from playground.ui.session.shared import Shared
from playground.ui.session.tables import Tables, sample_id
from playground.ui.tasks import tab as tasks_tab
from playground.ui.train import tab as train_tab
from playground.ui.words import data as data_words
from playground.ui.words import shell as words

SEED = 0
STORAGE = "playground"
# Only keeps the browser's own storage readable after a restart: what is in it is the visitor's.
STORAGE_SECRET = "playground"
TABS = {
    "data": data_tab,
    "train": train_tab,
    "compare": compare_tab,
    "runs": runs_tab,
    "tasks": tasks_tab,
}
REMEMBER = "(saved) => window.playground.rememberRuns(saved)"


def build(
    playground: Playground, downloads: Downloads | None = None, sign_in: bool = False
) -> Page:
    """The whole page for one playground, complete before any event. sign_in: as in Shared."""
    tables = Tables(KeptTables(playground.home))
    with Page(title=words.NAME, analytics_enabled=False, fill_width=True) as page:
        page.listeners, page.sessions, page.unread = Listeners(), Sessions(), Unread()
        shared, head = _share(page, playground, tables, downloads or Downloads())
        shared = replace(shared, sign_in=sign_in)
        calls.expose(shared)  # first, or gradio gives their names to events of the tabs
        with shared.tabs:
            for name, tab in TABS.items():
                with gr.Tab(words.TABS[name], id=name, elem_id=f"tab-{name}") as tab_widget:
                    tab.build(shared)
                tab_widget.select(
                    None, None, None, js=f"() => window.playground.rememberTab('{name}')"
                )
        _connect_head(shared, head)
    return page


def _share(
    page: Page, playground: Playground, tables: Tables, downloads: Downloads
) -> tuple[Shared, gr.HTML]:
    """The head and the state of one visitor, for the first sample."""
    table_id = sample_id(FIRST_SAMPLE)
    task = Task.guess(tables.get(table_id)).to_json()
    head = build_head(playground, head_value(tables, None, table_id, "bundled"))
    trouble = notice("page-notice", SILENT)
    owner = gr.BrowserState(None, storage_key=STORAGE, secret=STORAGE_SECRET)
    selected = gr.State([])
    tabs = gr.Tabs(elem_id="tabs")
    table_state, model_id = gr.State(table_id), gr.State("bundled")
    opened = page.load(
        opener(playground, tables),
        [owner, table_state, model_id],
        [owner, selected, tabs, trouble, head],
        **QUIET,
    )
    owner.change(None, owner, None, js=REMEMBER)
    opened.then(None, owner, None, js="(saved) => window.playground.open(saved)")
    shared = Shared(
        playground=playground,
        tables=tables,
        owner=owner,
        table_state=table_state,
        task_state=gr.State(task),
        labels_per_class=gr.State(LABELS_PER_CLASS),
        seed=_seed(),
        model_id=model_id,
        selected_runs=selected,
        data_version=gr.State(version(table_id, task, SplitSettings(LABELS_PER_CLASS, SEED))),
        tabs=tabs,
        opened=opened,
        downloads=downloads,
        listeners=page.listeners,
        unread=page.unread,
    )
    return shared, head


def _seed() -> gr.Number:
    """Rendered by the Data tab; the others only read it."""
    return gr.Number(
        SEED,
        label=data_words.SEED,
        precision=0,
        minimum=0,
        maximum=2**31 - 1,
        min_width=110,
        render=False,
    )


def _connect_head(shared: Shared, head: gr.HTML) -> None:
    """The chips of model and data follow the visitor's state."""
    gr.on(
        [shared.data_version.change, shared.model_id.change],
        lambda saved, table_id, model: head_value(shared.tables, saved, table_id, model),
        [shared.owner, shared.table_state, shared.model_id],
        head,
        **QUICK,
    )
