"""Downloads against a small server on this machine that speaks the Hub's protocol."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.errors import UserError
from playground.models.hub import wanted
from playground.models.loading import load
from tests.models.hub_server import closed_port, said_by, serving
from tests.tiny import save_tiny

# Fetches every id it is given and prints, as JSON, the folder or the sentence that came back.
FETCH = """
import json, sys
from playground.errors import UserError
from playground.models.hub import fetch
said = []
for model_id in sys.argv[1:]:
    try:
        said.append(str(fetch(model_id)))
    except UserError as error:
        said.append(f"UserError: {error}")
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    folder = save_tiny("gpt2", tmp_path_factory.mktemp("gpt2"))
    good = {path.name: path.read_bytes() for path in folder.iterdir()}
    rest = {name: body for name, body in good.items() if name != "model.safetensors"}
    return {
        "them/good": {**good, "code.py": b"raise SystemExit", "onnx/model.safetensors": b"no"},
        "them/gated": good,
        "them/huge": good,
        "them/pickled": {**rest, "pytorch_model.bin": b"\x80\x04."},
        "them/adapter": {"adapter_config.json": b"{}", "adapter_model.safetensors": b""},
    }


@pytest.fixture(scope="module")
def endpoint(files) -> Iterator[str]:
    with serving(files) as (address, _):
        yield address


def fetched(endpoint: str, cache: Path, *ids: str, **more: str) -> list[str]:
    """What fetching each id says."""
    return said_by(FETCH, endpoint, cache, *ids, **more)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def said(endpoint, cache) -> dict[str, str]:
    """What a reachable Hub says of each repository."""
    ids = ("good", "gated", "missing", "pickled", "adapter", "huge")
    answers = fetched(endpoint, cache, *(f"them/{name}" for name in ids))
    return dict(zip(ids, answers, strict=True))


@pytest.mark.slow
def test_a_good_repository_is_fetched_and_loads(said):
    names = {path.name for path in Path(said["good"]).iterdir()}

    assert load(said["good"]).family.name == "causal"
    assert "code.py" not in names
    assert "onnx" not in names


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("gated", "Accept its terms"),
        ("missing", "Check the spelling"),
        ("pickled", "only as pytorch_model.bin"),
        ("adapter", "is an adapter"),
        ("huge", "not enough disk space"),
    ],
)
def test_what_cannot_be_fetched_is_a_sentence_with_a_way_out(said, name, way_out):
    assert said[name].startswith("UserError: ")
    assert way_out in said[name]


@pytest.mark.slow
@pytest.mark.parametrize("offline", ["0", "1"])
def test_without_a_connection_a_copy_on_this_machine_serves(said, cache, offline):
    address = f"http://127.0.0.1:{closed_port()}"

    good, other = fetched(address, cache, "them/good", "them/else", HF_HUB_OFFLINE=offline)

    assert good == said["good"]
    assert "cannot be reached" in other


def test_only_what_loading_needs_is_wanted():
    texts = ["config.json", "tokenizer.json", "chat_template.jinja"]
    sizes = dict.fromkeys([*texts, "model.safetensors", "flax_model.msgpack", "README.md"], 1)

    assert wanted("a/b", sizes) == [*texts, "model.safetensors"]
    assert wanted("a/b", sizes, weights=False) == texts


def test_shards_come_with_their_index():
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    sizes = dict.fromkeys([*shards, "model.safetensors.index.json", "consolidated.safetensors"], 1)

    assert wanted("a/b", sizes) == ["model.safetensors.index.json", *shards]


def test_a_repository_without_weights_is_refused():
    with pytest.raises(UserError, match="no weights"):
        wanted("a/b", {"config.json": 1})


def test_a_download_that_was_broken_off_is_not_taken_for_the_model(said, cache, tmp_path):
    copy = shutil.copytree(cache, tmp_path / "cache", symlinks=True)
    next(copy.glob("hub/models--them--good/snapshots/*/model.safetensors")).unlink()

    (answer,) = fetched(f"http://127.0.0.1:{closed_port()}", copy, "them/good")

    assert "cannot be reached" in answer
