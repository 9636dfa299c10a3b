"""Packed files, folders and several files at once are one table, or named; bombs stay small."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

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


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
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


PARTS = {
    "data/train-00000-of-00001.csv": CSV,
    "data/test.csv": TEST,
    "data/validation.jsonl": lines_of_json(RECORDS[:2]),
    "labels.json": '["refund", "delivery"]',
}


def check_parts(table):
    assert table.split_column == "split"
    assert [row["split"] for row in table.rows].count("train") == 12
    assert [row["split"] for row in table.rows].count("test") == 4
    assert [row["split"] for row in table.rows].count("validation") == 2
    said = kinds_of(table)
    assert "“test.csv” (4 rows) as test" in said["several files"]
    assert "“labels.json”" in said["files left out"]


def test_files_named_for_parts_become_a_split_column(tmp_path):
    for name, content in PARTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")

    check_parts(table_of(zipped(PARTS)))
    check_parts(parse_file(tmp_path))
    check_parts(read([tmp_path / name for name in PARTS]))


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


def tar():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("data.csv"))
    return stream.getvalue()


def many():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for i in range(limits.PART_FILES + 1):
            archive.writestr(f"{i}.csv", "")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "matching"),
    [
        (lambda: gzip.compress(bytes(limits.UNPACKED_BYTES + 1)), "100 MB are possible"),
        (lambda: gzip.compress(CSV.encode())[:-9], "damaged gzip"),
        (lambda: gzip.compress(gzip.compress(gzip.compress(CSV.encode()))), "more than twice"),
        (secret, "has a password"),
        (tar, "tar archive inside gzip"),
        (many, "1,001 files, 1,000 are possible"),
        (lambda: zipped({"a.md": "", "b.png": ""}), "No file in “data” is a table"),
    ],
)
def test_archives_that_are_no_table_are_named(content, matching):
    with pytest.raises(UserError, match=matching):
        table_of(content())
