"""An arm's answers: gathered from the replies, stored on disk, loaded again."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from playground.comparisons.arms import ArmPlan
from playground.evaluation.answers import ArmAnswers
from playground.events import Finished, Started, Stopped
from playground.inference.replies import ArmScores
from playground.runs import files, log
from playground.runs.record import Record


def gather(plan: ArmPlan, replies: Sequence[ArmScores]) -> ArmAnswers:
    """The answers of an arm from the replies to its chunks, which are in the examples' order."""
    scores = [one for reply in replies for one in reply.scores]
    started, ended = _events(plan.run)
    return ArmAnswers(
        name=plan.name,
        kind=plan.kind,
        scores=tuple(scores),
        prior=replies[0].prior,
        seconds_per_example=sum(reply.seconds for reply in replies) / len(scores),
        tokens_per_example=sum(reply.tokens for reply in replies) / len(scores),
        shots=plan.shots,
        nearest=plan.nearest > 0,
        run_id=plan.run.id if plan.run else "",
        method=plan.run.spec.method if plan.run else "",
        trainable=started.trainable if started else replies[0].trainable or 0,
        bytes_per_task=_stored(plan, replies[0], ended),
        dropped=max(reply.dropped for reply in replies),
        cut=sum(reply.cut for reply in replies),
    )


def load(home: Path, plan: ArmPlan) -> ArmAnswers | None:
    """The answers stored on disk; None when there are none or the file is broken."""
    try:
        answers = ArmAnswers.from_json(files.read_json(_path(home, plan)))
    except (files.Damaged, ValueError, TypeError, KeyError, AttributeError):
        return None
    if len(answers.scores) != len(plan.examples):
        return None
    return dataclasses.replace(answers, name=plan.name)


def save(home: Path, plan: ArmPlan, answers: ArmAnswers) -> None:
    """Store the answers; the next time nothing is asked."""
    (home / "answers").mkdir(mode=0o700, exist_ok=True)  # but no home, where that is gone
    files.write(_path(home, plan), json.dumps(answers.to_json()))


def _stored(plan: ArmPlan, reply: ArmScores, ended: Finished | Stopped | None) -> int:
    if ended is not None:
        return ended.adapter_bytes
    return plan.demonstration_bytes if reply.bytes_per_task is None else reply.bytes_per_task


def _path(home: Path, plan: ArmPlan) -> Path:
    return home / "answers" / f"{plan.key}.json"


def _events(run: Record | None) -> tuple[Started | None, Finished | Stopped | None]:
    """When the run last began, and how it ended."""
    started: Started | None = None
    ended: Finished | Stopped | None = None
    for event in log.everything(run.folder) if run else ():
        if isinstance(event, Started):
            started = event
        elif isinstance(event, Finished | Stopped):
            ended = event
    return started, ended
