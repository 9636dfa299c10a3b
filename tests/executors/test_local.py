"""This machine as an executor: what it knows of runs that others have started."""

from pathlib import Path

import pytest

from playground.executors.base import Executor
from playground.executors.local import Local
from playground.executors.processes import Processes


@pytest.fixture
def local(tmp_path: Path) -> Executor:
    return Local(tmp_path, Processes(tmp_path, fork=False))


@pytest.mark.parametrize(
    ("lock", "device"),
    [(b"123 cuda:1", "cuda:1"), (b"123 ", ""), (b"", ""), (b"\xff\xff", ""), (None, "")],
)
def test_the_device_of_an_earlier_servers_run_is_in_its_lock(
    lock: bytes | None, device: str, local: Executor, tmp_path: Path
) -> None:
    if lock is not None:
        (tmp_path / "lock").write_bytes(lock)

    assert local.device_of(tmp_path) == device
    assert not local.alive(tmp_path), "another server's worker is not ours to watch"


def test_last_words_are_the_end_of_what_the_worker_said(local: Executor, tmp_path: Path) -> None:
    assert local.last_words(tmp_path) == ""
    (tmp_path / "standby.log").write_text("x" * 100_000 + "\nModuleNotFoundError: torch\n")

    assert local.last_words(tmp_path).endswith("\nModuleNotFoundError: torch\n")
    assert len(local.last_words(tmp_path)) < 20_000
