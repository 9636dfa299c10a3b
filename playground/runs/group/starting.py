"""Checks what is asked for before a group is made: its settings, its size, and the room there is.

A group has its own quota: in the queue, and among what an owner keeps, it counts as one, however
many runs it has; the bytes of its runs count as those of others do.
"""

import json
import time
from collections.abc import Sequence

from playground import limits
from playground.data.table import Table
from playground.errors import UserError
from playground.runs import files
from playground.runs.changes import checked_name
from playground.runs.group import files as folders
from playground.runs.group.files import Made
from playground.runs.group.record import Group
from playground.runs.group.spec import GroupSpec
from playground.runs.made import hashed
from playground.runs.quotas import check_disk, check_share
from playground.runs.starting import check_room, checked
from playground.runs.store import NewRun, Store
from playground.tasks.splits import Split, split


def prepared(spec: GroupSpec, table: Table, group_id: str) -> list[NewRun]:
    """The runs of a group, checked, with their examples. Raises UserError as `starting.start`."""
    if not 1 <= len(spec.runs) <= limits.GROUP_RUNS:
        raise UserError(
            f"{len(spec.runs)} runs are asked for; a group has 1 to {limits.GROUP_RUNS}. Choose"
            " fewer seeds, sizes or methods."
        )
    checked_name(spec.name)
    _check_about(spec)
    found: dict[str, Split] = {}  # of the same rows once: it takes seconds for a large table
    runs = []
    for one in map(checked, spec.runs):
        key = json.dumps([one.task.to_json(), one.labels_per_class, one.seed])
        if key not in found:
            found[key] = split(table, one.task, one.labels_per_class, one.seed)
        runs.append(NewRun(files.new_id(), one, found[key], table.name, group_id))
    _check_size(runs)
    return runs


def add(spec: GroupSpec, runs: Sequence[NewRun], store: Store, owner: str, origin: str) -> None:
    """Make the group, then its runs, which all carry its id."""
    ids = tuple(run.id for run in runs)
    made = Made(checked_name(spec.name), time.time(), ids, dict(spec.about))
    folders.write(store.home, runs[0].group, made, (hashed(owner), store.origin(origin)))
    store.add(runs, owner, origin)


def check_new(groups: Sequence[Group], runs: int, store: Store, owner: str, origin: str) -> None:
    """Raises UserError where there is no room for one more group, of so many runs."""
    check_going(groups, store, owner, origin)
    place, records = store.origin(origin), store.all()
    check_disk(store.home, len(records), runs)
    check_share(records, owner, place, store.quota)
    ours = sum(group.owner_hash == hashed(owner) for group in groups)
    if owner and ours >= store.quota.groups:
        raise UserError(
            f"Your {ours} groups of runs are as many as one may keep here. Delete one in the Runs"
            " tab; nothing is deleted without you."
        )
    near = sum(group.origin == place for group in groups) if place else 0
    if near >= max(store.quota.groups, limits.GROUPS_PER_ORIGIN):
        raise UserError(
            f"{near} groups of runs from your address are kept, and more are not, whoever starts"
            " them. Delete one of yours."
        )


def check_going(groups: Sequence[Group], store: Store, owner: str, origin: str) -> None:
    """Raises UserError where too much of this owner, or of all, waits or trains already."""
    check_room(owner, store, origin)
    going = [one for one in groups if one.owner_hash == hashed(owner) and not one.over]
    if len(going) >= limits.GROUPS_GOING_PER_OWNER:
        raise UserError(
            f"{len(going)} of your groups of runs are on their way, as {going[0].name!r};"
            f" {limits.GROUPS_GOING_PER_OWNER} are possible at a time. Wait for one to finish, or"
            " stop one."
        )


def _check_size(runs: Sequence[NewRun]) -> None:
    """Every run keeps its examples: raises UserError where that is too much all together."""
    sizes = {id(run.split): _characters(run.split) for run in runs}
    total = sum(sizes[id(run.split)] for run in runs)
    if total > limits.GROUP_CHARACTERS:
        raise UserError(
            f"The examples of {len(runs)} runs have {total:,} characters all together;"
            f" {limits.GROUP_CHARACTERS:,} are possible. Choose fewer runs, or bring shorter texts."
        )


def _characters(parts: Split) -> int:
    rows = (example.row for example in (*parts.labelled, *parts.held_out))
    return sum(len(text) for row in rows for text in row.values())


def _check_about(spec: GroupSpec) -> None:
    """Whether it can be written down, and is small."""
    try:
        size = len(json.dumps(dict(spec.about), ensure_ascii=False).encode())
    except (TypeError, ValueError) as error:
        raise UserError(
            f"What the group is about cannot be kept ({error}). Give plain values only."
        ) from error
    if size > limits.GROUP_ABOUT_BYTES:
        raise UserError(
            f"What the group is about takes {size:,} bytes; {limits.GROUP_ABOUT_BYTES:,} are"
            " possible. Give less."
        )
