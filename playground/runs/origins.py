"""Where a run was started from, as a hash with a salt of this home: no address lies on the disk."""

import hashlib
import secrets
from pathlib import Path

from playground.runs import files

SALT_BYTES = 256  # more than a salt is long


def origin_hash(home: Path, origin: str) -> str:
    """What is kept of an origin (an address, a session); "" (a script on this machine) stays so.

    A salt that is lost is made anew: runs from before then count for nobody.
    """
    if not origin:
        return ""
    path = home / "salt"
    if not (salt := _read(path)):
        files.write(path, secrets.token_hex(32))
        salt = _read(path)  # another server may have been faster
    return hashlib.sha256(f"{salt} {origin}".encode(errors="replace")).hexdigest()


def _read(path: Path) -> str:
    try:
        return files.read(path, SALT_BYTES) or ""
    except files.Damaged:
        return ""
