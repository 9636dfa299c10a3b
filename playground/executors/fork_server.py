"""A process that has done the slow imports and forks the others: each then starts in no time.

    python -m playground.executors.fork_server DESCRIPTOR

The descriptor is a socket of packets: each names a module and carries four files, which become the
child's stdin, stdout and stderr and its lifeline. The child writes its process id into the lifeline
and holds it open for as long as it lives, then runs the module's main(). The server ends when the
other side of the socket closes; its children go on.

It never computes anything, so there are no threads that a fork would lose.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import traceback
from typing import NoReturn

PRELOADED = ("playground.executors.worker", "playground.inference.service")
MESSAGE_BYTES = 1024
FILES = 4


def main() -> None:
    """Import, then fork a child for every packet until nobody is left to send one."""
    line = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that ends leaves nothing behind
    gc.disable()  # nothing that is imported is garbage
    for name in PRELOADED:
        importlib.import_module(name)
    gc.freeze()  # what is shared stays shared: the collector would write to it
    gc.enable()
    while True:
        message, files, _, _ = socket.recv_fds(line, MESSAGE_BYTES, FILES)
        if not message:
            return
        if os.fork() == 0:
            line.close()
            _become(message.decode(), files)
        for descriptor in files:
            os.close(descriptor)


def _become(module: str, files: list[int]) -> NoReturn:
    """Live as the child that was asked for, and end without what the server would do at its end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        *standard, lifeline = files
        for place, descriptor in enumerate(standard):
            os.dup2(descriptor, place)
            os.close(descriptor)
        os.set_inheritable(lifeline, False)
        os.write(lifeline, b"%d\n" % os.getpid())
        sys.argv = [module]
        importlib.import_module(module).main()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
