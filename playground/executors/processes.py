"""Processes of this machine: forked from one with its imports done where that is safe, else new."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from playground.executors.process import Alone, Forked, Process
from playground.host_token import may_be_used, without_token
from playground.runs.process_logs import open_log

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
# A driver that was touched before a fork is dead behind it, and imports may touch one.
GPUS = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd")
# Threads that wait sleep instead of spinning: a training step beside another busy process takes
# a quarter of the time. Has to be set before torch is imported.
QUIET = {"OMP_WAIT_POLICY": "PASSIVE"}


class Processes:
    """Starts `python -m module` with pipes; what libraries print there goes to a log.

    home: the folder for the fork server's own log.
    fork: whether processes are forked; by default where that is safe.
    host_token: whether they may use this machine's token of the Hub.
    """

    def __init__(self, home: Path, fork: bool | None = None, host_token: bool = True) -> None:
        self._home = home
        self._host_token = host_token
        self._fork = may_fork() if fork is None else fork
        self._guard = threading.Lock()
        self._server: subprocess.Popen | None = None
        self._line: socket.socket | None = None

    def warm(self) -> None:
        """Have the slow imports done before a process is asked for, where processes are forked."""
        with self._guard:
            if self._fork and (self._server is None or self._server.poll() is not None):
                self._begin()

    def start(self, module: str, log: Path) -> Process:
        """A process that runs the module's main(). Returns at once."""
        self.warm()
        with self._guard:
            if self._line is not None:
                with suppress(OSError):  # the server has died in this moment
                    return self._forked(module, log)
        return new_process(module, log, _environment(self._host_token))

    def close(self) -> None:
        """Let the fork server end; what it forked goes on."""
        with self._guard:
            if self._line is not None:
                self._line.close()
                self._server.wait()
                self._line = self._server = None

    def _forked(self, module: str, log: Path) -> Forked:
        """Ask the server for a child. It need not be ready yet; should it die, so has the child."""
        with ExitStack() as handed_over:
            stdin, to_child = os.pipe()
            from_child, stdout = os.pipe()
            lifeline, held = os.pipe()
            for descriptor in (stdin, stdout, held):
                handed_over.callback(os.close, descriptor)
            errors = handed_over.enter_context(open_log(log))
            pipes = os.fdopen(to_child, "wb"), os.fdopen(from_child, "rb")
            child = Forked(*pipes, lifeline, self._server)
            files = [stdin, stdout, errors.fileno(), held]
            socket.send_fds(self._line, [module.encode()], files)
        return child

    def _begin(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other, open_log(self._home / "fork_server.log") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "playground.executors.fork_server", str(other.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(self._host_token),
                pass_fds=[other.fileno()],
                start_new_session=True,
            )


def may_fork() -> bool:
    """Whether a fork is safe here: on Linux, and where no GPU's driver could have been touched."""
    return sys.platform == "linux" and not any(map(os.path.exists, GPUS))


def new_process(module: str, log: Path, environment: dict[str, str]) -> subprocess.Popen:
    """`python -m module` with everything still to import."""
    with open_log(log) as file:
        return Alone(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            env=environment,
            start_new_session=True,
        )


def tell(pipe: IO[bytes], message: dict) -> None:
    """One JSON line to a process; nothing happens when it has ended, which others notice."""
    try:
        pipe.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        pipe.flush()
    except BrokenPipeError:
        return


def _environment(host_token: bool) -> dict[str, str]:
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), inherited]))
    ours = {**QUIET, **os.environ, "PYTHONPATH": path}
    return ours if host_token and may_be_used(os.environ) else without_token(ours)
