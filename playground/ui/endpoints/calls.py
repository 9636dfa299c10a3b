"""The named endpoints, one method each, for `gradio_client` and scripts.

Values are plain JSON. `owner` is any secret text of 16 characters or more that the caller makes
up once: who sends it again sees the same runs. What a person can mend comes back as the text of
the error.
"""

import asyncio
import dataclasses
from typing import Any

from gradio.events import api

from playground import limits
from playground.api import Playground
from playground.comparisons.question import Question
from playground.errors import UserError
from playground.inference.line import WHO
from playground.ui.data.source import read_file
from playground.ui.endpoints import values
from playground.ui.http.origin import origin
from playground.ui.http.seats import Room, Seats
from playground.ui.session import visitor
from playground.ui.session.shared import Shared
from playground.ui.session.tables import SAMPLE

Json = dict[str, Any]
LOOK_SECONDS = 0.2  # between two styles at a comparison
# Nobody sits and waits here: who is one too many is told. Each seat is a call that is open.
ASKING = Room(
    limits.ASK_CALLS,
    limits.ASK_CALLS_PER_ORIGIN,
    limits.ASK_CALLS_PER_ORIGIN,
    limits.ASK_CALLS,
)
COMPARING = Room(
    limits.COMPARE_CALLS,
    limits.COMPARISONS_PER_ORIGIN,
    limits.COMPARISONS_PER_ORIGIN,
    limits.COMPARE_CALLS,
)
CALLS = "questions are being answered"
COMPARISONS = "comparisons are being answered"


def expose(shared: Shared) -> None:
    """Name the endpoints of the page; call it inside the page's Blocks."""
    served = Endpoints(shared, Seats(ASKING, CALLS), Seats(COMPARING, COMPARISONS))
    for name in ("read", "start", "events", "ask", "ask_tasks", "stop", "runs", "ledger", "export"):
        endpoint = getattr(served, name)
        api(endpoint, api_name=name, api_description=endpoint.__doc__)
    api(
        served.compare,
        api_name="compare",
        api_description=served.compare.__doc__,
        concurrency_limit=limits.COMPARE_CALLS,
    )


@dataclasses.dataclass(frozen=True)
class Endpoints:
    """One method for each endpoint; its docstring is what callers read. Arguments are whatever
    somebody sends, so each is looked at before it is used."""

    shared: Shared
    asking: Seats
    comparing: Seats

    def read(self, source: str = "", file: Json | None = None) -> Json:
        """Read a table. source: "sample:film-reviews" (or another sample), or rows as text, the
        first line naming the columns; file: an uploaded file instead (gradio_client.handle_file).

        Returns its id for `start` and `compare`, its columns, rows, problems, and a guessed task.
        """
        table_id = self._kept(source, file)
        return values.table_json(table_id, self.shared.tables.get(table_id))

    def start(self, table: str, spec: Json, owner: str) -> str:
        """Start a run and return its id. table: the id that `read` gave. spec: {"task": {...},
        "model", "method", "settings", "labels_per_class", "seed", "name"}; only task is needed.
        """
        token, wanted = visitor.checked(owner), values.spec_of(spec)
        rows = self.shared.tables.get(values.text_of(table, "table"))
        return self._api.start(wanted, rows, token, origin())

    def events(self, run: str, since: int = 0, owner: str = "") -> Json:
        """What happened in a run after the cursor `since`: {"events", "cursor", "status"}."""
        token, name = visitor.checked(owner), values.text_of(run, "run")
        record = self._api.record(name, token)  # looked at first: no event is missed at the end
        found, cursor = self._api.events(name, max(0, values.whole(since, "since")), token)
        payloads = [{"event": type(event).__name__, **dataclasses.asdict(event)} for event in found]
        return {"events": payloads, "cursor": cursor, "status": record.status}

    async def compare(self, runs: list[str], shots: list[int], options: Json, owner: str) -> Json:
        """Compare prompting with these numbers of shots and these runs on the held-out examples;
        waits for the answers. options: {"rule", "seed", "table", "spec", "baseline", "nearest"},
        all may be left out; table and spec say what to compare on while there is no run; baseline:
        true adds TF-IDF with logistic regression; nearest: [8] adds an arm with 8 demonstrations
        chosen anew for every example. The work ends when nobody waits for the answer any more.
        """
        rule = values.rule_of(values.dictionary(options, "options"))
        with self.comparing.seat():
            question = await asyncio.to_thread(self._question, runs, shots, options, owner)
            key = await asyncio.to_thread(self._api.request, question)
            present = WHO.get().present
            while not (await asyncio.to_thread(self._api.progress, key)).over:
                if not present():
                    self._api.let_go(key)
                    raise UserError("Nobody waits for this comparison any more. Ask for it again.")
                await asyncio.sleep(LOOK_SECONDS)
            return await asyncio.to_thread(self._compared, key, rule)

    def ask(
        self,
        text: str | dict[str, str],
        runs: list[str],
        shots: list[int],
        options: Json,
        owner: str,
    ) -> list[Json]:
        """What every arm says to one text (or to one row by column). options as in `compare`."""
        rule = values.rule_of(values.dictionary(options, "options"))
        question = self._question(runs, shots, options, owner)
        with self.asking.seat():
            answers = self._api.answer(values.text_or_row(text), question, rule)
        return [dataclasses.asdict(answer) for answer in answers]

    def ask_tasks(self, text: str | dict[str, str], runs: list[str], owner: str) -> Json:
        """What finished runs of any tasks say to one text (or to one row by column), those of one
        base in one batch: {"answers", "left_out"}."""
        token, wanted = visitor.checked(owner), values.ids(runs, "runs")
        with self.asking.seat():
            return dataclasses.asdict(self._api.ask_tasks(values.text_or_row(text), wanted, token))

    def stop(self, run: str, owner: str) -> str:
        """Stop a run; it keeps what it has learnt. Returns its status."""
        token, name = visitor.checked(owner), values.text_of(run, "run")
        self._api.stop(name, token)
        return self._api.record(name, token).status

    def runs(self, owner: str) -> list[Json]:
        """The owner's runs, the newest first."""
        return [values.run_json(record) for record in self._api.runs(visitor.checked(owner))]

    def ledger(self, runs: list[str], timed: bool, owner: str) -> list[Json]:
        """What finished runs cost, after the full copy they stand for (run_id ""). timed: whether
        to time their answers first, which takes some seconds."""
        token, wanted = (
            visitor.checked(owner),
            values.ids(runs, "runs")[: limits.QUEUED_RUNS_PER_OWNER],
        )
        costs = self._api.time_answers if values.flag(timed, "timed") else self._api.ledger
        with self.asking.seat():
            return [dataclasses.asdict(row) for row in costs(wanted, token)]

    def export(self, run: str, owner: str) -> str:
        """Pack a run's adapter. Returns the address of the zip, relative to the page's own; it
        works once and for ten minutes."""
        token = visitor.checked(owner)
        return self.shared.downloads.offer(self._api.export(values.text_of(run, "run"), token))

    @property
    def _api(self) -> Playground:
        return self.shared.playground

    def _compared(self, key: str, rule: str | None) -> Json:
        found = self._api.comparison(key, rule)
        arms = self._api.progress(key).arms
        failed = {arm.name: arm.message for arm in arms if arm.state == "failed"}
        return {**dataclasses.asdict(found), "sentence": found.sentence(), "failed": failed}

    def _kept(self, source: object, file: object) -> str:
        if file is not None:
            path = str(values.upload_path(file))
            with self.shared.reading.seat():
                return self.shared.tables.put(read_file(self._api, self.shared.unread, path))
        text = values.text_of(source, "source")
        if text.startswith(SAMPLE):
            return text
        with self.shared.reading.seat():
            return self.shared.tables.put(self._api.paste(text))

    def _question(self, runs: object, shots: object, options: object, owner: object) -> Question:
        chosen = values.dictionary(options, "options")
        table = chosen.get("table")
        return Question(
            run_ids=values.ids(runs, "runs")[: limits.QUEUED_RUNS_PER_OWNER],
            shots=values.wholes(shots, "shots"),
            seed=values.whole(chosen.get("seed", 0), "seed"),
            spec=values.spec_of(chosen["spec"]) if chosen.get("spec") is not None else None,
            table=self.shared.tables.get(table) if table is not None else None,
            owner=visitor.checked(owner),
            baseline=values.flag(chosen.get("baseline"), "baseline"),
            nearest=values.wholes(chosen.get("nearest"), "nearest"),
        )
