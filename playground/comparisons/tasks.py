"""Many tasks, one model: finished runs side by side on their base, asked alone or all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground import limits
from playground.comparisons.arms import ArmPlan
from playground.comparisons.interactive import row_of
from playground.comparisons.kept_answers import scores_of
from playground.comparisons.question import run_names, usable
from playground.comparisons.shelves import shelves
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, probabilities, values
from playground.inference.client import Asker
from playground.inference.replies import Base, MedianRatio, TaskAnswer, TaskAnswers, TaskTimes
from playground.inference.requests import BULK
from playground.runs.record import Record
from playground.runs.store import Store
from playground.serving import mixable

Text = str | Mapping[str, str]
Row = dict[str, str]


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
    def job(self) -> dict[str, Any]:
        spec = self.run.spec
        plan = ArmPlan(self.name, spec.task, spec.model, (), self.run, (), "")
        return plan.job([self.row])


class Tasks:
    """Asks finished runs of any tasks; what may share a batch on its base does."""

    def __init__(self, store: Store, asker: Asker) -> None:
        self.store = store
        self.asker = asker

    def shelf(self, run_ids: Sequence[str], owner: str) -> tuple[Base, ...]:
        """The owner's finished runs and those of `run_ids`, by their base, the newest first."""
        return shelves(self.store, run_ids, owner)

    def ask(self, text: Text, run_ids: Sequence[str], owner: str) -> TaskAnswers:
        """What every run says to a text, or to a row by column.

        A text alone is only for runs that read one. Raises UserError when nobody can be asked.
        """
        wanted, left_out = self._wanted(text, run_ids, owner)
        sent = []
        for model, members in _by_base(wanted).items():
            together = [one for one in members if one.shares]
            if together:
                sent.append((together, self.asker.submit("tasks", _job(model, together))))
            alone = [one for one in members if not one.shares]
            sent += [([one], self.asker.submit("say", one.job)) for one in alone]
        found = {}
        for members, reply in sent:
            for one, said in zip(members, _answers(reply.result()), strict=True):
                if "problem" in said:
                    left_out[one.name] = f"cannot be used: {said['problem']}".rstrip(".")
                else:
                    found[one.run.id] = _answer(one, said)
        if not found:
            raise UserError(_nobody(left_out))
        answers = tuple(found[one.run.id] for one in wanted if one.run.id in found)
        return TaskAnswers(answers, left_out)

    def times(self, text: Text, run_ids: Sequence[str], owner: str) -> tuple[TaskTimes, ...]:
        """How long the mixed batch takes against one task after the other, for each base with
        two runs or more that can share a batch. It lets whoever asks go first."""
        wanted, _ = self._wanted(text, run_ids, owner)
        sent = {
            model: self.asker.submit("time_tasks", _job(model, members), priority=BULK)
            for model, members in _by_base([one for one in wanted if one.shares]).items()
            if len(members) > 1
        }
        return tuple(_times(model, reply.result()) for model, reply in sent.items())

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


def _job(model: str, members: Sequence[Wanted]) -> dict[str, Any]:
    jobs = [one.job for one in members]
    asks = [{"task": job["task"], "row": job["rows"][0], "run": job["run"]} for job in jobs]
    return {"model": model, "asks": asks}


def _answers(reply: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those of a batch, or the one of a run that was asked by itself."""
    if "answers" in reply:
        return [{**one, "shared": True} for one in reply["answers"]]
    return [{**reply, "scores": reply["scores"][0], "shared": False}]


def _answer(one: Wanted, said: Mapping[str, Any]) -> TaskAnswer:
    beliefs = probabilities(values(scores_of(said["scores"]), DEFAULT_RULE))
    labels = one.run.spec.task.labels
    return TaskAnswer(
        run_id=one.run.id,
        name=one.name,
        method=one.run.spec.method,
        label=labels[max(range(len(labels)), key=beliefs.__getitem__)],
        probabilities=dict(zip(labels, beliefs, strict=True)),
        prompt=said["prompt"],
        tokens=said["tokens"],
        cut=bool(said["cut"]),
        shared=said["shared"],
    )


def _times(model: str, reply: Mapping[str, Any]) -> TaskTimes:
    ratios = {name: MedianRatio(**reply[name]) for name in ("kept_ratio", "switching_ratio")}
    return TaskTimes(**{**reply, **ratios, "model": model})
