"""Packed files: what one holds, never more of it than the caps allow."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from playground import limits
from playground.data.kinds import check_unpacked, refused
from playground.data.problem import shown
from playground.errors import UserError

_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
            NotImplementedError, LookupError)  # fmt: skip
_OPENERS: dict[str, Callable[[io.BytesIO], io.BufferedIOBase]] = {
    "gzip": gzip.open,
    "bzip2": bz2.open,
    "xz": lzma.open,
    "lzma": lzma.open,
}


def unpack(raw: bytes, packed: str) -> bytes:
    """What a file holds that is packed so. Raises UserError for a damaged or large one."""
    try:
        with _OPENERS[packed](io.BytesIO(raw)) as file:
            content = file.read(limits.UNPACKED_BYTES + 1)
    except _DAMAGED as error:
        raise refused(f"a damaged {packed} file") from error
    check_unpacked(len(content))
    return content


def tar_members(raw: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of the plain files in a tar archive; links and devices are nothing to us.
    Raises UserError for a damaged or large one."""
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
            wanted = []
            for number, member in enumerate(archive, 1):
                check_number(number)
                plain = member.isreg() and not member.issparse() and _is_wanted(member.name)
                if plain and (file := archive.extractfile(member)):
                    wanted.append((member.name, file.read()))
            return wanted
    except (tarfile.TarError, *_DAMAGED, RecursionError) as error:
        raise refused("a damaged tar archive") from error


def members(raw: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of the files in a ZIP archive. Raises UserError for a damaged, protected or
    large one."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            wanted = [member for member in archive.infolist() if _is_wanted(member.filename)]
            if any(member.flag_bits & 1 for member in wanted):
                raise UserError(
                    "The ZIP archive has a password. Unpack it and bring what is inside."
                )
            check_number(len(wanted))
            return list(_read(archive, wanted))
    except (*_DAMAGED, RuntimeError) as error:
        raise refused("a damaged ZIP archive") from error


def check_number(files: int) -> None:
    """Raises UserError for more files than are read as one table."""
    if files > limits.PART_FILES:
        raise UserError(
            f"There are {files:,} files, {limits.PART_FILES:,} are possible. Put the rows into one"
            " table, or bring fewer files."
        )


def _is_wanted(name: str) -> bool:
    """No folder, and nothing that a program hides beside the files."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return bool(parts) and not name.endswith("/") and not hidden


def _read(archive: zipfile.ZipFile, wanted: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    room = limits.UNPACKED_BYTES
    for member in wanted:
        with archive.open(member) as file:
            content = file.read(room + 1)
        room -= len(content)
        if room < 0:  # it declared less than it holds
            raise UserError(
                f"{shown(member.filename)} unpacks to more than"
                f" {limits.UNPACKED_BYTES / 1e6:,.0f} MB. Keep fewer rows."
            )
        yield member.filename, content
