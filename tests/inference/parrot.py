"""An asking process without a model: `python -m tests.inference.parrot`.

It speaks the same lines. A row whose text names a file of the folder it runs in makes it wait for
that file ("wait:NAME"), die ("die"), die unless the file exists, which it makes ("die-once:NAME"),
or refuse ("refuse"). The others of BROKEN make it misbehave unless their file exists. Every job's
first text goes into the file `order`.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

PAUSE = threading.Event()  # never set
HALF = b'{"id": 0, "answer": {"prompt": "' + b"x" * 100_000  # more than a pipe holds


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        rows = request.get("rows", [{"text": request["job"]}])
        with Path("order").open("a") as file:
            file.write(f"{rows[0]['text']} {len(rows)}\n")
        say({"id": request["id"], **answer(request, rows)})


def answer(request: dict, rows: list[dict[str, str]]) -> dict:
    for row in rows:
        what, _, name = row["text"].partition(":")
        if what == "die" or (what == "die-once" and not Path(name).exists()):
            Path(name or "died").touch()
            print("last words of /home/ada/parrot.py", file=sys.stderr)
            os._exit(1)
        if what in BROKEN and not Path(name).exists():
            Path(name).touch()
            BROKEN[what]()
        if what == "refuse":
            return {"error": "No, thank you."}
        while what == "wait" and not Path(name).exists():
            PAUSE.wait(0.005)
    say({"id": request["id"], "done": len(rows)})
    scores = [scored(len(row["text"]) % 2) for row in rows]
    plain = {"dropped": 0, "cut": 0, "tokens": 3 * len(rows), "seconds": 0.1, "parameters": 10**6}
    more = {"prompt": rows[0]["text"], "written": "something"}
    return {"answer": {"scores": scores, "prior": scored(0), **plain, **more}}


def shout(line: bytes) -> None:
    """Write it as it is."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def half() -> None:
    """Part of a reply is in the pipe when the process ends."""
    shout(HALF)
    os._exit(1)


def stopped() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


BROKEN = {
    "half": half,
    "stopped": stopped,
    "garbage": lambda: shout(b"\xff\x00 Segmentation fault\n"),
    "number": lambda: shout(b"3\n"),
    "other": lambda: shout(b'{"id": 98765, "answer": {}}\n'),
    "deep": lambda: shout(b"[" * 200_000 + b"\n"),
    "endless": lambda: [shout(b"x" * 100_000) for _ in range(40)],
}


def scored(label: int) -> dict:
    likely = [-0.1, -2.4] if label == 0 else [-2.4, -0.1]
    return {"total": likely, "length": [1, 1], "restricted": likely}


def say(reply: dict) -> None:
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
