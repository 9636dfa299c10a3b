"""What a file really is, by its first bytes: its name may say anything."""

import io
import re
import zipfile

from playground import limits
from playground.errors import UserError

WAY_OUT = "Bring a CSV, TSV, JSONL, JSON, Parquet or XLSX file."

PACKED = {
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "lzma": b"\x5d\x00\x00\x80\x00",  # of a usual dictionary size
}

_SIGNATURES = (
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (0, b"BM", "a BMP image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"%PDF-", "a PDF"),
    (0, b"{\\rtf", "a rich-text document"),
    (0, b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"SQLite format 3", "an SQLite database"),
    (0, b"ARROW1", "an Arrow (Feather) file"),
    (0, b"FEA1", "a Feather file"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"Obj\x01", "an Avro file"),
    (0, b"ORC", "an ORC file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"\xff\xff\xff\xff\x10", "an Arrow file as `save_to_disk` writes it"),
    (0, b"GGUF", "a model (GGUF)"),
    (0, b"RDX2\n", "R data (.RData)"),
    (0, b"RDX3\n", "R data (.RData)"),
    (0, b"X\n\x00\x00", "R data (.rds)"),
    (0, b"<stata_dta>", "a Stata file"),
    (0, b"$FL2@(#)", "an SPSS file"),
    (0, b"$FL3@(#)", "an SPSS file"),
    (12, b"\xc2\xea\x81\x60", "a SAS file"),
    (4, b"Standard Jet DB", "an Access database"),
    (4, b"Standard ACE DB", "an Access database"),
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
    ("Index/Document.iwa", "a Numbers or Pages document"),
    ("META-INF/", "a book or a program"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_COMPOUND = (  # names of the streams inside
    ("EncryptedPackage", "an Excel workbook or Office document with a password"),
    ("Workbook", "an old Excel (.xls) file"),
    ("Book", "an old Excel (.xls) file"),
    ("WordDocument", "an old Word (.doc) file"),
    ("PowerPoint Document", "an old PowerPoint (.ppt) file"),
    ("__substg1.0", "an Outlook message"),
)
_PAGE = (
    "<!doctype html", "<html", "<head", "<body", "<table", "<div", "<script", "<title", "<!--",
)  # fmt: skip
_PICKLED = tuple(b"\x80" + bytes([version]) for version in range(2, 6))
_OLD_PICKLED = (b"(dp0\n", b"(lp0\n", b"(dp1\n", b"(lp1\n", b"ccopy_reg\n", b"cpandas")
_ROOT = re.compile(r"\s*<([A-Za-z][\w.:-]{0,40})[^<>]{0,400}>\s*<[A-Za-z]")


def kind(raw: bytes) -> str:
    """ "parquet", "xlsx", "zip", "tar", a key of PACKED or "text". Raises UserError, saying what it
    is, for anything else."""
    if raw.startswith(b"PAR1"):
        return "parquet"
    if raw.startswith(b"PK\x03\x04"):
        return _zipped(raw)
    if raw[257:262] == b"ustar" and _binary(raw, b""):
        return "tar"
    if raw.startswith(b"PK\x05\x06"):
        raise refused("an empty ZIP archive")
    for packed, signature in PACKED.items():
        if raw.startswith(signature) and _binary(raw, signature):
            return packed
    if raw.startswith(_COMPOUND):
        raise refused(_compound(raw))
    for offset, signature, what in _SIGNATURES:
        if raw.startswith(signature, offset) and _binary(raw, signature):
            raise refused(what)
    if (raw.startswith(_PICKLED) and _binary(raw, b"")) or raw.startswith(_OLD_PICKLED):
        raise refused("a Python pickle, which is never opened")
    if raw[8:10] == b'{"' and int.from_bytes(raw[:8], "little") < len(raw):
        raise refused("a model's weights (safetensors)")
    return "text"


def check_unpacked(size: int) -> None:
    """Raises UserError for a file that grows beyond the cap when it is unpacked."""
    if size > limits.UNPACKED_BYTES:
        raise UserError(
            f"The file unpacks to {size / 1e6:,.0f} MB, {limits.UNPACKED_BYTES / 1e6:,.0f} MB are"
            " possible. Keep fewer rows, or only the text and label columns."
        )


def refuse_markup(text: str) -> None:
    """Raises UserError for text that is no table: a web page, XML, a pointer to a large file."""
    start = text[:500].lstrip().casefold()
    if start.startswith(_PAGE):
        raise UserError(
            "The file is a web page, not a table. Download the file itself (often called “raw”)"
            " and bring that."
        )
    if start.startswith(("<?xml", "<svg", "<rss")) or _is_element(text):
        raise refused("an XML document")
    if start.startswith(("-- mysql dump", "--\n-- postgresql", "create table", "insert into")):
        raise refused("an SQL script")
    if start.startswith("version https://git-lfs"):
        raise UserError(
            "The file is a Git LFS pointer, not the data itself. Fetch it with `git lfs pull` and"
            " bring the file that comes."
        )


def _is_element(text: str) -> bool:
    """Whether the whole is one element with others inside: <data><row>…</data>."""
    root = _ROOT.match(text)
    return root is not None and text.rstrip().endswith(f"</{root.group(1)}>")


def refused(what: str) -> UserError:
    return UserError(f"The file is {what}, not a table we read. {WAY_OUT}")


def _binary(raw: bytes, signature: bytes) -> bool:
    """Short signatures are letters too: "BM,label" is text, a bitmap has zero bytes."""
    return len(signature) > 4 or any(byte < 9 for byte in raw[:512])


def _compound(raw: bytes) -> str:
    names = ((name.encode("utf-16-le"), what) for name, what in _IN_COMPOUND)
    return next(
        (what for name, what in names if name in raw), "an old Excel (.xls) or Word (.doc) file"
    )


def _zipped(raw: bytes) -> str:
    """ "xlsx" or "zip"."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise refused("a damaged ZIP archive or workbook") from error
    names = [member.filename for member in members]
    for start, what in _ZIPPED:
        if any(name.startswith(start) for name in names):
            raise refused(what)
    if any(name.endswith((".npy", "data.pkl")) for name in names):
        raise refused("NumPy arrays or a model (PyTorch)")
    check_unpacked(sum(member.file_size for member in members))
    return "xlsx" if any(name.startswith("xl/") for name in names) else "zip"
