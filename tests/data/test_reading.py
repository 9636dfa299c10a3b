"""Files of every kind and encoding, by their content; bad ones get a sentence, no traceback."""

import codecs
import gzip
import io
import random
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from playground import limits
from playground.data.parsing import parse_file as read
from playground.data.samples import SAMPLES, read_sample
from playground.errors import UserError

ROWS = [("Das Café ist schön, wirklich – „gut“", "gut"), ("Zu teuer für mich", "schlecht")]
CSV = "text;urteil\n" + "".join(f"{text};{label}\n" for text, label in ROWS) * 3


@pytest.fixture
def file(tmp_path):
    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def xlsx(rows, sheets=("Sheet",)):
    book = openpyxl.Workbook()
    book.active.title = sheets[-1]
    for title in sheets[:-1]:
        book.create_sheet(title, 0)
    for row in rows:
        book[sheets[-1]].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(columns, **options):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
def test_every_encoding_gives_the_same_rows(encoding, mark, file):
    table = read(file(mark + CSV.encode(encoding)))

    assert table.columns == ("text", "urteil")
    assert tuple(table.rows[0].values()) == ROWS[0]


def test_a_file_that_is_not_utf8_says_what_it_was_read_as(file):
    note = next(p for p in read(file(CSV.encode("cp1252"))).problems if p.kind == "encoding")

    assert "cp1252" in note.message
    assert note.line == 2


def test_letters_that_leave_signs_inside_words_are_no_western_ones(file):
    polish = (
        "text,label\n"
        '"Produkt był świetny, żałuję że wcześniej nie kupiłem",a\n'
        '"Nie polecam nikomu, obsługa bardzo słaba",b\n'
        '"Przesyłka dotarła uszkodzona, czekam na zwrot pieniędzy",a\n'
        '"Wszystko w porządku, polecam",b\n'
    )

    assert read(file(polish.encode("cp1250"))).rows[0]["text"].startswith("Produkt był świetny")
    assert read(file("text,label\n5 m² groß; x²y,gut\n".encode("cp1252"))).rows[0]["label"] == "gut"


def test_rare_encodings_are_guessed(file):
    russian = (
        "текст,метка\n" + "Очень хороший фильм про любовь,да\nСкучно и слишком долго,нет\n" * 9
    )

    assert read(file(russian.encode("cp1251"))).rows[0]["метка"] == "да"


def test_one_bad_byte_does_not_change_the_others(file):
    content = CSV.encode() + b"caf\xe9 am Platz;gut\n"
    table = read(file(content))
    problem = next(p for p in table.problems if p.kind == "broken characters")

    assert table.rows[0]["text"] == ROWS[0][0]
    assert (problem.line, problem.count) == (8, 1)


def test_nul_characters_are_dropped_and_told(file):
    table = read(file(b"text,label\nsome \0words,x\nother words,y\n" * 5))
    problem = next(p for p in table.problems if p.kind == "NUL characters")

    assert table.rows[0]["text"] == "some words"
    assert (problem.line, problem.count) == (2, 5)


def test_jsonl_says_what_is_wrong_where(file):
    content = (
        b'{"text": "a b", "label": 1}\n\n{"text": "broken\n[1, 2]\n'
        b'{"text": ["x"], "label": null, "flag": true, "n": 1.5}\n'
        b'{"label": "l", "text": "c \\ud800"}\n'
    )
    table = read(file(content, "data.jsonl"))
    found = {p.kind: (p.line, p.column, p.count) for p in table.problems}

    assert table.columns == ("text", "label", "flag", "n")
    assert [tuple(row.values()) for row in table.rows] == [
        ("a b", "1", "", ""),
        ('["x"]', "", "true", "1.5"),
        ("c \ufffd", "l", "", ""),
    ]
    assert table.lines == (1, 5, 6)
    assert found["broken JSON"] == (3, None, 1)
    assert found["not an object"] == (4, None, 1)
    assert found["nested value"] == (5, "text", 1)
    assert found["missing key"][1:] == ("n", 2)


@pytest.mark.parametrize(
    "content",
    [
        '[\n{"text": "a", "label": "x"},\n\n{"text": "b", "label": "y"}]',
        '{"version": 1, "data": [\n{"text": "a", "label": "x"},\n\n{"text": "b", "label": "y"}]}',
        '\n{"text": "a",\n"label": "x"}\n{"text": "b",\n"label": "y"}',
        '\r\n{"text": "a", "label": "x"}\r\n\r\n{"text": "b", "label": "y"}',
    ],
)
def test_json_is_read_however_the_records_stand(content, file):
    table = read(file(content.encode(), "data.json"))

    assert [tuple(row.values()) for row in table.rows] == [("a", "x"), ("b", "y")]
    assert table.lines == (2, 4)


def test_a_broken_array_element_costs_itself(file):
    table = read(
        file(b'[\n{"text": "a", "label": "x"},\n{"text": b},\n{"text": "c", "label": "y"}\n]')
    )

    assert table.lines == (2, 4)
    assert table.problems[0].line == 3


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 50_000, b'{"a": ' + b"9" * 5_000 + b"}"]
)
def test_hostile_json_is_refused(content, file):
    with pytest.raises(UserError, match="no rows"):
        read(file(content))


def test_a_workbook_gives_values_rows_and_the_sheet_with_data(file):
    rows = [("My survey",), (), ("text", "label", "n"), ("a b", "x", 1), (), ("c d", True, 2.5)]
    table = read(file(xlsx(rows, ("Empty", "Answers")), "data.csv"))

    assert [tuple(row.values()) for row in table.rows] == [
        ("a b", "x", "1"),
        ("c d", "true", "2.5"),
    ]
    assert table.lines == (4, 6)
    assert "“Answers”" in next(p.message for p in table.problems if p.kind == "several sheets")


def test_parquet_gives_rows_and_types_as_text(file):
    table = read(file(parquet({"text": ["a b", None], "label": [1, 2], "tags": [[1], [2, 3]]})))

    assert [tuple(row.values()) for row in table.rows] == [("a b", "1", "[1]"), ("", "2", "[2, 3]")]
    assert table.lines == (1, 2)


def test_a_small_file_cannot_grow_beyond_the_cap(file):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (limits.UNPACKED_BYTES + 1), None, 1)
    dense = parquet({"text": pa.array([b" " * 60_000_000] * 2, pa.binary())}, use_dictionary=False)

    for content in (bomb.getvalue(), dense):
        assert len(content) < limits.FILE_BYTES
        with pytest.raises(UserError, match=r"unpacks to 1\d\d MB, 100 MB are possible"):
            read(file(content))


@pytest.mark.slow
def test_a_text_repeated_many_times_cannot_fill_the_memory(file):
    content = parquet({"text": ["word " * 9_000] * 9_000, "label": ["x", "y"] * 4_500})
    table = read(file(content))

    assert len(content) < 1_000_000
    assert sum(len(row["text"]) for row in table.rows) <= limits.TEXT_CHARACTERS
    assert "over the cap" in {problem.kind for problem in table.problems}


def docx():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "matching"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), r"old Excel \(.xls\)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "JPEG"),
        (b"%PDF-1.7\n", "PDF"),
        (gzip.compress(b"text,label", mtime=0)[:-5], "damaged gzip"),
        (docx(), "Word document"),
        (b"PK\x03\x04 and so on", "damaged ZIP"),
        (b"PAR1 and so on", "damaged or encrypted Parquet"),
        (b"\x80\x04\x95" + bytes(9), "pickle"),
        (bytes(range(256)) * 9, "not text"),
        (b"x" * (limits.FILE_BYTES + 1), "20.0 MB, 20 MB are possible"),
    ],
)
def test_what_is_no_table_is_named(content, matching, file):
    with pytest.raises(UserError, match=matching):
        read(file(content))


def test_a_csv_that_begins_like_an_image_is_read(file):
    assert len(read(file(b"BM,label\nsome words,x\nother words,y\n")).rows) == 2


def test_a_missing_file_is_named_without_its_folder(tmp_path):
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(UserError) as caught:
            read(path)
        assert path.name in str(caught.value)
        assert str(tmp_path.parent) not in str(caught.value)


SEEDS = {
    "csv": CSV.encode(),
    "utf16": CSV.encode("utf-16"),
    "jsonl": b'{"text":"a b","label":1}\n{"text":"c \\u00e9","label":[1,{"a":2}]}\n' * 5,
    "json": b'[{"text":"a b","label":1},\n{"text":"c","label":null}]',
    "xlsx": xlsx([("text", "label"), ("a", 1), ("b", 2.5), ("c", True)]),
    "parquet": parquet({"text": ["a", "b"] * 9, "label": [1, 2] * 9, "n": [[1], [2]] * 9}),
}
SCRAPS = [
    b'"',
    b"\0",
    b"\n",
    b"\r",
    b",",
    b"\t",
    b"{",
    b"[",
    b"\\",
    b"\xff",
    b'""',
    b"\xed\xa0\x80",
]


def mutated(content, dice):
    """The bytes with some changed, put in, or taken out."""
    raw = bytearray(content)
    for _ in range(dice.choice([1, 2, 5, 20])):
        at = dice.randrange(len(raw) + 1)
        deed = dice.randrange(4)
        if deed == 0 and at < len(raw):
            raw[at] = dice.randrange(256)
        elif deed == 1:
            raw[at:at] = dice.choice(SCRAPS)
        elif deed == 2:
            del raw[at : at + dice.randrange(20)]
        else:
            raw += raw[: dice.randrange(40)]
    return bytes(raw) or b"x"


def ending(path):
    """How reading ends for a person: a number of rows, or a sentence."""
    try:
        return len(read(path).rows)
    except UserError as error:
        return str(error)


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_files_are_read_or_refused_but_never_crash(kind, file):
    dice = random.Random(kind)
    ends = [ending(file(mutated(SEEDS[kind], dice))) for _ in range(30)]

    assert any(isinstance(end, int) and end > 0 for end in ends)
    assert [end for end in ends if isinstance(end, str) and len(end) < 20] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_sound(name):
    table = read_sample(name)

    assert table.name == SAMPLES[name].title
    assert table.problems == ()
    assert table.label_column
    assert SAMPLES[name].sister in {"", *SAMPLES}


def test_an_unknown_sample_lists_the_known_ones():
    with pytest.raises(UserError, match="film-reviews, shop-reviews"):
        read_sample("films")
