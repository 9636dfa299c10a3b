"""Random wrong calls to a real server: `python -m tests.benchmarks.endpoints --calls 1000`.

Prints how many calls of each kind were sent, and of those how many were answered with a 5xx, with
an empty error, without a sentence or not at all, what stands in the server's log, and the slowest.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.wrong_calls import API, OWNER, SPEC, Call, calls, known
from tests.browser.serving import served

AT_ONCE = 8
PATIENCE = 120.0  # seconds for an answer
ROWS = "text,mood\n" + "".join(f"day {n},{('good', 'bad')[n % 2]}\n" for n in range(24))
BEGINS = ("Traceback", "ERROR:", "Exception in")


@dataclass(frozen=True)
class Answer:
    """problem: "" where a call was answered as it should be."""

    call: Call
    status: int
    problem: str
    seconds: float

    @property
    def kind(self) -> str:
        path = self.call.path.removeprefix(API).split("?")[0]
        return "/".join(path.split("/")[:2])[:24] or "/"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        answers = tried(server.url, options.calls, options.seed)
        print(table(answers, exceptions(server.log), unforeseen(server.log)))


def tried(url: str, number: int, seed: int) -> list[Answer]:
    """What came back of so many calls to the server at this address."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        config = client.get("/config").json()
        rows = _called(client, "read", [ROWS, None])["table"]
        run = _called(client, "start", [rows, SPEC, OWNER])
        while _called(client, "events", [run, 0, OWNER])["status"] not in ("finished", "failed"):
            continue
        everything = calls(number, seed, known(config, rows, run))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda call: _tried(client, call), everything))
        assert client.get("/healthz").status_code == 200
    return answers


def exceptions(log: Path) -> list[str]:
    """The lines of a server's log at which an exception begins."""
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if line.startswith(BEGINS)]


def unforeseen(log: Path) -> Counter[str]:
    """What was answered with no better sentence than that it is not understood."""
    lines = log.read_text(errors="replace").splitlines()
    return Counter(line for line in lines if line.startswith("Refused"))


def table(answers: list[Answer], raised: list[str], vague: Counter[str]) -> str:
    """One line for each kind of call, then the problems themselves."""
    kinds = Counter(answer.kind for answer in answers)
    lines = [
        "| call | sent | refused | problems | slowest, s |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind, sent in sorted(kinds.items()):
        own = [answer for answer in answers if answer.kind == kind]
        refused = sum(answer.status >= 400 for answer in own)
        wrong = sum(bool(answer.problem) for answer in own)
        slowest = max(answer.seconds for answer in own)
        lines.append(f"| {kind} | {sent} | {refused} | {wrong} | {slowest:.1f} |")
    lines.append(f"\n{len(answers)} calls, {len(raised)} exceptions in the log")
    for answer in answers:
        if answer.problem:
            sent = answer.call.body[:200]
            lines.append(f"{answer.problem}: {answer.call.method} {answer.call.path} {sent!r}")
    lines += [*raised, f"{vague.total()} answers that only say it is not understood:"]
    return "\n".join([*lines, *(f"{number} × {line}" for line, number in vague.most_common())])


def _tried(client: httpx.Client, call: Call) -> Answer:
    began = time.perf_counter()
    try:
        status, problem = _answered(client, call)
    except httpx.HTTPError as error:
        status, problem = 0, f"no answer ({type(error).__name__})"
    return Answer(call, status, problem, time.perf_counter() - began)


def _answered(client: httpx.Client, call: Call) -> tuple[int, str]:
    heads = {"content-type": call.kind} if call.kind else {}
    said = client.request(call.method, call.path, content=call.body, headers=heads)
    if said.status_code >= 500:
        return said.status_code, f"status {said.status_code}"
    if said.status_code >= 400:
        bare = call.method == "HEAD"
        return said.status_code, "" if bare or _is_sentence(_detail(said)) else "no sentence"
    if not call.stream or call.method != "POST":
        return said.status_code, ""
    event = said.json()["event_id"]
    for message in _messages(client, call.stream.replace("{}", event)):
        if message is not None:
            return (400, "") if _is_sentence(message) else (400, f"an error that is {message!r}")
        return 200, ""
    return 200, "the stream ended without an answer"


def _messages(client: httpx.Client, stream: str) -> Iterator[Any]:
    """None for an answer, else the error, of whatever type it came."""
    event = ""
    with client.stream("GET", stream) as lines:
        for line in lines.iter_lines():
            event = line.removeprefix("event: ") if line.startswith("event: ") else event
            if not line.startswith("data: "):
                continue
            data = json.loads(line.removeprefix("data: "))
            if event == "complete":
                yield None
            elif event == "error":
                yield data.get("error") if isinstance(data, dict) else data
            elif isinstance(data, dict) and data.get("msg") == "unexpected_error":
                yield data.get("message")
            elif isinstance(data, dict) and data.get("msg") == "process_completed":
                yield None if data["success"] else data["output"].get("error")


def _detail(said: httpx.Response) -> object:
    try:
        found = said.json()
    except ValueError:
        return said.text
    return found.get("detail", found.get("error")) if isinstance(found, dict) else found


def _is_sentence(said: object) -> bool:
    return isinstance(said, str) and len(said.split()) >= 2


def _called(client: httpx.Client, name: str, data: list[Any]) -> Any:
    """The answer of an endpoint to a right call."""
    event = client.post(f"{API}/call/{name}", json={"data": data}).json()["event_id"]
    text = client.get(f"{API}/call/{name}/{event}").text
    assert "event: complete" in text, text[-500:]
    return json.loads(text.rsplit("data: ", 1)[1])[0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
