"""The Runs tab: every run of the visitor, side by side, and what can be done with them."""

from functools import partial

import gradio as gr

from playground.ui.components.notice import said
from playground.ui.runs.cost_view import connect_ledger
from playground.ui.runs.handlers import Events
from playground.ui.runs.list import looking
from playground.ui.runs.widgets import Pieces, build_pieces
from playground.ui.session.shared import Shared
from playground.ui.words import runs as words

QUIET = {"show_progress": "hidden", "api_visibility": "private"}
QUICK = {**QUIET, "queue": False}
NEWEST = {**QUICK, "trigger_mode": "always_last"}  # gradio drops a tick while it is busy otherwise
LINK = "(listed) => window.playground.copyLink(listed.chosen)"


def build(shared: Shared) -> None:
    """The list looks for itself; all else happens at a press."""
    pieces = build_pieces(shared.playground)
    events = Events(shared, pieces)
    _connect_list(shared, pieces, events)
    _connect_changes(shared, pieces, events)
    _connect_takeaway(shared, pieces, events)
    connect_ledger(shared, pieces.listed, pieces.ledger)


def _connect_list(shared: Shared, pieces: Pieces, events: Events) -> None:
    """The list knows whose runs to show as soon as the visitor is known."""
    shared.owner.change(looking, shared.owner, pieces.listed, **QUICK)
    followed = [pieces.listed, *_panel(pieces)]
    pieces.listed.input(events.choose, [shared.owner, pieces.listed], followed, **NEWEST)
    pieces.open.click(
        events.open,
        [shared.owner, pieces.listed],
        [shared.owner, shared.selected_runs, shared.tabs],
        **QUIET,
    )


def _connect_changes(shared: Shared, pieces: Pieces, events: Events) -> None:
    chosen = [shared.owner, pieces.listed]
    changed = [pieces.listed, *_panel(pieces)]
    named = [pieces.rename.click, pieces.name.submit]
    gr.on(named, events.rename, [*chosen, pieces.name], changed, **QUICK)
    pieces.resume.click(events.resume, chosen, changed, **QUICK)
    pieces.unshare.click(events.unshare, chosen, changed, **QUICK)
    asked = [pieces.sure, pieces.question, pieces.doomed]
    pieces.delete.click(events.ask_delete, chosen, asked, **QUICK)
    pieces.keep.click(lambda: gr.Row(visible=False), None, pieces.sure, **QUICK)
    pieces.delete_sure.click(
        events.delete,
        [*chosen, pieces.doomed],
        [*changed, shared.owner, shared.selected_runs],
        **QUIET,
    )


def _connect_takeaway(shared: Shared, pieces: Pieces, events: Events) -> None:
    """Adapter, code and link."""
    chosen = [shared.owner, pieces.listed]
    for button, merged in ((pieces.fetch, False), (pieces.fetch_merged, True)):
        packing = partial(said, words.MERGING if merged else words.PACKING, "quiet")
        button.click(packing, None, pieces.note, **QUICK).then(
            partial(events.download, merged=merged),
            chosen,
            [pieces.note, pieces.download],
            **QUIET,
        )
    pieces.show_code.click(
        events.code,
        [*chosen, pieces.show_code],
        [pieces.code, pieces.show_code, pieces.note],
        **QUICK,
    )
    shared_now = pieces.share.click(events.share, chosen, [pieces.listed, *_panel(pieces)], **QUICK)
    shared_now.then(None, pieces.listed, pieces.link, js=LINK)


def _panel(pieces: Pieces) -> list:
    """Everything below the list that follows the choice."""
    return [
        pieces.headline,
        pieces.panel,
        pieces.note,
        pieces.download,
        pieces.code,
        pieces.sure,
        pieces.link,
        pieces.show_code,
        pieces.fetch,
        pieces.fetch_merged,
        pieces.rename,
        pieces.name,
        pieces.resume,
        pieces.unshare,
        pieces.delete,
        pieces.loss,
        pieces.accuracy,
        pieces.settings,
    ]
