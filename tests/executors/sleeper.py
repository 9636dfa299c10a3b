"""A process that needs nobody: it says its id, and ends once `enough` lies beside its log."""

import os
import threading
from pathlib import Path

PAUSE = threading.Event()  # never set


def main() -> None:
    print(os.getpid(), flush=True)
    enough = Path(os.readlink("/proc/self/fd/2")).parent / "enough"
    while not enough.exists():
        PAUSE.wait(0.01)
