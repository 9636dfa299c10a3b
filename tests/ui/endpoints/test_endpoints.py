"""The named endpoints, called by gradio_client on a really launched server."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from tests.benchmarks.endpoints import exceptions, tried
from tests.waiting import PAUSE, until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MINE, THEIRS = "my secret of sixteen or more", "somebody else's long secret"
FEW = 40  # random wrong calls; tests.benchmarks.endpoints sends as many as one likes
IDLE = 0.2  # seconds of computing within a second that are none
ROWS = "text,mood\n" + "".join(
    f"day {i} was as bright as ever,good\nday {i} was grey and long,bad\n" for i in range(20)
)


@dataclass(frozen=True)
class Server:
    """`python app.py`, which runs until the module's tests are done."""

    url: str
    process: int
    log: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("endpoints")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "PORT": str(port),
        "PLAYGROUND_HOME": str(folder / "home"),
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "GRADIO_SERVER_NAME": "127.0.0.1",
    }
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    begins = "The playground is open at http://"
    try:
        said = until((folder / "log").read_text, 60)  # the one line with the address
        assert said.startswith(begins), said
        yield Server(f"http://127.0.0.1:{port}", running.pid, folder / "log")
    finally:
        running.terminate()
        running.wait(30)


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    return Client(server.url, verbose=False)


@pytest.fixture(scope="module")
def table(client: Client) -> dict:
    return client.predict(source=ROWS, file=None, api_name="/read")


@pytest.fixture(scope="module")
def run(client: Client, table: dict) -> str:
    """A finished run of a few steps."""
    spec = {
        "task": table["task"],
        "method": "lora",
        "settings": {"steps": 4},
        "labels_per_class": 8,
    }
    run_id = client.predict(table=table["table"], spec=spec, owner=MINE, api_name="/start")
    cursor, status = 0, "queued"
    while status not in ("finished", "failed", "died", "stopped"):
        told = client.predict(run=run_id, since=cursor, owner=MINE, api_name="/events")
        cursor, status = told["cursor"], told["status"]
    assert status == "finished"
    return run_id


def test_a_table_is_described_with_a_guessed_task(table: dict):
    assert (table["rows"], table["labels"]) == (40, {"bad": 20, "good": 20})
    assert table["task"]["label_column"] == "mood"


def test_a_file_is_read_and_not_kept(client: Client, tmp_path: Path):
    file = tmp_path / "days.csv"
    file.write_text(ROWS)

    told = client.predict(source="", file=handle_file(str(file)), api_name="/read")

    assert told["rows"] == 40


def test_a_path_of_the_server_is_no_upload(client: Client):
    with pytest.raises(AppError, match="no uploaded file"):
        client.predict(source="", file={"path": "/etc/passwd"}, api_name="/read")


def test_a_bad_spec_is_answered_with_a_sentence(client: Client, table: dict):
    with pytest.raises(AppError, match="The spec is not understood"):
        client.predict(table=table["table"], spec={}, owner=MINE, api_name="/start")


def test_a_model_without_a_chat_template_is_not_talked_to(client: Client, table: dict):
    spec = {"task": {**table["task"], "chat": True}}
    options = {"table": table["table"], "spec": spec}

    with pytest.raises(AppError, match="bundled has no chat template"):
        client.predict(table=table["table"], spec=spec, owner=MINE, api_name="/start")
    for name, more in (("/compare", {}), ("/ask", {"text": "day 7"})):
        with pytest.raises(AppError, match="bundled has no chat template"):
            client.predict(runs=[], shots=[0], options=options, owner=MINE, api_name=name, **more)


def test_nobody_is_the_owner_of_local_runs(client: Client):
    with pytest.raises(AppError, match="shorter than 16 characters"):
        client.predict(owner="", api_name="/runs")


def test_the_owner_lists_compares_asks_and_takes_away(client: Client, run: str):
    (listed,) = client.predict(owner=MINE, api_name="/runs")
    assert (listed["id"], listed["status"], listed["about"]["labelled"]) == (run, "finished", 16)

    options = {"baseline": True, "nearest": [2]}
    compared = client.predict(
        runs=[run], shots=[0], options=options, owner=MINE, api_name="/compare"
    )
    kinds = [(arm["kind"], arm["shots"], arm["nearest"]) for arm in compared["arms"]]
    assert kinds[:2] == [("prompt", 0, False), ("prompt", 2, True)]
    assert [kind for kind, *_ in kinds[2:]] == ["run", "baseline"]
    assert compared["sentence"]

    answers = client.predict(
        text="day 7 was bright", runs=[run], shots=[0], options={}, owner=MINE, api_name="/ask"
    )
    assert all(abs(sum(one["probabilities"].values()) - 1) < 1e-6 for one in answers)

    said = client.predict(text="day 7 was bright", runs=[run], owner=MINE, api_name="/ask_tasks")
    (own,) = [one for one in answers if one["kind"] == "run"]
    (task,) = said["answers"]
    assert task["run_id"] == run
    assert task["shared"]
    assert said["left_out"] == {}
    for label, belief in own["probabilities"].items():
        assert abs(task["probabilities"][label] - belief) < 1e-5

    address = client.predict(run=run, owner=MINE, api_name="/export")
    with urllib.request.urlopen(client.src.rstrip("/") + "/" + address) as answer:
        packed = zipfile.ZipFile(BytesIO(answer.read()))
    assert json.loads(packed.read("adapter_config.json"))["peft_type"] == "LORA"


def test_a_run_is_weighed_and_timed_against_its_full_copy(client: Client, run: str):
    full, row = client.predict(runs=[run], timed=False, owner=MINE, api_name="/ledger")
    assert (full["run_id"], row["run_id"], row["answer"]) == ("", run, None)
    assert row["share"] == row["trainable"] / full["trainable"]
    assert 4 * row["trainable"] < row["bytes"] < full["bytes"] == 4 * full["trainable"]

    full, row = client.predict(runs=[run], timed=True, owner=MINE, api_name="/ledger")
    for found in (full["answer"], row["answer"], row["merged"]):
        assert 0 < found["low"] <= found["median"] <= found["high"]
    with pytest.raises(AppError, match="There is no run"):
        client.predict(runs=[run], timed=False, owner=THEIRS, api_name="/ledger")


@pytest.mark.parametrize("name", ["events", "stop", "export"])
def test_somebody_else_finds_no_such_run(client: Client, run: str, name: str):
    with pytest.raises(AppError, match="There is no run"):
        client.predict(run=run, owner=THEIRS, api_name=f"/{name}")
    assert client.predict(owner=THEIRS, api_name="/runs") == []


def test_random_wrong_calls_are_answered_with_sentences(server: Server):
    answers = tried(server.url, FEW, seed=14)

    assert not [(one.problem, one.call) for one in answers if one.problem]
    assert sum(one.status >= 400 for one in answers) > FEW / 3
    assert not exceptions(server.log)


def long_comparison(number: int, table: str) -> list:
    """Arguments of a call that takes minutes; another one for every number and owner."""
    task = {
        "template": "{text} So",
        "label_words": {"good": "good", "bad": "bad"},
        "label_column": "mood",
    }
    options = {"table": table, "spec": {"task": task, "labels_per_class": 8, "seed": number}}
    return [[], [*range(17)], options, f"an owner made up for number {number}"]


def computes(process: int) -> float:
    """Seconds that all processes of a server compute while one second passes."""

    def spent() -> float:
        below = psutil.Process(process).children(recursive=True)
        return sum(sum(one.cpu_times()[:2]) for one in below)

    before = spent()
    PAUSE.wait(1)
    return spent() - before


def test_comparisons_nobody_listens_to_hold_nobody_up_and_end(
    server: Server, client: Client, run: str
):
    days = ((f"number {n} of a long list of days", ("good", "bad")[n % 2]) for n in range(2_400))
    rows = "text,mood\n" + "".join(f"{text},{mood}\n" for text, mood in days)
    table = client.predict(source=rows, file=None, api_name="/read")["table"]
    for number in range(6):
        body = {"data": long_comparison(number, table)}
        assert httpx.post(f"{server.url}/gradio_api/call/compare", json=body).status_code == 200

    found = client.predict(runs=[run], shots=[3], options={}, owner=MINE, api_name="/compare")

    assert [arm["name"] for arm in found["arms"]][:1] == ["3-shot"]
    until(lambda: computes(server.process) < IDLE, 90, "the end of work nobody waits for")


def test_the_page_is_served_by_its_own_names_with_a_policy(server: Server):
    there = httpx.get(server.url)
    gone = httpx.get(server.url, headers={"host": "evil.example"})

    assert "frame-ancestors 'self'" in there.headers["content-security-policy"]
    assert (there.status_code, gone.status_code) == (200, 400)
    assert "not known as 'evil.example'" in gone.json()["detail"]


def test_too_large_a_body_is_refused_on_every_way_in(server: Server):
    def parts() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    for path in ("/gradio_api/call/upload", "/gradio_api/queue/join", "/gradio_api/run/upload"):
        whole = httpx.post(server.url + path, content=b"x" * 3_000_000)
        streamed = httpx.post(server.url + path, content=parts())
        assert (whole.status_code, streamed.status_code) == (413, 413), path
