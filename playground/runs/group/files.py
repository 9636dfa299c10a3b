"""The folder of a group in a home: group.json, and beside it to whom the group belongs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playground.errors import UserError
from playground.runs import files
from playground.runs.drafts import draft
from playground.runs.files import Damaged
from playground.runs.made import LATEST, write_owner

FOLDER, NAME = "groups", "group.json"


@dataclass(frozen=True)
class Made:
    """What never changes of a group. members: the ids of its runs, in the order asked for."""

    name: str
    created: float
    members: tuple[str, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def read(folder: Path) -> "Made":
        """Raises Damaged when group.json is not what was written there."""
        values = files.read_json(folder / NAME)
        try:
            made = Made(
                values["name"], values["created"], tuple(values["members"]), values["about"]
            )
            _check(made)
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged(f"{NAME} does not describe a group ({str(error)[:200]})") from error
        return made


def write(home: Path, group_id: str, made: Made, hashes: tuple[str, str]) -> None:
    """The folder of a new group, whole or not at all. hashes: of owner and origin."""
    with draft(home) as place:
        folder = files.private_folder(place / group_id)
        write_owner(folder, *hashes)
        files.write_json(folder / NAME, asdict(made))
        folder.rename(files.private_folder(home / FOLDER) / group_id)


def remove(home: Path, group_id: str) -> None:
    """The folder goes at once; nothing happens where there is none."""
    folder = home / FOLDER / group_id
    if files.is_folder(folder):
        with draft(home) as place:
            folder.rename(place / group_id)
    else:
        files.remove(folder)


def known(home: Path) -> Iterator[Path]:
    """The folders of all groups of a home, damaged ones too."""
    yield from (one for one in files.entries(home / FOLDER) if files.RUN_ID.fullmatch(one.name))


def no_such_group(group_id: object) -> UserError:
    """The same words for a group that is missing and for one that belongs to somebody else."""
    return UserError(
        f"There is no group {str(group_id)[:64]!r} that you may see. Open the list of runs and pick"
        " one there."
    )


def _check(made: Made) -> None:
    if not (isinstance(made.name, str) and isinstance(made.about, dict)):
        raise ValueError("its name or what it is about is of another kind")
    if not (type(made.created) in (int, float) and 0 <= made.created < LATEST):
        raise ValueError(f"it was made at {made.created!r}")
    for one in made.members:
        if not (isinstance(one, str) and files.RUN_ID.fullmatch(one)):
            raise ValueError(f"{one!r} is no run")
