"""An inference worker without a model: `python -m tests.inference.parrot`.

It speaks the same lines. A row whose text names a file of the folder it runs in makes it wait for
that file ("wait:NAME"), die ("die"), die unless the file exists, which it makes ("die-once:NAME"),
or refuse ("refuse"). The others of BROKEN make it misbehave unless their file exists. Every job's
first text goes into the file `order`.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from playground.evaluation.answers import LabelScores
from playground.executors import codec
from playground.inference.replies import ArmScores, Prediction
from playground.inference.requests import (
    PredictBaseline,
    PredictRow,
    Row,
    ScoreArm,
    ScoreBaseline,
)
from playground.inference.wire import (
    Done,
    Message,
    Refused,
    Replied,
    message_line,
    parsed_request,
)

PAUSE = threading.Event()  # never set
HALF = b'{"id": 0, "reply": {"prompt": "' + b"x" * 100_000  # more than a pipe holds
ASKED = ScoreArm | ScoreBaseline | PredictRow | PredictBaseline


def main() -> None:
    for line in sys.stdin:
        number, request = parsed_request(line)
        assert isinstance(request, ASKED), request
        rows = (request.row,) if isinstance(request, PredictRow | PredictBaseline) else request.rows
        with Path("order").open("a") as file:
            file.write(f"{rows[0]['text']} {len(rows)}\n")
        say(reply(number, request, rows))


def reply(number: int, request: ASKED, rows: tuple[Row, ...]) -> Message:
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
            return Refused(number, "No, thank you.")
        while what == "wait" and not Path(name).exists():
            PAUSE.wait(0.005)
    say(Done(number, len(rows)))
    scores = tuple(scored(len(row["text"]) % 2) for row in rows)
    found = ArmScores(scores, scored(0), 0, 0, 3 * len(rows), 0.1, 10**6)
    if isinstance(request, PredictRow | PredictBaseline):
        return Replied(number, codec.to_json(Prediction(found, rows[0]["text"], "something")))
    return Replied(number, codec.to_json(found))


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


def scored(label: int) -> LabelScores:
    likely = (-0.1, -2.4) if label == 0 else (-2.4, -0.1)
    return LabelScores(likely, (1, 1), likely)


def say(message: Message) -> None:
    print(message_line(message), end="", flush=True)


if __name__ == "__main__":
    main()
