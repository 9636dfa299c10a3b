"""The Runs tab: every run of the visitor, side by side, and what can be done with them."""

from functools import partial

import gradio as gr
from gradio.blocks import Block

from playground.ui.components.notice import notice_text
from playground.ui.components.wiring import QUICK, QUICK_LATEST, QUIET
from playground.ui.runs.cost_table import connect_cost_table
from playground.ui.runs.handlers import Handlers
from playground.ui.runs.run_list import looking
from playground.ui.runs.widgets import Widgets, build_widgets
from playground.ui.session.shared import Shared
from playground.ui.words import runs as words

LINK = "(listed) => window.playground.copyLink(listed.chosen)"


def build(shared: Shared) -> None:
    """The list refreshes itself; all else happens at a press."""
    widgets = build_widgets(shared.playground)
    handlers = Handlers(shared, widgets)
    _connect_list(shared, widgets, handlers)
    _connect_changes(shared, widgets, handlers)
    _connect_takeaway(shared, widgets, handlers)
    connect_cost_table(shared, widgets.listed, widgets.costs)


def _connect_list(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    """The list knows whose runs to show as soon as the visitor is known."""
    shared.owner.change(looking, shared.owner, widgets.listed, **QUICK)
    followed = [widgets.listed, *_panel(widgets)]
    widgets.listed.input(handlers.choose, [shared.owner, widgets.listed], followed, **QUICK_LATEST)
    widgets.actions.open.click(
        handlers.open,
        [shared.owner, widgets.listed],
        [shared.owner, shared.selected_runs, shared.tabs],
        **QUIET,
    )


def _connect_changes(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    chosen = [shared.owner, widgets.listed]
    changed = [widgets.listed, *_panel(widgets)]
    named = [widgets.actions.rename.click, widgets.actions.name.submit]
    gr.on(named, handlers.rename, [*chosen, widgets.actions.name], changed, **QUICK)
    widgets.actions.resume.click(handlers.resume, chosen, changed, **QUICK)
    widgets.actions.unshare.click(handlers.unshare, chosen, changed, **QUICK)
    asked = [widgets.replies.sure, widgets.replies.question, widgets.replies.doomed]
    widgets.actions.delete.click(handlers.ask_delete, chosen, asked, **QUICK)
    widgets.replies.keep.click(lambda: gr.Row(visible=False), None, widgets.replies.sure, **QUICK)
    widgets.replies.delete_sure.click(
        handlers.delete,
        [*chosen, widgets.replies.doomed],
        [*changed, shared.owner, shared.selected_runs],
        **QUIET,
    )


def _connect_takeaway(shared: Shared, widgets: Widgets, handlers: Handlers) -> None:
    """Adapter, code and link."""
    chosen = [shared.owner, widgets.listed]
    for button, merged in ((widgets.actions.fetch, False), (widgets.actions.fetch_merged, True)):
        packing = partial(notice_text, words.MERGING if merged else words.PACKING, "quiet")
        button.click(packing, None, widgets.replies.note, **QUICK).then(
            partial(handlers.download, merged=merged),
            chosen,
            [widgets.replies.note, widgets.replies.download],
            **QUIET,
        )
    widgets.actions.show_code.click(
        handlers.code,
        [*chosen, widgets.actions.show_code],
        [widgets.replies.code, widgets.actions.show_code, widgets.replies.note],
        **QUICK,
    )
    shared_now = widgets.actions.share.click(
        handlers.share, chosen, [widgets.listed, *_panel(widgets)], **QUICK
    )
    shared_now.then(None, widgets.listed, widgets.replies.link, js=LINK)


def _panel(widgets: Widgets) -> list[Block]:
    """Everything below the list that follows the choice."""
    return [
        widgets.headline,
        widgets.panel,
        widgets.replies.note,
        widgets.replies.download,
        widgets.replies.code,
        widgets.replies.sure,
        widgets.replies.link,
        widgets.actions.show_code,
        widgets.actions.fetch,
        widgets.actions.fetch_merged,
        widgets.actions.rename,
        widgets.actions.name,
        widgets.actions.resume,
        widgets.actions.unshare,
        widgets.actions.delete,
        widgets.details.loss,
        widgets.details.accuracy,
        widgets.details.settings,
    ]
