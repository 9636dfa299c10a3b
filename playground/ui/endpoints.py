"""The API by name: what the page does, for `gradio_client` and scripts on other machines.

Values are plain JSON. `owner` is any secret text of 16 characters or more that the caller makes
up once: who sends it again sees the same runs. What a person can mend comes back as the text of
the error.
"""

import dataclasses
import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from playground import limits
from playground.api import Playground
from playground.errors import UserError
from playground.runs.question import Question
from playground.ui import visitor
from playground.ui.data_source import read_file
from playground.ui.endpoint_values import asked_spec, described, listed, uploaded
from playground.ui.shared import Shared
from playground.ui.tables import SAMPLE

Json = dict[str, Any]
Output = TypeVar("Output")
LOOK_SECONDS = 0.1  # between two looks at a comparison
COMPARISONS_AT_ONCE = 2  # each waits for its answers and holds a thread


def expose(shared: Shared) -> None:
    """Name the endpoints of the page; call it inside the page's Blocks."""
    served = Endpoints(shared)
    for name in ("read", "start", "events", "ask", "ask_tasks", "stop", "runs", "ledger", "export"):
        endpoint = spoken(getattr(served, name))
        gr.api(endpoint, api_name=name, api_description=endpoint.__doc__)
    compare = spoken(served.compare)
    gr.api(
        compare,
        api_name="compare",
        api_description=compare.__doc__,
        concurrency_limit=COMPARISONS_AT_ONCE,
    )


@dataclasses.dataclass(frozen=True)
class Endpoints:
    """One method for each endpoint; its docstring is what callers read."""

    shared: Shared

    def read(self, source: str = "", file: dict | None = None) -> Json:
        """Read a table. source: "sample:film-reviews" (or another sample), or rows as text, the
        first line naming the columns; file: an uploaded file instead (gradio_client.handle_file).

        Returns its id for `start` and `compare`, its columns, rows, problems, and a guessed task.
        """
        table_id = self._kept(source, file)
        return described(table_id, self.shared.tables.get(table_id))

    def start(self, table: str, spec: dict, owner: str) -> str:
        """Start a run and return its id. table: the id that `read` gave. spec: {"task": {...},
        "model", "method", "settings", "labels_per_class", "seed", "name"}; only task is needed.
        """
        wanted = asked_spec(spec)
        return self._api.start(wanted, self.shared.tables.get(table), visitor.checked(owner))

    def events(self, run: str, since: int = 0, owner: str = "") -> Json:
        """What happened in a run after the cursor `since`: {"events", "cursor", "status"}."""
        token = visitor.checked(owner)
        record = self._api.record(run, token)  # looked at first: no event is missed at the end
        found, cursor = self._api.events(run, max(0, int(since)), token)
        told = [{"event": type(event).__name__, **dataclasses.asdict(event)} for event in found]
        return {"events": told, "cursor": cursor, "status": record.status}

    def compare(self, runs: list[str], shots: list[int], options: dict, owner: str) -> Json:
        """Compare prompting with these numbers of shots and these runs on the held-out examples;
        waits for the answers. options: {"rule", "seed", "table", "spec", "baseline", "nearest"},
        all may be left out; table and spec say what to compare on while there is no run; baseline:
        true adds TF-IDF with logistic regression; nearest: [8] adds an arm with 8 demonstrations
        chosen anew for every example.
        """
        key = self._api.request(self._question(runs, shots, options, owner))
        while not self._api.progress(key).over:
            time.sleep(LOOK_SECONDS)
        found = self._api.comparison(key, options.get("rule"))
        arms = self._api.progress(key).arms
        failed = {arm.name: arm.message for arm in arms if arm.state == "failed"}
        return {**dataclasses.asdict(found), "sentence": found.sentence(), "failed": failed}

    def ask(
        self, text: str | dict, runs: list[str], shots: list[int], options: dict, owner: str
    ) -> list[Json]:
        """What every arm says to one text (or to one row by column). options as in `compare`."""
        question = self._question(runs, shots, options, owner)
        answers = self._api.answer(text, question, options.get("rule"))
        return [dataclasses.asdict(answer) for answer in answers]

    def ask_tasks(self, text: str | dict, runs: list[str], owner: str) -> Json:
        """What finished runs of any tasks say to one text (or to one row by column), those of one
        base in one batch: {"answers", "left_out"}."""
        wanted = [str(run) for run in runs]
        return dataclasses.asdict(self._api.ask_tasks(text, wanted, visitor.checked(owner)))

    def stop(self, run: str, owner: str) -> str:
        """Stop a run; it keeps what it has learnt. Returns its status."""
        self._api.stop(run, visitor.checked(owner))
        return self._api.record(run, visitor.checked(owner)).status

    def runs(self, owner: str) -> list[Json]:
        """The owner's runs, the newest first."""
        return [listed(record) for record in self._api.runs(visitor.checked(owner))]

    def ledger(self, runs: list[str], timed: bool, owner: str) -> list[Json]:
        """What finished runs cost, after the full copy they stand for (run_id ""). timed: whether
        to time their answers first, which takes some seconds."""
        wanted = [str(run) for run in runs[: limits.QUEUED_RUNS_PER_OWNER]]
        look = self._api.time_answers if timed else self._api.ledger
        return [dataclasses.asdict(row) for row in look(wanted, visitor.checked(owner))]

    def export(self, run: str, owner: str) -> str:
        """Pack a run's adapter. Returns the address of the zip, relative to the page's own; it
        works once and for ten minutes."""
        return self.shared.downloads.offer(self._api.export(run, visitor.checked(owner)))

    @property
    def _api(self) -> Playground:
        return self.shared.playground

    def _kept(self, source: str, file: dict | None) -> str:
        if file is not None:
            return self.shared.tables.put(read_file(self._api, str(uploaded(file))))
        if source.startswith(SAMPLE):
            return source
        return self.shared.tables.put(self._api.paste(source))

    def _question(self, runs: list[str], shots: list[int], options: dict, owner: str) -> Question:
        table = options.get("table")
        return Question(
            run_ids=tuple(str(run) for run in runs[: limits.QUEUED_RUNS_PER_OWNER]),
            shots=tuple(int(number) for number in shots),
            seed=int(options.get("seed", 0)),
            spec=asked_spec(options["spec"]) if "spec" in options else None,
            table=self.shared.tables.get(table) if table else None,
            owner=visitor.checked(owner),
            baseline=bool(options.get("baseline", False)),
            nearest=tuple(int(number) for number in options.get("nearest", ())),
        )


def spoken(call: Callable[..., Output]) -> Callable[..., Output]:
    """The same call, with what a person can mend as gradio's error, which is sent as it stands."""

    @functools.wraps(call)
    def answered(*given: object) -> Output:  # gradio sends them all, in order
        try:
            return call(*given)
        except UserError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return answered
