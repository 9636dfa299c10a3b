"""How much of a home one person may fill: a new run is refused before an old one is lost."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playground import limits
from playground.errors import UserError
from playground.runs.files import folder_bytes
from playground.runs.made import hashed
from playground.runs.record import Record

NAMED = 3  # of the largest runs, in the sentence that asks to delete some


@dataclass(frozen=True)
class Quota:
    """What one owner may keep: so many runs that stand for themselves, so many groups of runs, and
    so large a share of the disk. All who start theirs from one address together may keep as many as
    a class, and a few times the share."""

    runs: int = limits.OWNER_RUNS
    share: float = limits.OWNER_SHARE
    near_runs: int = limits.RUNS_PER_ORIGIN
    groups: int = limits.OWNER_GROUPS


STRANGERS = Quota()
# Where nobody else can ask.
ALONE = Quota(
    limits.OWN_MACHINE_RUNS, limits.OWN_MACHINE_SHARE, limits.HOME_RUNS, limits.OWN_MACHINE_GROUPS
)


def check_disk(home: Path, runs: int, more: int = 1) -> None:
    """Raises UserError where the home has no room for so many more runs, or its disk is nearly
    full."""
    if runs + more > limits.HOME_RUNS:
        left = f"{more} more do not fit" if runs < limits.HOME_RUNS else "they are all there"
        raise UserError(
            f"This server keeps {limits.HOME_RUNS:,} runs, and {left}. Delete some of"
            " yours, or ask whoever runs it to make room."
        )
    disk = shutil.disk_usage(home)
    needed = min(limits.FREE_BYTES, int(limits.FREE_SHARE * disk.total))
    if disk.free < needed:
        raise UserError(
            f"Only {_size(disk.free)} of the server's disk are free, and a run is not begun with"
            f" less than {_size(needed)}. Delete runs that are not needed, then try again."
        )


def check_owner(records: Sequence[Record], owner: str, origin: str, quota: Quota) -> None:
    """Raises UserError where the owner, or all from this origin, keep as much as they may. A script
    on this machine ("") may keep what the disk holds. origin: its hash. Groups are counted where
    one is started; here it is the bytes of their runs that count."""
    for kept, most, whose in _sharing(records, owner, origin, quota):
        _check_number(kept, most, whose)
        _check_bytes(kept, most, whose)


def check_share(records: Sequence[Record], owner: str, origin: str, quota: Quota) -> None:
    """`check_owner` for the bytes alone."""
    for kept, most, whose in _sharing(records, owner, origin, quota):
        _check_bytes(kept, most, whose)


def _sharing(
    records: Sequence[Record], owner: str, origin: str, quota: Quota
) -> Iterator[tuple[list[Record], Quota, str]]:
    """The runs that share a quota, the quota, and whose they are called; of a script, none."""
    if not owner:
        return
    token = hashed(owner)
    yield [one for one in records if one.owner_hash == token], quota, "Your"
    if origin:
        wider = Quota(quota.near_runs, quota.share * limits.SHARE_PER_ORIGIN)
        yield [one for one in records if one.origin == origin], wider, "Your address's"


def _check_number(records: Sequence[Record], quota: Quota, whose: str) -> None:
    alone = sum(not record.group for record in records)
    if alone >= quota.runs:
        raise UserError(
            f"{whose} {alone} runs are as many as one may keep here. Delete some in the Runs"
            " tab, or take them away first; nothing is deleted without you."
        )


def _check_bytes(records: Sequence[Record], quota: Quota, whose: str) -> None:
    sizes = {record.id: folder_bytes(record.folder) for record in records}
    total, disk = sum(sizes.values()), shutil.disk_usage(records[0].folder).total if records else 0
    if records and total >= quota.share * disk:
        largest = sorted(records, key=lambda record: -sizes[record.id])[:NAMED]
        named = ", ".join(f"{one.name!r} ({_size(sizes[one.id])})" for one in largest)
        raise UserError(
            f"{whose} runs take {_size(total)} of the {_size(int(quota.share * disk))} they may."
            f" Delete some in the Runs tab; the largest: {named}."
        )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"
