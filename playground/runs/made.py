"""What was fixed when a run was made: spec.json, and beside it to whom the run belongs."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from playground import limits
from playground.errors import UserError
from playground.methods.cards import cards
from playground.runs import files
from playground.runs.files import Damaged
from playground.runs.record import About
from playground.runs.spec import RunSpec
from playground.tasks.classification import Task

OWNER = "owner"  # the file that holds both hashes, so that a damaged spec.json does not lose them
LATEST = 1e12  # seconds since the epoch; NaN is not below it either
HASH = re.compile(r"(?:[0-9a-f]{64})?")
# What stands for a spec and for figures that cannot be read any more.
NO_SPEC = RunSpec(Task("{text}", {"yes": "yes", "no": "no"}, "label"), model="", method="")
NO_DATA = About("", 0, 0, 0, 0, 0, "")


@dataclass(frozen=True)
class Made:
    """What never changes of a run."""

    spec: RunSpec
    about: About
    owner_hash: str
    created: float
    group: str = ""

    @staticmethod
    def read(folder: Path) -> "Made":
        """Raises Damaged when spec.json is not what was written there."""
        values = files.read_json(folder / "spec.json")
        try:
            made = Made(
                RunSpec.from_json(values["spec"]),
                About.from_json(values["about"]),
                values["owner"],
                values["created"],
                values.get("group", ""),
            )
            _check(made)
        except (UserError, ValueError, KeyError, TypeError) as error:
            raise Damaged(f"spec.json does not describe a run ({str(error)[:200]})") from error
        return made


def write_owner(folder: Path, owner_hash: str, origin_hash: str) -> None:
    """Say to whom a run belongs, and where it was started or last resumed."""
    if files.is_folder(folder / OWNER):
        files.remove(folder / OWNER)
    files.write(folder / OWNER, f"{owner_hash} {origin_hash}\n")


def read_owner(folder: Path) -> tuple[str, str]:
    """The hashes of owner and origin; "" for what is not known, as for runs of a script."""
    try:
        text = files.read(folder / OWNER, limits.SMALL_FILE_BYTES) or ""
    except Damaged:
        return "", ""
    owner, _, origin = text.strip("\n").partition(" ")
    return (owner, origin) if HASH.fullmatch(owner) and HASH.fullmatch(origin) else ("", "")


def hashed(owner: str) -> str:
    """What is kept of an owner's token; "" (a script on this machine) stays as it is."""
    return hashlib.sha256(owner.encode(errors="surrogatepass")).hexdigest() if owner else ""


def _check(made: Made) -> None:
    spec, created = made.spec, made.created
    if spec.method not in cards():
        raise ValueError(f"there is no method {spec.method!r}")
    if not (isinstance(made.owner_hash, str) and HASH.fullmatch(made.owner_hash)):
        raise ValueError("its owner is not known")
    if not (isinstance(made.group, str) and (not made.group or files.RUN_ID.fullmatch(made.group))):
        raise ValueError(f"its group is {str(made.group)[:80]!r}")
    if not (type(created) in (int, float) and 0 <= created < LATEST):
        raise ValueError(f"it was made at {created!r}")
    for name, number in (("seed", spec.seed), ("labels_per_class", spec.labels_per_class or 0)):
        if type(number) is not int:
            raise ValueError(f"{name} is {number!r}")
