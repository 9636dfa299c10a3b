"""Many tasks, one model: finished runs side by side on their base, asked alone or all at once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from playground import limits
from playground.comparisons.arms import ArmPlan, run_adapter
from playground.comparisons.interactive import row_of
from playground.comparisons.question import run_names, usable
from playground.comparisons.results import Base, TaskAnswer, TaskAnswers
from playground.comparisons.task_cards import cards_by_base
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, probabilities, values
from playground.inference.client import BULK, InferenceClient
from playground.inference.replies import Prediction, TaskOutcomes, TaskPrediction, TaskTimes
from playground.inference.requests import PredictTasks, Row, TaskRow, TimeTasks
from playground.runs.record import Record
from playground.runs.store import Store
from playground.serving import mixable

Text = str | Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """A run that is asked, the row it is asked about, and what it is called among the others."""

    run: Record
    row: Row
    name: str

    @property
    def shares(self) -> bool:
        return mixable(self.run.spec.method)

    @property
    def task_row(self) -> TaskRow:
        """What a batch of several tasks has of it."""
        return TaskRow(self.run.spec.task, self.row, run_adapter(self.run))

    @property
    def plan(self) -> ArmPlan:
        """To be asked by itself."""
        spec = self.run.spec
        return ArmPlan(self.name, spec.task, spec.model, (), self.run, (), "")


Batch = tuple[list[Wanted], "Future[TaskOutcomes]"]
Alone = tuple[Wanted, "Future[Prediction]"]


class Tasks:
    """Asks finished runs of any tasks; what may share a batch on its base does."""

    def __init__(self, store: Store, client: InferenceClient) -> None:
        self.store = store
        self.client = client

    def cards(self, run_ids: Sequence[str], owner: str) -> tuple[Base, ...]:
        """The owner's finished runs and those of `run_ids`, by their base, the newest first."""
        return cards_by_base(self.store, run_ids, owner)

    def ask(self, text: Text, run_ids: Sequence[str], owner: str) -> TaskAnswers:
        """What every run says to a text, or to a row by column.

        A text alone is only for runs that read one. Raises UserError when nobody can be asked.
        """
        wanted, left_out = self._wanted(text, run_ids, owner)
        mixed, alone = self._submit(wanted)
        found: dict[str, TaskAnswer] = {}
        for members, batch in mixed:
            for one, outcome in zip(members, batch.result().outcomes, strict=True):
                if outcome.prediction is None:
                    left_out[one.name] = f"cannot be used: {outcome.problem}".rstrip(".")
                else:
                    found[one.run.id] = _answer(one, outcome.prediction, shared=True)
        for one, reply in alone:
            found[one.run.id] = _answer(one, _alone(reply.result()), shared=False)
        if not found:
            raise UserError(_nobody(left_out))
        answers = tuple(found[one.run.id] for one in wanted if one.run.id in found)
        return TaskAnswers(answers, left_out)

    def _submit(self, wanted: Sequence[Wanted]) -> tuple[list[Batch], list[Alone]]:
        """All requests, sent before any reply is waited for: a batch for each base, and one for
        each run that cannot share."""
        mixed: list[Batch] = []
        alone: list[Alone] = []
        for model, members in _by_base(wanted).items():
            if together := [one for one in members if one.shares]:
                request = PredictTasks(_rows(together), model=model)
                mixed.append((together, self.client.submit(request)))
            for one in members:
                if not one.shares:
                    alone.append((one, self.client.submit(one.plan.prediction(one.row))))
        return mixed, alone

    def times(self, text: Text, run_ids: Sequence[str], owner: str) -> tuple[TaskTimes, ...]:
        """How long the mixed batch takes against one task after the other, for each base with
        two runs or more that can share a batch. It lets whoever asks go first."""
        wanted, _ = self._wanted(text, run_ids, owner)
        sent = [
            self.client.submit(TimeTasks(_rows(members), model=model), priority=BULK)
            for model, members in _by_base([one for one in wanted if one.shares]).items()
            if len(members) > 1
        ]
        return tuple(reply.result() for reply in sent)

    def _wanted(
        self, text: Text, run_ids: Sequence[str], owner: str
    ) -> tuple[list[Wanted], dict[str, str]]:
        """The runs that can be asked, and why another one is left out."""
        chosen = list(dict.fromkeys(run_ids))
        if not 0 < len(chosen) <= limits.TASKS_AT_ONCE:
            raise UserError(
                f"{len(chosen)} tasks are chosen. Choose 1 to {limits.TASKS_AT_ONCE} finished runs."
            )
        runs = tuple(usable(self.store.visible(run_id, owner)) for run_id in chosen)
        wanted, left_out = [], {}
        for run, name in zip(runs, run_names(runs), strict=True):
            columns = run.spec.task.text_columns
            if reason := _mismatch(text, columns):
                left_out[name] = reason
            else:
                wanted.append(Wanted(run, row_of(text, columns), name))
        if not wanted:
            raise UserError(f"{_nobody(left_out)} Give each text by its column.")
        return wanted, left_out


def _nobody(left_out: Mapping[str, str]) -> str:
    name, reason = next(iter(left_out.items()))
    return f"{name!r} cannot be asked: it {reason}."


def _mismatch(text: Text, columns: tuple[str, ...]) -> str:
    """Why a run with these text columns cannot read what was given; "" where it can."""
    if isinstance(text, str):
        return f"reads {len(columns)} texts ({', '.join(columns)})" if len(columns) > 1 else ""
    missing = [column for column in columns if column not in text]
    return f"reads {', '.join(missing)}, which is not given" if missing else ""


def _by_base(wanted: Sequence[Wanted]) -> dict[str, list[Wanted]]:
    groups: dict[str, list[Wanted]] = {}
    for one in wanted:
        groups.setdefault(one.run.spec.model, []).append(one)
    return groups


def _rows(members: Sequence[Wanted]) -> tuple[TaskRow, ...]:
    return tuple(one.task_row for one in members)


def _alone(reply: Prediction) -> TaskPrediction:
    """What a run that was asked by itself says, as a batch has it."""
    scored = reply.scored
    (scores,) = scored.scores
    return TaskPrediction(scores, reply.prompt, scored.tokens, bool(scored.cut))


def _answer(one: Wanted, prediction: TaskPrediction, shared: bool) -> TaskAnswer:
    by_label = probabilities(values(prediction.scores, DEFAULT_RULE))
    labels = one.run.spec.task.labels
    return TaskAnswer(
        run_id=one.run.id,
        name=one.name,
        method=one.run.spec.method,
        label=labels[max(range(len(labels)), key=by_label.__getitem__)],
        probabilities=dict(zip(labels, by_label, strict=True)),
        prompt=prediction.prompt,
        tokens=prediction.tokens,
        cut=prediction.cut,
        shared=shared,
    )
