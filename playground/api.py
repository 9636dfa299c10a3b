"""Playground: everything a page or a script can ask."""

import atexit
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from playground.comparisons.comparisons import Comparisons
from playground.comparisons.cost_rows import CostRow
from playground.comparisons.costs import CostTable
from playground.comparisons.interactive import Interactive
from playground.comparisons.question import Question, readable, usable
from playground.comparisons.results import ArmAnswer, Base, Progress, TaskAnswers
from playground.comparisons.tasks import Tasks
from playground.data import hub, reading, samples
from playground.data.example import Example
from playground.data.table import Table
from playground.evaluation.comparison import Comparison
from playground.events import Event
from playground.executors.base import Executor
from playground.executors.local import Local
from playground.executors.processes import Processes
from playground.executors.queue import Scheduler, follow
from playground.host_token import may_be_used
from playground.inference.client import InferenceClient
from playground.inference.replies import Cost, Machine, Preview, TaskTimes
from playground.models import presence
from playground.reports.adapter_zip import export
from playground.reports.merged_zip import export_merged
from playground.reports.script import script
from playground.runs import changes, starting
from playground.runs.group import Group, Groups, GroupSpec
from playground.runs.modes import close_to_others
from playground.runs.quotas import STRANGERS, Quota
from playground.runs.record import Record
from playground.runs.spec import RunSpec, Value
from playground.runs.store import Store
from playground.runs.trouble import home_folder, told
from playground.studies import asked as studies
from playground.studies.asked import StudySpec
from playground.studies.costs import Cost as StudyCost
from playground.studies.finding import Finding
from playground.tasks import splits as splitting
from playground.tasks.classification import Task
from playground.tasks.splits import Split


class Playground:
    """The runs of one home and all that can be asked of them.

    home: the folder where runs live, made if need be. Processes start when something needs them,
    or with `warm`. Use it in a `with` block or call `close`; the end of the script closes it too.
    A run goes on without the script that started it: open the home again to find it.

    owner, in every call: the secret token of who asks, "" for a script on this machine. Somebody
    else's run is as good as missing unless it is shared. What a person can mend is a UserError.

    folders: whether a model may be a folder of this machine; not where strangers ask.
    host_token: whether this machine's token of the Hugging Face Hub may be used; by default where
    folders may be, and never on a Space.
    quota: what one owner may keep; a script ("") may fill the disk.
    """

    def __init__(
        self,
        home: str | Path,
        placement: Executor | None = None,
        folders: bool = True,
        host_token: bool | None = None,
        quota: Quota = STRANGERS,
    ) -> None:
        self._folders = folders
        wanted = folders if host_token is None else host_token
        self._host_token = wanted and may_be_used(os.environ)
        self.home = home_folder(home)
        with told():
            close_to_others(self.home)
            self._store = Store(self.home, quota)
        self._groups = Groups(self._store)
        self._processes = Processes(self.home, host_token=self._host_token)
        self._scheduler = Scheduler(self._store, placement or Local(self.home, self._processes))
        self._inference = InferenceClient(self.home, self._processes)
        self._comparisons = Comparisons(self._store, self._inference)
        self._interactive = Interactive(self._store, self._inference)
        self._tasks = Tasks(self._store, self._inference)
        self._ledger = CostTable(self._store, self._inference)
        atexit.register(self.close)

    def warm(self) -> None:
        """Serve the queue of this home, with a worker and the inference worker ready in advance."""
        self._scheduler.start()
        self._inference.warm()

    def close(self) -> None:
        """End what this object started, except the runs. Nothing happens the second time."""
        atexit.unregister(self.close)
        with ExitStack() as closing:  # in reverse, and all of them even where one fails
            for part in (self._processes, self._inference, self._scheduler, self._comparisons):
                closing.callback(part.close)

    def __enter__(self) -> "Playground":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, source: str | Path | Sequence[str | Path]) -> Table:
        """The table of a file (CSV, TSV, JSONL, JSON, Parquet, XLSX, ARFF, also packed), of a
        folder, or of several files that are parts of one data set, with its problems."""
        return reading.read(source)

    def paste(self, text: str) -> Table:
        """The table of rows that were typed or pasted."""
        return reading.paste(text)

    def sample(self, name: str) -> Table:
        """One of the tables that ship with the project."""
        return samples.read_sample(name)

    def hub(
        self, dataset_id: str, configuration: str = "", split: str = "", token: str = ""
    ) -> Table:
        """A dataset of the Hugging Face Hub. token: of whoever asks, for what only they may read;
        it is used for this one request and kept nowhere."""
        return hub.read_hub(dataset_id, configuration, split, token or self._host_token)

    def split(self, spec: RunSpec, table: Table) -> Split:
        """The labelled and the held-out examples that a run of this spec would have."""
        return splitting.split(table, spec.task, spec.labels_per_class, spec.seed)

    @told()
    def start(self, spec: RunSpec, table: Table, owner: str = "", origin: str = "") -> str:
        """The id of a new run, in the queue.

        origin: where it is started from, as an address; only a hash of it is kept. Owners of one
        origin share its places in the queue. "" for a script on this machine.
        """
        self._check_there(spec.model)
        self._interactive.check_chat(spec.task, spec.model)
        run_id = starting.start(spec, table, owner, self._store, origin)
        self._serve()
        return run_id

    @told()
    def runs(self, owner: str = "") -> list[Record]:
        """The owner's runs, newest first."""
        return self._store.own(owner)

    @told()
    def record(self, run_id: str, owner: str = "") -> Record:
        """One run as it is now."""
        return self._store.visible(run_id, owner)

    @told()
    def queue(self) -> tuple[int, int]:
        """How many runs train now and how many wait, whoever owns them."""
        return self._store.queue()

    @told()
    def events(self, run_id: str, since: int = 0, owner: str = "") -> tuple[list[Event], int]:
        """What happened after the cursor `since`, and the cursor for the next time."""
        return self.record(run_id, owner).events(since)

    def follow(self, run_id: str, owner: str = "") -> Iterator[Event]:
        """Every event of a run as it happens, until the run is over."""
        self._serve()
        return follow(self._store, run_id, owner)

    @told()
    def stop(self, run_id: str, owner: str = "") -> None:
        """End a run early; it keeps what it has learnt. One that waits leaves the queue."""
        changes.stop(self._store.owned(run_id, owner))
        self._scheduler.wake()

    @told()
    def resume(self, run_id: str, owner: str = "", origin: str = "") -> None:
        """Queue a stopped, failed or died run again; it goes on from its last checkpoint.
        origin: as in `start`."""
        record = readable(self._store.owned(run_id, owner))
        self._check_there(record.spec.model)
        starting.resume(run_id, owner, self._store, origin)
        self._serve()

    @told()
    def rename(self, run_id: str, name: str, owner: str = "") -> None:
        """Give a run another name."""
        changes.rename(self._store.owned(run_id, owner), name)

    @told()
    def share(self, run_id: str, owner: str = "", shared: bool = True) -> None:
        """Let whoever has the run's id see it, or no longer."""
        changes.share(self._store.owned(run_id, owner), shared)

    @told()
    def delete(self, run_id: str, owner: str = "") -> None:
        """Remove a run for good."""
        changes.delete(self._store.owned(run_id, owner), self._store)

    @told()
    def start_group(self, spec: GroupSpec, table: Table, owner: str = "", origin: str = "") -> str:
        """The id of a new group of runs, which wait in the queue as one. origin: as in `start`."""
        for model in {one.model for one in spec.runs}:
            self._check_there(model)
        for number, one in enumerate(spec.runs):
            if not any(_same_prompt(one, other) for other in spec.runs[:number]):
                self._interactive.check_chat(one.task, one.model)
        group_id = self._groups.start(spec, table, owner, origin)
        self._serve()
        return group_id

    @told()
    def groups(self, owner: str = "") -> list[Group]:
        """The owner's groups of runs, newest first."""
        return self._groups.own(owner)

    @told()
    def group(self, group_id: str, owner: str = "") -> Group:
        """One group as it is now: its runs, how many are done, seconds trained."""
        return self._groups.one(group_id, owner)

    @told()
    def stop_group(self, group_id: str, owner: str = "") -> None:
        """`stop` for all runs of a group."""
        self._groups.stop(group_id, owner)
        self._scheduler.wake()

    @told()
    def resume_group(self, group_id: str, owner: str = "", origin: str = "") -> None:
        """`resume` for all runs of a group that can go on."""
        for model in {one.spec.model for one in self.group(group_id, owner).runs if one.readable}:
            self._check_there(model)
        self._groups.resume(group_id, owner, origin)
        self._serve()

    @told()
    def delete_group(self, group_id: str, owner: str = "") -> None:
        """Remove a group and all its runs for good."""
        self._groups.delete(group_id, owner)

    @told()
    def study_cost(self, spec: StudySpec, owner: str = "") -> StudyCost:
        """What a study would cost: runs, steps, and seconds once a like run has shown its pace."""
        return studies.cost_of(spec, self.runs(owner))

    def start_study(self, spec: StudySpec, table: Table, owner: str = "", origin: str = "") -> str:
        """The id of a new group of runs that are to answer a question. origin: as in `start`."""
        return self.start_group(studies.group_of(spec), table, owner, origin)

    @told()
    def study(self, group_id: str, owner: str = "") -> Finding:
        """The answer of a study by what of its group is done."""
        return studies.finding_of(self.group(group_id, owner))

    @told()
    def export(self, run_id: str, owner: str = "", merged: bool = False) -> Path:
        """A zip: the adapter in peft's format, a model card, the examples and the code.

        merged: the whole model instead, the adapter folded into its weights, where that is exact.
        """
        record = usable(self.record(run_id, owner))
        if merged:
            return export_merged(record, self._store.home, self._inference)
        return export(record, self._store.home)

    @told()
    def code(self, run_id: str, owner: str = "") -> str:
        """A script with plain transformers and peft that makes the run again."""
        return script(self.record(run_id, owner))

    def preview(
        self,
        task: Task,
        row: Mapping[str, str],
        model: str = "bundled",
        demonstrations: Sequence[Example] = (),
    ) -> Preview:
        """The row as the model will read it, and the label words as its tokenizer knows them."""
        starting.check_model(model, self._folders)
        return self._interactive.preview(task, row, model, demonstrations)

    def describe(
        self, model: str, method: str, settings: Mapping[str, Value], task: Task | None = None
    ) -> Cost:
        """What a method costs on a model: parameters, bytes, memory; or why it does not fit."""
        starting.check_model(model, self._folders)
        return self._interactive.describe(model, method, settings, task)

    def machine(self) -> Machine:
        """Where models run."""
        return self._interactive.machine()

    @told()
    def request(self, question: Question) -> str:
        """A key; the arms of the question are asked in the background from now on."""
        return self._comparisons.request(self._checked(question))

    def let_go(self, key: str) -> None:
        """Nobody waits for this question any more: its arms rest until somebody looks again."""
        self._comparisons.let_go(key)

    def progress(self, key: str) -> Progress:
        """How far a question is. Arms nobody looks at for a minute rest until somebody does."""
        return self._comparisons.progress(key)

    def comparison(self, key: str, rule: str | None = None) -> Comparison:
        """The arms that are done, compared."""
        return self._comparisons.comparison(key, rule)

    def demonstrations(self, key: str) -> dict[str, tuple[Example, ...]]:
        """The examples shown before every question of each prompting arm, by the arm's name."""
        return self._comparisons.demonstrations(key)

    def compare(
        self,
        run_ids: Sequence[str],
        shots: Sequence[int] = (0, 1, 8),
        rule: str | None = None,
        seed: int = 0,
        owner: str = "",
        baseline: bool = False,
        nearest: Sequence[int] = (),
    ) -> Comparison:
        """Prompting with these numbers of shots and these runs, on the same held-out examples;
        with `baseline`, TF-IDF and logistic regression on the same labelled ones beside them.
        nearest: further arms, with so many demonstrations chosen anew for every example."""
        question = Question(
            tuple(run_ids),
            tuple(shots),
            seed,
            owner=owner,
            baseline=baseline,
            nearest=tuple(nearest),
        )
        return self._comparisons.wait(self.request(question), rule)

    def ask(
        self,
        text: str | Mapping[str, str],
        task: Task | None = None,
        run_ids: Sequence[str] = (),
        shots: Sequence[int] = (0,),
        owner: str = "",
        nearest: Sequence[int] = (),
    ) -> list[ArmAnswer]:
        """What every arm says to one text, or to one row by column. Without a task: the runs'.
        shots, nearest: as in `compare`."""
        spec = RunSpec(task=task) if task else None
        question = Question(
            tuple(run_ids), tuple(shots), spec=spec, owner=owner, nearest=tuple(nearest)
        )
        return self.answer(text, question)

    @told()
    def answer(
        self, text: str | Mapping[str, str], question: Question, rule: str | None = None
    ) -> list[ArmAnswer]:
        """`ask` for the arms of a question, which may name a table where there is no run yet."""
        return self._interactive.answer(text, self._checked(question), rule)

    @told()
    def tasks(self, run_ids: Sequence[str] = (), owner: str = "") -> tuple[Base, ...]:
        """The owner's finished runs, and these of others, as tasks by the base they share, with the
        bytes each takes."""
        return self._tasks.cards(run_ids, owner)

    @told()
    def ask_tasks(
        self, text: str | Mapping[str, str], run_ids: Sequence[str], owner: str = ""
    ) -> TaskAnswers:
        """What finished runs of any tasks say to one text, or to one row by column: those of one
        base in one batch, wherever their method allows it."""
        return self._tasks.ask(text, run_ids, owner)

    @told()
    def time_tasks(
        self, text: str | Mapping[str, str], run_ids: Sequence[str], owner: str = ""
    ) -> tuple[TaskTimes, ...]:
        """How long `ask_tasks` takes in one batch and one task after the other, for each base."""
        return self._tasks.times(text, run_ids, owner)

    @told()
    def ledger(self, run_ids: Sequence[str], owner: str = "") -> list[CostRow]:
        """What finished runs cost, after the full copy they stand for: trainable parameters, bytes
        on disk, memory, seconds a step, and milliseconds an answer where they were timed."""
        return self._ledger.rows(run_ids, owner)

    @told()
    def time_answers(
        self,
        run_ids: Sequence[str],
        owner: str = "",
        progress: Callable[[int], None] = lambda answers: None,
    ) -> list[CostRow]:
        """The cost table with all answers timed anew, in turns; some seconds. progress: answers
        timed so far, each way."""
        return self._ledger.time(run_ids, owner, progress)

    def _checked(self, question: Question) -> Question:
        if question.spec is not None:
            starting.check_model(question.spec.model, self._folders)
            if not question.run_ids:  # else theirs is asked
                self._check_there(question.spec.model)
                self._interactive.check_chat(question.spec.task, question.spec.model)
        return question

    def _check_there(self, model: str) -> None:
        """Raises UserError when the model is surely not there, or not for whoever asks."""
        starting.check_model(model, self._folders)
        presence.check(model, token=None if self._host_token else False)

    def _serve(self) -> None:
        self._scheduler.start()
        self._scheduler.wake()


def _same_prompt(one: RunSpec, other: RunSpec) -> bool:
    return (one.task, one.model) == (other.task, other.model)
