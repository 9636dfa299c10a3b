"""What happens in the Runs tab: each function asks the API once and says what to show."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import gradio as gr

from playground.api import Playground
from playground.errors import UserError
from playground.runs.record import Record
from playground.runs.store import owns
from playground.ui.components.notice import SILENT, said
from playground.ui.http.download import offered
from playground.ui.http.origin import origin
from playground.ui.runs.list import changed, chosen_runs, shown
from playground.ui.runs.panel import Updates, buttons, contents, damage_told
from playground.ui.runs.widgets import Pieces
from playground.ui.session import visitor
from playground.ui.session.opening import first_tab, visible
from playground.ui.session.shared import Shared
from playground.ui.words import runs as words


@dataclass(frozen=True)
class Events:
    """The tab's reactions. Every method returns only what changes."""

    shared: Shared
    pieces: Pieces

    def choose(self, saved: object, listed: object) -> Updates:
        """Other runs are chosen: their curves, their settings, what can be done with them."""
        pieces = self.pieces
        records = self._records(saved, chosen_runs(listed))
        panel = {
            pieces.listed: shown(listed),
            pieces.panel: gr.Column(visible=bool(records)),
            pieces.note: SILENT,
        }
        quiet = {
            pieces.code: gr.Code(visible=False),
            pieces.sure: gr.Row(visible=False),
            pieces.download: None,
        }
        link = {pieces.link: gr.Textbox(visible=False), pieces.show_code: gr.Button(words.CODE)}
        if not records:
            return {**panel, **quiet, **link, pieces.headline: said(words.NO_TICK, "quiet")}
        headline = said(words.chosen([record.name for record in records]), "headline")
        able = buttons(pieces, records, visitor.owner(saved))
        told = {pieces.headline: headline, pieces.note: damage_told(records)}
        return {**panel, **quiet, **link, **contents(pieces, records), **able, **told}

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
        question = said(words.sure([record.name for record in records]), "error")
        return {
            self.pieces.sure: gr.Row(visible=True),
            self.pieces.question: question,
            self.pieces.doomed: [record.id for record in records],
        }

    def delete(self, saved: object, listed: object, doomed: list[str]) -> Updates:
        """Delete the runs that were asked about; those open elsewhere on the page are closed."""
        ticks = listed if isinstance(listed, dict) else {}
        asked = {**ticks, "chosen": doomed}
        updates = self._do(saved, asked, self._api.delete, words.DELETED)
        kept, _ = visible(self._api, visitor.open_runs(saved), visitor.owner(saved))
        return {
            **updates,
            self.shared.owner: visitor.remember(saved, kept),
            self.shared.selected_runs: kept,
            self.pieces.sure: gr.Row(visible=False),
        }

    def share(self, saved: object, listed: object) -> Updates:
        """Own runs become visible to whoever has the link, which the browser then makes."""
        owner, runs = visitor.owner(saved), chosen_runs(listed)
        try:
            for record in self._records(saved, runs):
                if owns(record, owner):
                    self._api.share(record.id, owner)
        except UserError as error:
            return {self.pieces.note: said(str(error), "error")}
        told = {self.pieces.note: said(words.linked(len(runs)), "good")}
        return {**told, self.pieces.link: gr.Textbox(visible=True), **self._anew(saved, listed)}

    def code(self, saved: object, listed: object, shown: str) -> Updates:
        """Show the code of the chosen run, or hide it."""
        if shown != words.CODE:
            return self._code_box("", words.CODE, visible=False)
        try:
            text = self._api.code(chosen_runs(listed)[0], visitor.owner(saved))
        except UserError as error:
            return {self.pieces.note: said(str(error), "error")}
        return self._code_box(text, words.HIDE_CODE, visible=True)

    def download(self, saved: object, listed: object, merged: bool = False) -> Updates:
        """Pack the adapter, or the model with it folded in; the browser then fetches it."""
        try:
            path = self._api.export(chosen_runs(listed)[0], visitor.owner(saved), merged)
        except UserError as error:
            return {self.pieces.note: said(str(error), "error")}
        address = self.shared.downloads.offer(path)
        return {self.pieces.note: SILENT, self.pieces.download: offered(address, path.name)}

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
            return {self.pieces.note: said(str(error), "error")}
        return {self.pieces.note: said(done, "good"), **self._anew(saved, listed)}

    def _anew(self, saved: object, listed: object) -> Updates:
        """The list looks again at once, and the panel shows what has changed."""
        owner, runs = visitor.owner(saved), chosen_runs(listed)
        records = self._records(saved, runs)
        seen = " ".join(f"{record.name} {record.status} {record.shared}" for record in records)
        updates = {self.pieces.listed: changed(saved, listed, seen)}
        if not records:
            return {**updates, self.pieces.panel: gr.Column(visible=False)}
        headline = said(words.chosen([record.name for record in records]), "headline")
        return {**updates, self.pieces.headline: headline, **buttons(self.pieces, records, owner)}

    def _code_box(self, text: str, label: str, visible: bool) -> Updates:
        code = gr.Code(text, visible=visible)
        return {self.pieces.code: code, self.pieces.show_code: gr.Button(label)}
