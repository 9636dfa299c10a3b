"""Processes of this machine: forked from one with its imports done where that is safe, else new."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from playground.executors.codec import to_json
from playground.executors.process import Alone, Forked, Process
from playground.host_token import may_be_used, without_token
from playground.runs.process_logs import open_log

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
# A driver that was touched before a fork is dead behind it, and imports may touch one.
GPUS = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd")
# Threads that wait sleep instead of spinning: a training step beside another busy process takes
# a quarter of the time. Has to be set before torch is imported.
QUIET = {"OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class ForkServer:
    """A process with its imports done, and the socket of packets that ask it for a child."""

    process: "subprocess.Popen[bytes]"
    line: socket.socket


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
        self._server: ForkServer | None = None

    def warm(self) -> None:
        """Have the slow imports done before a process is asked for, where processes are forked."""
        with self._guard:
            if self._fork and (self._server is None or self._server.process.poll() is not None):
                self._begin()

    def start(self, module: str, log: Path) -> Process:
        """A process that runs the module's main(). Returns at once."""
        self.warm()
        with self._guard:
            if self._server is not None:
                with suppress(OSError):  # the server has died in this moment
                    return _forked(self._server, module, log)
        return new_process(module, log, _environment(self._host_token))

    def close(self) -> None:
        """Let the fork server end; what it forked goes on."""
        with self._guard:
            if self._server is not None:
                self._server.line.close()
                self._server.process.wait()
                self._server = None

    def _begin(self) -> None:
        if self._server is not None:
            self._server.line.close()
        line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other, open_log(self._home / "fork_server.log") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "playground.executors.fork_server", str(other.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(self._host_token),
                pass_fds=[other.fileno()],
                start_new_session=True,
            )
        self._server = ForkServer(process, line)


def _forked(server: ForkServer, module: str, log: Path) -> Forked:
    """Ask the server for a child. It need not be ready yet; should it die, so has the child."""
    with ExitStack() as handed_over:
        stdin, to_child = os.pipe()
        from_child, stdout = os.pipe()
        lifeline, held = os.pipe()
        for descriptor in (stdin, stdout, held):
            handed_over.callback(os.close, descriptor)
        errors = handed_over.enter_context(open_log(log))
        pipes = os.fdopen(to_child, "wb"), os.fdopen(from_child, "rb")
        child = Forked(*pipes, lifeline, server.process)
        files = [stdin, stdout, errors.fileno(), held]
        socket.send_fds(server.line, [module.encode()], files)
    return child


def may_fork() -> bool:
    """Whether a fork is safe here: on Linux, and where no GPU's driver could have been touched."""
    return sys.platform == "linux" and not any(map(os.path.exists, GPUS))


def new_process(module: str, log: Path, environment: dict[str, str]) -> Alone:
    """`python -m module` with everything still to import."""
    with open_log(log) as file:
        return Alone([sys.executable, "-m", module], file, environment)


def send_line(pipe: IO[bytes], message: object) -> None:
    """A dataclass to a process, as one JSON line; nothing happens when it has ended, which others
    notice."""
    try:
        pipe.write(json.dumps(to_json(message)).encode() + b"\n")
        pipe.flush()
    except BrokenPipeError:
        return


def _environment(host_token: bool) -> dict[str, str]:
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), inherited]))
    ours = {**QUIET, **os.environ, "PYTHONPATH": path}
    return ours if host_token and may_be_used(os.environ) else without_token(ours)
