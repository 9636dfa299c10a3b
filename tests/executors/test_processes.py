"""Processes, forked and new: they answer, outlive whoever started them, and are known to end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from playground.executors.process import Process
from playground.executors.processes import Processes, send_line
from playground.inference.requests import Arm, ScoreArm
from playground.inference.wire import Done, Message, numbered, parsed_message
from tests.runs.making import TASK
from tests.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux"),
]
ROOT = Path(__file__).parents[2]
PARROT = "tests.inference.parrot"


@pytest.fixture(scope="module")
def forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """One fork server for all these tests: its imports take seconds."""
    made = Processes(tmp_path_factory.mktemp("home"), fork=True)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parrot writes into the folder it was started in."""
    monkeypatch.chdir(tmp_path)


def send(process: Process, text: str) -> None:
    send_line(process.stdin, numbered(1, ScoreArm(Arm(TASK), ({"text": text},))))


def ask(process: Process, text: str) -> Message | None:
    send(process, text)
    return parsed_message(process.stdout.readline())


def test_a_forked_process_answers_and_ends_with_its_stdin(
    forking: Processes, tmp_path: Path
) -> None:
    process = forking.start(PARROT, tmp_path / "log")
    assert ask(process, "hello") == Done(1, 1)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait() == 0
    assert process.poll() == 0


def test_the_server_has_its_imports_done_and_no_thread_computed(
    forking: Processes, tmp_path: Path
) -> None:
    """A thread that had computed would be missing behind the fork, and be waited for in vain."""
    process = forking.start(PARROT, tmp_path / "log")
    ask(process, "hello")
    process.kill()
    process.wait()
    server = psutil.Process(forking._server.process.pid)
    assert any("libtorch" in mapped.path for mapped in server.memory_maps())
    assert server.num_threads() == 1


def test_what_it_says_last_is_in_its_log(forking: Processes, tmp_path: Path) -> None:
    process = forking.start(PARROT, tmp_path / "log")
    send(process, "die")
    process.wait()
    assert "last words" in (tmp_path / "log").read_text()


def test_an_error_is_in_its_log_and_ends_it(forking: Processes, tmp_path: Path) -> None:
    process = forking.start("tests.runs.nowhere", tmp_path / "log")
    process.wait()
    assert "ModuleNotFoundError" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("fork", [True, False])
def test_kill_ends_it(fork: bool, forking: Processes, tmp_path: Path) -> None:
    processes = forking if fork else Processes(tmp_path, fork=False)
    process = processes.start(PARROT, tmp_path / "log")
    process.kill()
    process.wait()
    assert process.poll() is not None
    process.kill()  # a second time does nothing


def test_a_process_outlives_the_server_and_another_server_follows(
    forking: Processes, tmp_path: Path
) -> None:
    process = forking.start(PARROT, tmp_path / "log")
    ask(process, "hello")
    forking._server.process.kill()
    forking._server.process.wait()
    assert ask(process, "hello") is not None
    assert process.poll() is None
    process.kill()
    process.wait()
    other = forking.start(PARROT, tmp_path / "log")
    assert ask(other, "hello") == Done(1, 1)
    other.kill()
    other.wait()


def test_a_child_that_was_never_forked_has_ended(tmp_path: Path) -> None:
    processes = Processes(tmp_path, fork=True)
    process = processes.start(PARROT, tmp_path / "log")
    processes._server.process.kill()  # at its imports still
    process.kill()
    assert process.wait() == 0
    processes.close()


def test_it_outlives_whoever_started_it(tmp_path: Path) -> None:
    """A worker goes on when the page's server is gone: its session is its own."""
    code = (
        "import sys; from pathlib import Path\n"
        "from playground.executors.processes import Processes\n"
        "made = Processes(Path(sys.argv[1]), fork=True)\n"
        "process = made.start('tests.executors.sleeper', Path(sys.argv[1]) / 'log')\n"
        "print(process.stdout.readline().decode(), flush=True)\n"
        "import os; os._exit(0)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    sleeper = psutil.Process(int(said.stdout))
    assert sleeper.is_running()
    assert os.getsid(sleeper.pid) == sleeper.pid
    (tmp_path / "enough").touch()
    until(lambda: not sleeper.is_running())
