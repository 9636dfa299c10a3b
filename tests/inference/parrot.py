"""An inference worker without a model: `python -m tests.inference.parrot`.

It speaks the same lines, written out here as JSON, so that they stay what they are. A row whose
text names a file of the folder it runs in makes it wait for that file ("wait:NAME"), die ("die"),
die unless the file exists, which it makes ("die-once:NAME"), or refuse ("refuse"). The others of
BROKEN make it misbehave unless their file exists. Every job's first text goes into the file
`order`.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

PAUSE = threading.Event()  # never set
HALF = b'{"id": 0, "reply": {"prompt": "' + b"x" * 100_000  # more than a pipe holds
BASELINE = {"trainable": None, "bytes_per_task": None}  # of which a model says nothing
Values = dict[str, Any]


def main() -> None:
    for line in sys.stdin:
        sent = json.loads(line)
        request = sent["request"]
        rows = request["rows"] if "rows" in request else [request["row"]]
        with Path("order").open("a") as file:
            file.write(f"{rows[0]['text']} {len(rows)}\n")
        say({"id": sent["id"], **answer(sent, rows)})


def answer(sent: Values, rows: list[dict[str, str]]) -> Values:
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
    say({"id": sent["id"], "done": len(rows)})
    scores = [scored(len(row["text"]) % 2) for row in rows]
    plain = {"dropped": 0, "cut": 0, "tokens": 3 * len(rows), "seconds": 0.1, "parameters": 10**6}
    found = {"scores": scores, "prior": scored(0), **plain, **BASELINE}
    if "rows" in sent["request"]:
        return {"reply": found}
    return {"reply": {"scored": found, "prompt": rows[0]["text"], "generated": "something"}}


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
    "other": lambda: shout(b'{"id": 98765, "reply": {}}\n'),
    "mistyped": lambda: shout(b'{"id": 1, "reply": {"scored": {}}}\n'),
    "deep": lambda: shout(b"[" * 200_000 + b"\n"),
    "endless": lambda: [shout(b"x" * 100_000) for _ in range(40)],
}


def scored(label: int) -> Values:
    likely = [-0.1, -2.4] if label == 0 else [-2.4, -0.1]
    return {"total": likely, "length": [1, 1], "restricted": likely}


def say(message: Values) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
