"""Checks what is asked for before a run is made: everything that can be known without the model."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from playground import limits
from playground.data.table import Table
from playground.errors import UserError
from playground.methods import cards
from playground.models.sources import LOCAL, SHIPPED, check_name
from playground.runs import changes
from playground.runs.changes import checked_name
from playground.runs.quotas import check_disk, check_owner
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.runs.store import Store, owns
from playground.tasks.splits import split

SEEDS = 2**31  # what every random number generator here takes


def start(spec: RunSpec, table: Table, owner: str, store: Store, origin: str = "") -> str:
    """The id of a new run in the queue. Raises UserError for what a person has to mend."""
    chosen = checked(spec)
    check_room(owner, store, origin)
    parts = split(table, spec.task, spec.labels_per_class, spec.seed)
    with store.admission:  # two who start at once do not both take the last place
        records, place = store.all(), store.origin(origin)
        _check_queue(records, owner, place)
        check_disk(store.home, len(records))
        check_owner(records, owner, place, store.quota)
        return store.create(chosen, parts, table.name, owner, origin)


def resume(run_id: str, owner: str, store: Store, origin: str = "") -> None:
    """Queue a run again. Raises UserError where there is no room, or nothing to resume."""
    record = store.owned(run_id, owner)
    with store.admission:
        check_room(owner, store, origin)
        changes.resume(record, store.origin(origin), store.now())


def checked(spec: RunSpec) -> RunSpec:
    """The spec with a name and every setting filled in, but for a rate that the size of the model
    is to decide: its worker knows it. Raises UserError.
    """
    check_name(spec.model)
    settings = cards.checked(spec.method, spec.settings)
    if cards.cards()[spec.method].paper_rate and "learning_rate" not in spec.settings:
        del settings["learning_rate"]
    number = spec.labels_per_class
    if number is not None and not (_whole(number) and 1 <= number <= limits.ROWS):
        raise UserError(f"{number!r} labels per class is not a number from 1 up. Choose another.")
    if not (_whole(spec.seed) and 0 <= spec.seed < SEEDS):
        raise UserError(f"The seed {spec.seed!r} is not a whole number from 0 to {SEEDS - 1}.")
    name = checked_name(spec.name or cards.cards()[spec.method].title)
    chosen = replace(spec, settings=settings, name=name)
    _check_texts(chosen)
    return chosen


def check_room(owner: str, store: Store, origin: str = "") -> None:
    """Raises UserError when too many runs wait, a group counted as one: of this owner, of all who
    start theirs from this origin ("": a script on this machine, which counts for nobody), or of
    everybody."""
    _check_queue(store.all(), owner, store.origin(origin))


def _check_queue(records: Sequence[Record], owner: str, place: str) -> None:
    going = _places(record for record in records if not record.over)
    ours, all_of_them = sum(owns(record, owner) for record in going), len(going)
    if ours >= limits.QUEUED_RUNS_PER_OWNER:
        raise UserError(
            f"{ours} of your runs are waiting or training; {limits.QUEUED_RUNS_PER_OWNER} are"
            " possible at a time. Wait for one to finish, or stop one."
        )
    near = sum(record.origin == place for record in going) if place else 0
    if near >= limits.QUEUED_RUNS_PER_ORIGIN:
        raise UserError(
            f"{near} runs from your address are waiting or training;"
            f" {limits.QUEUED_RUNS_PER_ORIGIN} are possible at a time, whoever starts them. Wait"
            " for one to finish, or stop one."
        )
    if all_of_them >= limits.QUEUED_RUNS:
        raise UserError(
            f"{all_of_them} runs are in the queue, more than {limits.QUEUED_RUNS} are not taken."
            " Try again when some have finished."
        )


def _places(going: Iterable[Record]) -> list[Record]:
    """One run for each place in the queue that counts: a group takes turns as one, and is one."""
    return list({record.group or record.id: record for record in going}.values())


def check_model(model: str, folders: bool) -> None:
    """Raises UserError for what is no name of a model, and for a folder of this machine where
    strangers must not name one."""
    check_name(model)
    if model.startswith(LOCAL) and not folders:
        raise UserError(
            f"{model[:100]!r} is a folder, and this page opens no folders of its machine for"
            f" visitors. Pick {SHIPPED}, or write owner/name as on the Hub."
        )


def _check_texts(spec: RunSpec) -> None:
    """Whether all can be written down; half a surrogate pair is no character."""
    try:
        json.dumps(spec.to_json(), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        broken = error.object[error.start : error.end].encode(errors="backslashreplace").decode()
        raise UserError(
            f"The task holds {broken}, which is half a character and cannot be kept. Type it anew."
        ) from error


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
