"""An inference worker that only times, without a model: `python -m tests.inference.stopwatch`.

The full copy takes 10 ms, a run 12, and a LoRA merged 10; no other method can be merged. The
methods and the number of rows of every job go into the file `order`.
"""

import sys
from pathlib import Path

from playground.executors import codec
from playground.inference.replies import AnswerTimings, Measured, RunTiming
from playground.inference.requests import TimeAnswers
from playground.inference.wire import Done, Replied, message_line, parsed_request

RUN = (Measured(12.0, 11.0, 13.0), Measured(1.2, 1.1, 1.3))
MERGED = (Measured(10.0, 9.5, 10.5), Measured(1.0, 0.9, 1.1))


def main() -> None:
    for line in sys.stdin:
        number, request = parsed_request(line)
        assert isinstance(request, TimeAnswers), request
        methods = [run.method for run in request.adapters]
        with Path("order").open("a") as file:
            file.write(f"{' '.join(methods)} {len(request.rows)}\n")
        for done in range(1, 13):
            print(message_line(Done(number, done)), end="", flush=True)
        runs = tuple(map(timed, methods))
        reply = codec.to_json(AnswerTimings(12, Measured(10.0, 9.0, 11.0), runs))
        print(message_line(Replied(number, reply)), end="", flush=True)


def timed(method: str) -> RunTiming:
    if method == "lora":
        return RunTiming(*RUN, *MERGED, "")
    return RunTiming(*RUN, None, None, "not mergeable: for a test")


if __name__ == "__main__":
    main()
