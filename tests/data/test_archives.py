"""Packed files, folders and several files at once are one table, or named; bombs stay small."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections import Counter

import pytest

from playground import limits
from playground.data.parsing import parse_file
from playground.data.reading import read
from playground.errors import UserError
from tests.data.made import (
    CSV,
    PAIRS,
    RECORDS,
    TEXTS,
    kinds_of,
    lines_of_json,
    pairs_of,
    table_of,
    zipped,
)

TEST = "text,label\n" + "".join(f'"{text} again",{of}\n' for text, of in PAIRS[:4])


def old_lzma(content):
    return lzma.compress(content, format=lzma.FORMAT_ALONE)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, old_lzma])
def test_a_packed_table_is_the_table(pack):
    assert pairs_of(table_of(pack(CSV.encode()))) == list(PAIRS)
    assert pairs_of(table_of(gzip.compress(pack(CSV.encode())))) == list(PAIRS)


def test_a_zip_of_one_table_is_the_table():
    table = table_of(
        zipped({"a/data.csv": CSV, "a/README.md": "Hello", "__MACOSX/a/._data.csv": "x"})
    )

    assert table.columns == ("text", "label")
    assert pairs_of(table) == list(PAIRS)
    assert "“README.md”" in kinds_of(table)["files left out"]


def tar(files, mode="w"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
        link = tarfile.TarInfo("link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_a_tar_archive_of_one_table_is_the_table(mode):
    table = table_of(tar({"a/data.csv": CSV, "a/._data.csv": "x"}, mode))

    assert pairs_of(table) == list(PAIRS)


PARTS = {
    "data/train-00000-of-00001.csv": CSV,
    "data/test.csv": TEST,
    "data/validation.jsonl": lines_of_json(RECORDS[:2]),
    "labels.json": '["refund", "delivery"]',
}


def parts_of(table):
    """What is read of the parts: the split column, its parts with their rows, the files told."""
    said = kinds_of(table)
    return (
        table.split_column,
        dict(Counter(row["split"] for row in table.rows)),
        "“test.csv” (4 rows) as test" in said["several files"],
        "“labels.json”" in said["files left out"],
    )


def test_files_named_for_parts_become_a_split_column(tmp_path):
    for name, content in PARTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    wanted = ("split", {"train": 12, "test": 4, "validation": 2}, True, True)

    assert parts_of(table_of(zipped(PARTS))) == wanted
    assert parts_of(table_of(tar(PARTS, "w:gz"))) == wanted
    assert parts_of(parse_file(tmp_path)) == wanted
    assert parts_of(read([tmp_path / name for name in PARTS])) == wanted


def test_parts_whose_names_differ_in_case_are_one_table():
    other = TEST.replace("text,label", "Text,LABEL")
    table = table_of(zipped({"train.csv": CSV, "test.csv": other}))

    assert table.columns == ("text", "label", "split")
    assert pairs_of(table) == [*PAIRS, *((f"{text} again", of) for text, of in PAIRS[:4])]


def test_tables_that_differ_are_not_mixed():
    with pytest.raises(UserError, match=r"different columns: .*a\.csv"):
        table_of(zipped({"a.csv": CSV, "b.csv": "x,y\n1,2\n3,4\n"}))


def test_equal_tables_follow_one_another():
    table = table_of(zipped({"may.csv": CSV, "june.csv": TEST}))

    assert [row["file"] for row in table.rows] == ["may"] * 12 + ["june"] * 4


def test_files_of_texts_alone_are_labelled_by_their_names():
    table = table_of(zipped({"rt.pos": "\n".join(TEXTS[:6]), "rt.neg": "\n".join(TEXTS[6:])}))

    assert table.label_counts == {"neg": 6, "pos": 6}


def test_one_text_a_file_is_labelled_by_its_folder():
    names = [f"{part}/{of}/{i}.txt" for part in ("train", "test") for of in "ab" for i in range(5)]
    table = table_of(zipped({name: f"Text {name}" for name in names}))

    assert table.label_counts == {"a": 10, "b": 10}
    assert table.split_column == "split"


def test_a_small_part_without_a_header_gets_the_names_of_the_large_one():
    table = table_of(
        zipped({"train.csv": CSV, "test.csv": '"Fine, really",refund\n"Bad",quality\n'})
    )

    assert table.columns == ("text", "label", "split")
    assert table.rows[-1] == {"text": "Bad", "label": "quality", "split": "test"}


def secret():
    raw = bytearray(zipped({"data.csv": CSV}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def many():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for i in range(limits.PART_FILES + 1):
            archive.writestr(f"{i}.csv", "")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "matching"),
    [
        (lambda: gzip.compress(bytes(limits.UNPACKED_BYTES + 1), 1), "100 MB are possible"),
        (lambda: gzip.compress(CSV.encode())[:-9], "damaged gzip"),
        (lambda: gzip.compress(gzip.compress(gzip.compress(CSV.encode()))), "more than twice"),
        (secret, "has a password"),
        (lambda: tar({"a.csv": CSV})[:600], "damaged tar archive"),
        (lambda: tar({f"{i}.csv": "" for i in range(1_001)}), "1,001 files, 1,000 are possible"),
        (many, "1,001 files, 1,000 are possible"),
        (lambda: zipped({"a.md": "", "b.png": ""}), "No file in “data” is a table"),
    ],
)
def test_archives_that_are_no_table_are_named(content, matching):
    with pytest.raises(UserError, match=matching):
        table_of(content())
