"""All groups of a home, and what their owner can do to one."""

import hmac
from collections import defaultdict
from collections.abc import Sequence

from playground.data.table import Table
from playground.errors import UserError
from playground.runs import changes, files
from playground.runs.files import Damaged
from playground.runs.group import files as folders
from playground.runs.group import starting
from playground.runs.group.files import Made, no_such_group
from playground.runs.group.record import Group
from playground.runs.group.spec import GroupSpec
from playground.runs.made import hashed, read_owner
from playground.runs.record import ACTIVE, Record
from playground.runs.store import LATER, Store


class Groups:
    """The groups of a store. A group is its owner's alone: to others it is as good as missing, and
    every call raises UserError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, spec: GroupSpec, table: Table, owner: str = "", origin: str = "") -> str:
        """The id of a new group, whose runs are in the queue. origin: as for a run. Raises
        UserError where something is to be mended or there is no room, and then makes nothing."""
        group_id, store = files.new_id(), self._store
        runs = starting.prepared(spec, table, group_id)
        with store.admission:  # two who start at once do not both take the last place
            starting.check_new(self.all(), len(runs), store, owner, origin)
            starting.add(spec, runs, store, owner, origin)
        return group_id

    def all(self) -> list[Group]:
        """Every group of the home, newest first, damaged ones too."""
        members: dict[str, list[Record]] = defaultdict(list)
        for record in self._store.all():
            if record.group:
                members[record.group].append(record)
        kept = {folder.name for folder in folders.known(self._store.home)}
        found = [self._look(name, members[name]) for name in kept | members.keys()]
        return sorted(found, key=lambda group: (-group.created, group.id))

    def own(self, owner: str) -> list[Group]:
        """The groups of one owner, newest first."""
        token = hashed(owner)
        return [one for one in self.all() if hmac.compare_digest(one.owner_hash, token)]

    def one(self, group_id: str, owner: str = "") -> Group:
        """The group as it is now."""
        found = next((one for one in self.own(owner) if one.id == group_id), None)
        if found is None:
            raise no_such_group(group_id)
        return found

    def stop(self, group_id: str, owner: str = "") -> None:
        """End all its runs early; they keep what they have learnt. Those that wait go first, so
        that none of them begins when another ends."""
        runs = self.one(group_id, owner).runs
        for record in sorted(runs, key=lambda record: record.status in ACTIVE):
            changes.stop(record)

    def resume(self, group_id: str, owner: str = "", origin: str = "") -> None:
        """Queue again whatever of it can go on, from where it was; a damaged run that cannot is
        passed over. Raises UserError where nothing can, or where there is no room."""
        group, store = self.one(group_id, owner), self._store
        able = [record for record in group.runs if changes.can_go_on(record)]
        if not able:
            raise _nothing_to_resume(group)
        with store.admission:
            others = [one for one in self.all() if one.id != group_id]
            starting.check_going(others, store, owner, origin)
            place, now = store.origin(origin), store.now()
            for number, record in enumerate(able):
                changes.resume(record, place, now + number * LATER)

    def delete(self, group_id: str, owner: str = "") -> None:
        """Remove it and all its runs for good. Raises UserError while one of them trains."""
        group = self.one(group_id, owner)
        if busy := [record.name for record in group.runs if record.status in ACTIVE]:
            raise UserError(
                f"The group {group.name!r} is running: {busy[0]!r}. Stop it first, then delete."
            )
        for record in group.runs:
            changes.stop(record)  # all first: none is to begin while others go
        for record in group.runs:
            changes.delete(record, self._store)
        folders.remove(self._store.home, group_id)

    def _look(self, group_id: str, members: Sequence[Record]) -> Group:
        """What folder and runs of a group say, either of which may be gone. Runs belong to it only
        where they are of its owner: nobody can put theirs into somebody else's."""
        folder = self._store.home / folders.FOLDER / group_id
        owner_hash, origin = read_owner(folder)
        made, damage = _made(group_id, members), ""
        try:
            made = Made.read(folder)
        except Damaged as error:
            damage = str(error)
            owner_hash = owner_hash or next((one.owner_hash for one in members), "")
        ranks = {run_id: rank for rank, run_id in enumerate(made.members)}
        own = [one for one in members if one.owner_hash == owner_hash]
        return Group(
            id=group_id,
            name=made.name,
            runs=tuple(sorted(own, key=lambda one: (ranks.get(one.id, len(ranks)), one.created))),
            total=max(len(made.members), len(own)),
            created=made.created,
            owner_hash=owner_hash,
            about=made.about,
            origin=origin,
            damage=damage,
        )


def _made(group_id: str, members: Sequence[Record]) -> Made:
    """What stands for a group whose group.json cannot be read: as much as its runs say."""
    ids = tuple(one.id for one in sorted(members, key=lambda one: (one.created, one.id)))
    return Made(group_id, min((one.created for one in members), default=0.0), ids)


def _nothing_to_resume(group: Group) -> UserError:
    damaged = ", ".join(f"{one.name!r} ({one.damage})" for one in group.damaged[:3])
    said = f" It has damaged runs that cannot go on: {damaged}." if damaged else ""
    return UserError(
        f"The group {group.name!r} is {group.status} and has no run to go on with.{said} Start a"
        " new group to train more."
    )
