"""What a file really is, by its first bytes: its name may say anything."""

import io
import zipfile

from playground import limits
from playground.errors import UserError

WAY_OUT = "Bring a CSV, TSV, JSONL, JSON, Parquet or XLSX file."

_SIGNATURES = (
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel (.xls) or Word (.doc) file"),
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (0, b"BM", "a BMP image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"%PDF", "a PDF"),
    (0, b"{\\rtf", "a rich-text document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"SQLite format 3", "an SQLite database"),
    (0, b"ARROW1", "an Arrow (Feather) file"),
    (0, b"FEA1", "a Feather file"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"Obj\x01", "an Avro file"),
    (0, b"ORC", "an ORC file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90", "a program"),
    (0, b"ID3", "a sound file"),
    (4, b"ftyp", "a video or photo"),
)
_ZIPPED = (
    ("word/", "a Word document (.docx)"),
    ("ppt/", "a PowerPoint file (.pptx)"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("content.xml", "an OpenDocument file"),
)
_PICKLED = tuple(b"\x80" + bytes([version]) for version in range(2, 6))


def kind(raw: bytes) -> str:
    """ "parquet", "xlsx" or "text". Raises UserError, saying what it is, for anything else."""
    if raw.startswith(b"PAR1"):
        return "parquet"
    if raw.startswith(b"PK\x03\x04"):
        return _zipped(raw)
    if raw.startswith(b"PK\x05\x06"):
        raise refused("an empty ZIP archive")
    for offset, signature, what in _SIGNATURES:
        if raw.startswith(signature, offset) and _binary(raw, signature):
            raise refused(what)
    if raw.startswith(_PICKLED) and _binary(raw, b""):
        raise refused("a Python pickle, which is never opened")
    return "text"


def refuse_markup(text: str) -> None:
    """Raises UserError for text that is no table: a web page, XML, a pointer to a large file."""
    start = text[:500].lstrip().casefold()
    if start.startswith(("<!doctype html", "<html", "<head", "<!--")):
        raise UserError(
            "The file is a web page, not a table. Download the file itself (often called “raw”)"
            " and bring that."
        )
    if start.startswith("<?xml"):
        raise refused("an XML document")
    if start.startswith("version https://git-lfs"):
        raise UserError(
            "The file is a Git LFS pointer, not the data itself. Fetch it with `git lfs pull` and"
            " bring the file that comes."
        )


def refused(what: str) -> UserError:
    return UserError(f"The file is {what}, not a table we read. {WAY_OUT}")


def _binary(raw: bytes, signature: bytes) -> bool:
    """Short signatures are letters too: "BM,label" is text, a bitmap has zero bytes."""
    return len(signature) > 4 or any(byte < 9 for byte in raw[:512])


def _zipped(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise refused("a damaged ZIP archive or workbook") from error
    names = [member.filename for member in members]
    for start, what in _ZIPPED:
        if any(name.startswith(start) for name in names):
            raise refused(what)
    if not any(name.startswith("xl/") for name in names):
        raise UserError("The file is a ZIP archive. Unpack it and bring the file inside.")
    declared = sum(member.file_size for member in members)
    if declared > limits.UNPACKED_BYTES:
        raise UserError(
            f"The workbook unpacks to {declared / 1e6:,.0f} MB,"
            f" {limits.UNPACKED_BYTES / 1e6:,.0f} MB are possible. Save the sheet with the data as"
            " CSV, or keep fewer rows."
        )
    return "xlsx"
