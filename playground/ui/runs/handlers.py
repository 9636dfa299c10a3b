"""What happens in the Runs tab: each function asks the API once and says what to show."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components.notice import SILENT, notice_text
from playground.ui.components.wiring import Updates
from playground.ui.http.origin import origin
from playground.ui.runs.panel import buttons, contents, damage_notice
from playground.ui.runs.run_list import acknowledge, chosen_run, chosen_runs, refresh
from playground.ui.runs.widgets import Widgets, download_payload
from playground.ui.session import visitor
from playground.ui.session.opening import first_tab, visible_ids
from playground.ui.session.shared import Shared
from playground.ui.words import runs as words


@dataclass(frozen=True)
class Handlers:
    """The tab's reactions. Every method returns only what changes."""

    shared: Shared
    widgets: Widgets

    def choose(self, saved: object, listed: object) -> Updates:
        """Other runs are chosen: their curves, their settings, what can be done with them."""
        widgets = self.widgets
        records = self._records(saved, chosen_runs(listed))
        panel: Updates = {
            widgets.listed: acknowledge(listed),
            widgets.panel: gr.Column(visible=bool(records)),
            widgets.replies.note: SILENT,
        }
        quiet: Updates = {
            widgets.replies.code: gr.Code(visible=False),
            widgets.replies.sure: gr.Row(visible=False),
            widgets.replies.download: None,
        }
        link: Updates = {
            widgets.replies.link: gr.Textbox(visible=False),
            widgets.actions.show_code: gr.Button(words.CODE),
        }
        if not records:
            return {**panel, **quiet, **link, widgets.headline: notice_text(words.NO_TICK, "quiet")}
        headline = notice_text(words.chosen([record.name for record in records]), "headline")
        able = buttons(widgets.actions, records, visitor.owner(saved))
        notices: Updates = {
            widgets.headline: headline,
            widgets.replies.note: damage_notice(records),
        }
        return {**panel, **quiet, **link, **contents(widgets.details, records), **able, **notices}

    def open(self, saved: object, listed: object) -> Updates:
        """Show the chosen runs in Train and Compare, and in the address."""
        owner, runs = visitor.owner(saved), chosen_runs(listed)
        tab = first_tab(self._api, runs, owner)
        return {
            self.shared.owner: visitor.remember(saved, runs),
            self.shared.selected_runs: runs,
            self.shared.tabs: gr.Tabs(selected=tab),
        }

    def rename(self, saved: object, listed: object, name: str) -> Updates:
        return self._do(
            saved, listed, lambda run, owner: self._api.rename(run, name, owner), words.RENAMED
        )

    def resume(self, saved: object, listed: object) -> Updates:
        resume = partial(self._api.resume, origin=origin())
        return self._do(saved, listed, resume, words.RESUMED)

    def unshare(self, saved: object, listed: object) -> Updates:
        return self._do(
            saved, listed, lambda run, owner: self._api.share(run, owner, False), words.UNSHARED
        )

    def ask_delete(self, saved: object, listed: object) -> Updates:
        """Nothing is deleted before a second press, and then only what the question names."""
        records = self._records(saved, chosen_runs(listed))
        question = notice_text(words.sure([record.name for record in records]), "error")
        return {
            self.widgets.replies.sure: gr.Row(visible=True),
            self.widgets.replies.question: question,
            self.widgets.replies.doomed: [record.id for record in records],
        }

    def delete(self, saved: object, listed: object, doomed: list[str]) -> Updates:
        """Delete the runs that were asked about; those open elsewhere on the page are closed."""
        ticks = listed if isinstance(listed, dict) else {}
        asked = {**ticks, "chosen": doomed}
        updates = self._do(saved, asked, self._api.delete, words.DELETED)
        kept, _ = visible_ids(self._api, visitor.open_runs(saved), visitor.owner(saved))
        return {
            **updates,
            self.shared.owner: visitor.remember(saved, kept),
            self.shared.selected_runs: kept,
            self.widgets.replies.sure: gr.Row(visible=False),
        }

    def share(self, saved: object, listed: object) -> Updates:
        """Own runs become visible to whoever has the link, which the browser then makes."""
        owner, runs = visitor.owner(saved), chosen_runs(listed)
        try:
            for record in self._records(saved, runs):
                if owns(record, owner):
                    self._api.share(record.id, owner)
        except UserError as error:
            return {self.widgets.replies.note: notice_text(str(error), "error")}
        notices: Updates = {self.widgets.replies.note: notice_text(words.linked(len(runs)), "good")}
        return {
            **notices,
            self.widgets.replies.link: gr.Textbox(visible=True),
            **self._anew(saved, listed),
        }

    def code(self, saved: object, listed: object, shown: str) -> Updates:
        """Show the code of the chosen run, or hide it."""
        if shown != words.CODE:
            return self._code_box("", words.CODE, visible=False)
        try:
            text = self._api.code(chosen_run(listed), visitor.owner(saved))
        except UserError as error:
            return {self.widgets.replies.note: notice_text(str(error), "error")}
        return self._code_box(text, words.HIDE_CODE, visible=True)

    def download(self, saved: object, listed: object, merged: bool = False) -> Updates:
        """Pack the adapter, or the model with it folded in; the browser then fetches it."""
        try:
            path = self._api.export(chosen_run(listed), visitor.owner(saved), merged)
        except UserError as error:
            return {self.widgets.replies.note: notice_text(str(error), "error")}
        address = self.shared.downloads.offer(path)
        return {
            self.widgets.replies.note: SILENT,
            self.widgets.replies.download: download_payload(address, path.name),
        }

    @property
    def _api(self) -> Playground:
        return self.shared.playground

    def _records(self, saved: object, runs: list[str]) -> list[Record]:
        """The chosen runs the visitor may still see."""
        owner = visitor.owner(saved)
        found = []
        for run_id in runs:
            try:
                found.append(self._api.record(run_id, owner))
            except UserError:
                continue  # deleted in another tab: the list leaves it out too
        return found

    def _do(
        self, saved: object, listed: object, act: Callable[[str, str], None], done: str
    ) -> Updates:
        """Do something to every chosen run, or say at which one it failed and why."""
        owner = visitor.owner(saved)
        try:
            for run_id in chosen_runs(listed):
                act(run_id, owner)
        except UserError as error:
            return {self.widgets.replies.note: notice_text(str(error), "error")}
        return {self.widgets.replies.note: notice_text(done, "good"), **self._anew(saved, listed)}

    def _anew(self, saved: object, listed: object) -> Updates:
        """The list refreshes at once, and the panel shows what has changed."""
        owner, runs = visitor.owner(saved), chosen_runs(listed)
        records = self._records(saved, runs)
        seen = " ".join(f"{record.name} {record.status} {record.shared}" for record in records)
        updates: Updates = {self.widgets.listed: refresh(saved, listed, seen)}
        if not records:
            return {**updates, self.widgets.panel: gr.Column(visible=False)}
        headline = notice_text(words.chosen([record.name for record in records]), "headline")
        return {
            **updates,
            self.widgets.headline: headline,
            **buttons(self.widgets.actions, records, owner),
        }

    def _code_box(self, text: str, label: str, visible: bool) -> Updates:
        code = gr.Code(text, visible=visible)
        return {self.widgets.replies.code: code, self.widgets.actions.show_code: gr.Button(label)}
