"""A study somebody asks for: its cost before, its group of runs, and what it has found by now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from playground.cards import Value
from playground.errors import UserError
from playground.events import Finished, Stopped
from playground.runs import log
from playground.runs.group import Group, GroupSpec
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.studies import checked, create
from playground.studies.costs import Cost, cost
from playground.studies.finding import Finding

KEY = "study"  # in what a group is about


@dataclass(frozen=True)
class StudySpec:
    """Which study, with which settings, and on what: the task, model and method of `base`."""

    study: str
    base: RunSpec
    settings: Mapping[str, Value] = field(default_factory=dict)


def group_of(spec: StudySpec) -> GroupSpec:
    """The runs of a study, which say that they are its. UserError where it has none to make."""
    settings = checked(spec.study, spec.settings)
    study = create(spec.study, settings)
    found = study.group(spec.base)
    if found is None:
        raise UserError(
            f"{study.title!r} is answered by figures that are stored, so there is nothing to run."
            " Open it to see them."
        )
    return replace(found, about={KEY: spec.study, "settings": settings})


def cost_of(spec: StudySpec, records: Iterable[Record]) -> Cost:
    """What it would cost, by the pace of a run with the same model and method among these, the
    newest first."""
    group = create(spec.study, spec.settings).group(spec.base)
    paces = (_pace(record) for record in records if _alike(record, spec.base))
    return cost(group, next((pace for pace in paces if pace), None))


def finding_of(group: Group) -> Finding:
    """What the study of a group has found by now. UserError for a group that is of none, or whose
    folder does not say any more of which."""
    name, settings = group.about.get(KEY), group.about.get("settings")
    if not (isinstance(name, str) and isinstance(settings, dict)):
        raise UserError(
            f"The group {group.name!r} belongs to no study{' any more' if group.damage else ''}, so"
            " it answers no question. Look at its runs one by one."
        )
    return create(name, settings).finding(group)


def _alike(record: Record, base: RunSpec) -> bool:
    return (record.spec.model, record.spec.method) == (base.model, base.method)


def _pace(record: Record) -> float | None:
    """Seconds of one step of a run that is over."""
    last = log.last(record.folder / "events.jsonl")
    if not isinstance(last, Finished | Stopped) or last.steps_per_second <= 0:
        return None
    return 1 / last.steps_per_second
