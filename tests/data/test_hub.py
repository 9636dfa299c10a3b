"""Data sets of the Hub, from a server on the loopback that speaks enough of its protocol."""

import json
import os
import subprocess
import sys
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from playground.data import hub_stream
from playground.data.hub import LEAN, read_hub
from playground.errors import UserError
from tests.data.hub_server import SHUT, serve

CARD = """---
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype: {class_label: {names: {'0': neg, '1': pos}}}
configs:
- config_name: default
  data_files:
  - {split: train, path: data/train-*}
  - {split: test, path: data/test-*}
---
"""
TWO = """---
configs:
- {config_name: first, data_files: a.jsonl}
- {config_name: second, data_files: a.jsonl}
---
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("hub")
    for name in ("reviews/data", "two", "script"):
        (root / "acme" / name).mkdir(parents=True)
    for part, labels in (("train", [1, 0, -1]), ("test", [1, 0])):
        data = pa.table({"text": [f"{part} words {i}" for i in labels], "label": labels})
        pq.write_table(data, root / "acme" / "reviews" / "data" / f"{part}-0.parquet")
    (root / "acme" / "reviews" / "README.md").write_text(CARD)
    (root / "acme" / "two" / "README.md").write_text(TWO)
    (root / "acme" / "two" / "a.jsonl").write_text('{"text": "a", "label": "x"}\n')
    (root / "acme" / "script" / "script.py").write_text("raise SystemExit('ran')")
    (root / "acme" / "bomb").mkdir()
    large = pa.table({"text": [["x" * 1_000_000] * 1_000] * 2, "label": ["a", "b"]})
    pq.write_table(large, root / "acme" / "bomb" / "a.parquet", compression="zstd")  # 1 kB
    return root


@pytest.fixture(scope="module")
def hub(root):
    """Environment variables that point to the server."""
    server = serve(root)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    home = {"HF_HOME": str(root / "home"), "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
    yield {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", **home}
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def online(hub, monkeypatch):
    for name, value in hub.items():
        monkeypatch.setenv(name, value)


@pytest.mark.slow
def test_a_split_is_read_with_its_labels_by_name(online, tmp_path, monkeypatch):
    (tmp_path / "acme" / "reviews").mkdir(parents=True)  # not the data set, though named as it is
    (tmp_path / "acme" / "reviews" / "private.csv").write_text("text,label\na secret,x\n")
    monkeypatch.chdir(tmp_path)

    table = read_hub(" acme/reviews ")

    assert table.name == "acme/reviews · train"
    assert [tuple(row.values()) for row in table.rows] == [
        ("train words 1", "pos"),
        ("train words 0", "neg"),
        ("train words -1", ""),
    ]
    assert next(p.line for p in table.problems if p.kind == "missing label") == 3


REFUSED = {
    ("acme/reviews", "", "dev"): "no split “dev”. Choose one of: train, test",
    ("acme/reviews", "x", ""): "no configuration “x”. Choose one of: default",
    ("acme/two", "", ""): "more than one configuration. Choose one of: first, second",
    ("acme/script", "", ""): "made by a script, and code from the Hub is never run",
    ("acme/gone", "", ""): "no open data set “acme/gone”",
    (SHUT, "", ""): "private or gated",
    ("acme/bomb", "", ""): "memory",
}


@pytest.mark.slow
def test_what_cannot_be_read_is_said_with_the_way_out(hub):
    code = (
        "import os; from playground.data.hub_stream import ProcessLimits, confine, main\n"
        "confine(os.getppid(), ProcessLimits(120, 100, 600_000_000, 1_000_000))\n"
        f"for asked in {list(REFUSED)}: main(*asked)"  # one process: each loads the libraries
    )
    answers = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **hub, **LEAN},
        capture_output=True,
        check=True,
    ).stdout.splitlines()

    for answer, sentence in zip(answers, REFUSED.values(), strict=True):
        told = json.loads(answer)
        assert sentence in told.get("refusal", told.get("cause"))


@pytest.mark.slow
def test_a_hub_that_is_out_of_reach_is_said_quickly(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(UserError, match=r"cannot be reached.*Bring a file"):
        read_hub("acme/reviews")


def test_a_hub_that_is_switched_off_is_said():
    with pytest.raises(UserError, match="switched off"):
        hub_stream.stream("acme/reviews", "", "")  # as this very process is, by conftest.py


@pytest.mark.parametrize(
    "name", ["", "../etc", "a/b/c", "http://x/y", "-x", "a b", "a/..", "x" * 300]
)
def test_what_is_no_id_asks_nobody(name):
    with pytest.raises(UserError, match="not the id of a data set"):
        read_hub(name)


def test_reading_tables_loads_no_large_library():
    code = (
        "import sys, playground.data.parsing, playground.data.hub, playground.tasks.splits,"
        " playground.tasks.fitting, playground.data.samples as s; s.read_sample('film-reviews');"
        "print(*sorted({'torch', 'datasets', 'pyarrow', 'openpyxl', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )

    assert done.stdout.strip() == ""
