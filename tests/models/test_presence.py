"""Whether a model is there is said at once, by a small Hub on this machine and by folders."""

import json
import shutil
from pathlib import Path

import pytest

from playground import limits
from playground.errors import UserError
from playground.models.presence import check
from playground.models.sources import close_name
from tests.models.hub_server import closed_port, said_by, serving
from tests.tiny import save_tiny

# Checks every id it is given, behind "none:" or "own:", and prints, as JSON, what it said and how
# many seconds that took.
CHECK = """
import json, sys, time
from playground.errors import UserError
from playground.models.presence import check
said = []
for token, model_id in (asked.split(":") for asked in sys.argv[1:]):
    began = time.monotonic()
    try:
        check(model_id, None if token == "own" else False)
        said.append(("there", time.monotonic() - began))
    except UserError as error:
        said.append((str(error), time.monotonic() - began))
print(json.dumps(said))
"""
WHOLE = {"config.json": b"{}", "tokenizer.json": b"{}", "model.safetensors": b""}
FILES = {
    "them/good": WHOLE,
    "them/gated": WHOLE,
    "them/pickled": {"config.json": b"{}", "tokenizer.json": b"{}", "pytorch_model.bin": b""},
    "them/adapter": {"adapter_config.json": b"{}", "adapter_model.safetensors": b""},
    "them/no-tokenizer": {"config.json": b"{}", "model.safetensors": b""},
    "them/no-config": {"tokenizer.json": b"{}", "model.safetensors": b""},
}
IDS = (
    *FILES,
    *("them/private", "them/missing", "them/busy", "them/login", "openai-comunity/gpt2"),
    "them/slow",
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """What each check says, the seconds that took, and what the Hub was asked."""
    asked = [*(f"none:{name}" for name in IDS), "own:them/good", "own:them/gated"]
    with serving(FILES) as (address, handler):
        cache = tmp_path_factory.mktemp("cache")
        said = said_by(CHECK, address, cache, *asked, HF_TOKEN="hf_of_the_host")
        return dict(zip(asked, said, strict=True)), list(handler.asked)


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("them/gated", "Pick a model that is open to all"),
        ("them/pickled", "only as pytorch_model.bin"),
        ("them/adapter", "is an adapter"),
        ("them/no-tokenizer", "has no tokenizer"),
        ("them/no-config", "has no config.json"),
        ("them/private", "no model them/private on the Hub that you may see"),
        ("them/missing", "no model them/missing on the Hub that you may see. Check the spelling"),
        ("openai-comunity/gpt2", "Did you mean openai-community/gpt2?"),
    ],
)
def test_a_model_of_the_hub_that_cannot_be_used_is_told_at_once(hub, name, way_out):
    assert way_out in hub[0][f"none:{name}"][0]


@pytest.mark.parametrize("name", ["them/good", "them/busy", "them/login", "them/slow"])
def test_what_is_there_or_cannot_be_known_goes_on(hub, name):
    assert hub[0][f"none:{name}"][0] == "there"


def test_a_slow_hub_is_not_waited_for(hub):
    assert hub[0]["none:them/slow"][1] < limits.HUB_SECONDS + 2


def test_the_hub_hears_the_token_of_this_machine_from_its_own_scripts_alone(hub):
    asked, own = hub[1], [path for path, token in hub[1] if token == "Bearer hf_of_the_host"]

    assert {token for _, token in asked} == {None, "Bearer hf_of_the_host"}
    assert own[:2] == ["api/models/them/good", "them/good/resolve/main/config.json"]
    assert "hf auth login" in hub[0]["own:them/gated"][0]
    assert "hf auth login" not in hub[0]["none:them/gated"][0] + hub[0]["none:them/private"][0]


def test_without_a_connection_only_what_is_on_this_machine_is_there(tmp_path):
    address = f"http://127.0.0.1:{closed_port()}"
    for name in ("good", "broken-off"):
        copy = tmp_path / "hub" / f"models--them--{name}"
        snapshot = copy / "snapshots" / "abc"
        snapshot.mkdir(parents=True)
        (copy / "refs").mkdir()
        (copy / "refs" / "main").write_text("abc")
        (snapshot / "config.json").write_text("{}")
    whole = tmp_path / "hub" / "models--them--good" / "snapshots" / "abc" / "model.safetensors"
    whole.touch()
    ids = ("none:them/good", "none:them/broken-off", "none:them/else")

    good, *others = (said for said, _ in said_by(CHECK, address, tmp_path, *ids))

    assert good == "there"
    assert all("cannot be reached" in said for said in others)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_tiny("llama", tmp_path_factory.mktemp("models") / "my-llama")


@pytest.mark.parametrize(
    ("removed", "way_out"),
    [
        ("config.json", "has no config.json"),
        ("model.safetensors", "holds no .safetensors weights"),
        ("tokenizer.json", "has no tokenizer"),
    ],
)
def test_a_folder_without_a_whole_model_is_told_at_once(folder, tmp_path, removed, way_out):
    check(str(folder))
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / removed).unlink()

    with pytest.raises(UserError, match=way_out):
        check(str(copy))


def test_a_missing_folder_is_told_with_its_nearest_neighbour(folder):
    with pytest.raises(UserError, match=f"Did you mean {folder}"):
        check(str(folder.parent / "my-lama"))
    with pytest.raises(UserError, match=r"no folder .*Check the path"):
        check(str(folder.parent / "zzz" / "deeper"))


def test_a_file_or_the_folder_above_leads_to_the_folder(folder):
    with pytest.raises(UserError, match=f"Give the folder it lies in, {folder}"):
        check(str(folder / "config.json"))
    with pytest.raises(UserError, match=f"Did you mean {folder}"):
        check(str(folder.parent))


def test_an_adapter_and_a_lost_shard_are_named(folder, tmp_path):
    adapter = shutil.copytree(folder, tmp_path / "adapter")
    (adapter / "adapter_config.json").write_text('{"base_model_name_or_path": "them/base"}')
    sharded = shutil.copytree(folder, tmp_path / "sharded")
    (sharded / "model.safetensors").rename(sharded / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002.safetensors"}
    (sharded / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))

    with pytest.raises(UserError, match=r"adapter, not a model.*them/base"):
        check(str(adapter))
    with pytest.raises(UserError, match=r"lacks model-00002\.safetensors"):
        check(str(sharded))
    (sharded / "model.safetensors.index.json").write_text('{"weight_map": {"a": "weights.bin"}}')
    with pytest.raises(UserError, match="never opened"):
        check(str(sharded))


@pytest.mark.parametrize(
    "name",
    [
        "~nobody-of-this-name/x",
        "/" + "x" * 5_000,
        "/a\0b",
        "gpt 2",
        "",
        "a/b.git",
        "a/b--c",
        5,
        None,
    ],
)
def test_whatever_is_no_model_gets_a_sentence(name):
    with pytest.raises(UserError):
        check(name)


def test_a_name_is_mended_with_and_without_its_owner():
    assert close_name("gpt2") == "openai-community/gpt2"
    assert close_name("bundeld") == "bundled"
    assert close_name(" them/model/ ") == "them/model"
    assert close_name("https://huggingface.co/them/model") == "them/model"
    assert close_name("HuggingFaceTB/SmolLM-135M") == "HuggingFaceTB/SmolLM2-135M"
    assert close_name("them/entirely-different") == ""
