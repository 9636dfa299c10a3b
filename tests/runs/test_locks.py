"""A lock says who lives."""

import subprocess
import sys

from playground.runs.locks import Lock, is_held

HOLD = """
import sys
from pathlib import Path
from playground.runs.locks import Lock
print(Lock(Path(sys.argv[1])).acquire(), flush=True)
sys.stdin.read()
"""


def test_a_lock_has_one_holder_and_can_be_handed_on(tmp_path):
    path = tmp_path / "lock"
    first, second = Lock(path), Lock(path)

    assert first.acquire()
    assert first.held
    assert is_held(path)
    assert not second.acquire()
    assert not second.acquire(patience=0.05)
    first.release()
    assert not is_held(path)
    assert second.acquire()


def test_looking_neither_takes_a_lock_nor_makes_a_file(tmp_path):
    assert not is_held(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout.readline() == b"True\n"
        assert is_held(path)
        holder.kill()
        holder.wait()

        assert not is_held(path)
