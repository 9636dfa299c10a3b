"""Reading happens in a process with limits; whatever happens to it comes back as a sentence."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from playground import limits
from playground.data import confined
from playground.data.parsing import parse_text
from playground.data.reading import paste, read
from playground.errors import UserError
from tests.benchmarks.uploads import endings, memory, without_sentence
from tests.data.made import parquet

ROOT = Path(__file__).resolve().parents[2]
ROWS = "text,label\nGood, in a way,pos\nfine,neg\ndull,neg\n" + "nice 😀 one,pos\n" * 3


def readers(parent):
    """The reading processes below a process, those that are ending not among them."""
    found = []
    for child in psutil.Process(parent).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "playground.data.reader" in child.cmdline():
                found.append(child)
    return found


def test_a_table_comes_back_as_it_was_read(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(ROWS, encoding="utf-8")

    assert paste(ROWS) == parse_text(ROWS)
    assert read(path).rows == parse_text(ROWS).rows
    assert read(str(path)).name == "reviews.csv"


def test_a_refusal_comes_back_as_it_was_said():
    with pytest.raises(UserError) as plain:
        parse_text("text,label\n")
    with pytest.raises(UserError) as told:
        paste("text,label\n")

    assert str(told.value) == str(plain.value)


def in_a_confined_process(code):
    """How a process ends that limits itself as a reader does and then runs the code."""
    whole = f"import os; from playground.data.reader import confine; confine(os.getppid())\n{code}"
    return subprocess.run(
        [sys.executable, "-c", whole], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_reader_can_neither_fill_the_memory_nor_write_a_file(tmp_path):
    memory = in_a_confined_process("x = [bytearray(1_000_000) for _ in range(500)]")
    file = in_a_confined_process(f"print('x', file=open({str(tmp_path / 'x')!r}, 'w'), flush=True)")

    assert "MemoryError" in memory.stderr
    assert file.returncode
    assert (tmp_path / "x").read_bytes() == b""


def test_a_reader_that_computes_for_ever_is_ended():
    code = "import playground.limits as l; l.READ_CPU_SECONDS = 1; confine(os.getppid())\n"
    done = in_a_confined_process(f"{code}while True: pass")

    assert done.returncode == -signal.SIGXCPU
    assert "10 seconds of computing" in str(confined._broken_off("x.csv", "", done.returncode))


def test_what_needs_too_much_memory_is_told():
    assert "more than 500 MB" in str(confined._broken_off("x.csv", "memory", 0))


def test_a_reader_that_is_killed_is_told_and_the_next_one_reads():
    found = []

    def ask():
        try:
            paste("text,label\n" + "some words here,x\nothers,y\n" * 20_000)
        except UserError as error:
            found.append(str(error))

    asking = threading.Thread(target=ask)
    asking.start()
    while asking.is_alive() and not found:
        for child in readers(os.getpid()):
            child.kill()
    asking.join()

    assert "broke off" in found[0]
    assert len(paste(ROWS).rows) == len(parse_text(ROWS).rows)


def test_a_reader_ends_with_the_process_that_asked():
    asker = subprocess.Popen(
        [sys.executable, "-c", "import os\nfrom playground.data import confined\n"
         "with confined._started('x') as process: print(process.pid, flush=True); input()"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    child = psutil.Process(int(asker.stdout.readline()))
    asker.kill()
    asker.communicate()

    psutil.wait_procs([child], timeout=20)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_readers_at_once_and_those_who_wait_are_bounded():
    with ExitStack() as taken:
        for _ in range(limits.READS_AT_ONCE):
            taken.enter_context(confined._turn())
        for _ in range(limits.READS_WAITING):
            confined._places.acquire()
            taken.callback(confined._places.release)
        with pytest.raises(UserError, match="Too many files"):
            paste(ROWS)

    assert len(paste(ROWS).rows) == 6


def test_the_one_who_asks_loads_no_library_of_a_format(tmp_path):
    path = tmp_path / "data.parquet"
    path.write_bytes(parquet({"text": ["Fine", "Bad"], "label": ["x", "y"]}))
    code = (
        "import sys; from playground.data.reading import read; print(len(read(sys.argv[1]).rows),"
        " *sorted({'pyarrow', 'pandas', 'numpy', 'openpyxl', 'csv'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["2", "csv"]


def test_a_reader_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    assert "hf_secret" not in confined._environment().values()


def test_damaged_uploads_of_every_format_end_in_a_table_or_a_sentence(tmp_path):
    found = endings(6, 14, tmp_path)

    assert [one for one in found if one.end == "exception"] == []
    assert without_sentence(found) == []
    assert max(one.seconds for one in found) < 10
    assert memory() > 0
