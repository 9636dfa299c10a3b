"""The page as it is built: light, complete before any event, and one visitor's own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from playground.api import Playground
from playground.data.parsing import parse_text as paste
from playground.errors import UserError
from playground.limits import TABLE_SECONDS
from playground.runs.kept_tables import KeptTables
from playground.ui.session import visitor
from playground.ui.session.head import Standing
from playground.ui.session.opening import head_value, visible_ids
from playground.ui.session.tables import Tables, sample_id
from playground.ui.words import shell as words

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "peft", "datasets", "sklearn", "scipy")
LOOK = f"""
import json, sys
from playground.api import Playground
from playground.ui.page import build
page = build(Playground(sys.argv[1]))
config = page.get_config_file()
print(json.dumps({{
    "heavy": [name for name in {HEAVY!r} if name in sys.modules],
    "values": {{part["props"].get("elem_id"): part["props"].get("value")
               for part in config["components"] if part["props"].get("elem_id")}},
    "public": sorted(d["api_name"] for d in config["dependencies"]
                     if d["api_visibility"] == "public" and d["backend_fn"]),
    "dropping": [elem_id for part in config["components"]
                 for elem_id in [part["props"].get("elem_id")]
                 if elem_id in ("run-list", "task-shelf", "methods")
                 for d in config["dependencies"]
                 if d["backend_fn"] and d["trigger_mode"] != "always_last"
                 and any(target[0] == part["id"] for target in d["targets"])],
}}, default=str))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict:
    """What a fresh process that builds the page reports about it."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-c", LOOK, str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_web_process_imports_nothing_heavy(built: dict):
    assert built["heavy"] == []


def test_the_first_paint_already_has_the_sample_its_task_and_its_charts(built: dict):
    values = built["values"]

    assert "tickets" in values["head"]["data"].lower()
    assert values["template"] == "Ticket: {ticket}\nIntent:"
    assert values["prompt"]["before"].endswith("Intent:")
    assert "held out" in values["data-summary"]["text"]
    assert len(values["balance"]["data"][0]["y"]) == 6
    assert values["first-rows"]["data"]


def test_no_tick_is_dropped_while_the_one_before_is_answered(built: dict):
    assert built["dropping"] == []


def test_only_the_named_endpoints_are_public(built: dict):
    named = ["ask", "ask_tasks", "compare", "events", "export", "ledger", "read", "runs", "start"]
    named += ["stop"]

    assert built["public"] == named


def test_a_visitor_keeps_the_token_and_a_stranger_gets_a_fresh_one():
    first, second = visitor.welcome(None), visitor.welcome({"owner": "short"})

    assert first["owner"] != second["owner"]
    assert visitor.welcome(first) == first


@pytest.mark.parametrize("sent", [None, {}, {"owner": ""}, {"owner": "x" * 15}, {"owner": 3}, "x"])
def test_nobody_passes_for_the_local_owner(sent: object):
    with pytest.raises(UserError, match="Reload the page"):
        visitor.owner(sent)


def test_a_table_is_kept_under_an_id_until_its_time_is_up():
    now = [0.0]
    tables = Tables(clock=lambda: now[0])
    table = paste("text,label\nfine,good\npoor,bad")

    table_id = tables.put(table)

    assert tables.get(table_id) is table
    now[0] = TABLE_SECONDS + 1
    with pytest.raises(UserError, match="Bring it again"):
        tables.get(table_id)
    assert tables.get(sample_id("film-reviews")).rows


def test_a_restarted_server_still_has_a_table_but_only_for_who_knows_its_id(tmp_path):
    table = paste("text,label\nfine <b>,good\npoor,bad\n,bad")
    table_id = Tables(KeptTables(tmp_path)).put(table)

    assert Tables(KeptTables(tmp_path)).get(table_id) == table
    assert table_id not in "".join(path.name for path in tmp_path.rglob("*"))
    for other in ("", "../" + table_id, table_id[:-1]):
        with pytest.raises(UserError, match="Bring it again"):
            Tables(KeptTables(tmp_path)).get(other)
    odd = Tables(KeptTables(tmp_path)).put(paste("text,label\n\ud800 fine,good\npoor,bad"))
    assert Tables(KeptTables(tmp_path)).get(odd).rows[0]["text"].endswith("fine")
    for damaged in (tmp_path / "tables").iterdir():
        damaged.write_text('{"name": "half')
    for known in (table_id, "\ud800"):
        with pytest.raises(UserError, match="Bring it again"):
            Tables(KeptTables(tmp_path)).get(known)


@pytest.mark.parametrize("table_id", [None, 3, "", "sample:../../etc", "film-reviews"])
def test_no_other_id_finds_a_table(table_id: object):
    with pytest.raises(UserError):
        Tables().get(table_id)


def test_the_queue_says_who_is_next():
    assert words.queue_chip(0, 0, None) == "nothing runs"
    assert words.queue_chip(1, 0, None) == "1 running"
    assert words.queue_chip(1, 2, 1) == "1 running, 2 waiting, you are next"
    assert words.queue_chip(1, 2, 2) == "1 running, 2 waiting, you are number 2"


@pytest.mark.slow
def test_the_head_does_not_wait_for_the_device(tmp_path):
    with Playground(tmp_path) as playground:
        standing = Standing(playground)

        assert standing.device() == ""
        assert standing.queue({"owner": "nobody"}) == "nothing runs"


def test_a_run_that_is_not_there_is_named_and_the_rest_goes_on(tmp_path):
    with Playground(tmp_path) as playground:
        seen, missing = visible_ids(playground, ["a" * 22], "x" * 20)

    assert seen == []
    assert "There is no run" in missing


def test_the_head_says_which_data_and_model():
    value = head_value(Tables(), {"owner": "t" * 20}, sample_id("does-it-follow"), "some/model")

    assert value["model"] == "some/model"
    assert "2 labels" in value["data"]
