"""A model's files may be a stranger's: what they ask for is refused before anything acts on it."""

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from playground import limits
from playground.errors import UserError
from playground.models.checking import check_size
from playground.models.loading import load
from tests.tiny import save_tiny, tiny_network

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, bytes]:
    """The files of a model that is all right, by name."""
    folder = save_tiny("gpt2", tmp_path_factory.mktemp("model"))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(saved, tmp_path) -> Path:
    for name, content in saved.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"n_layer": 300_000}, "n_layer 300,000"),
        ({"num_hidden_layers": 300_000}, "num_hidden_layers"),
        ({"text_config": {"encoder_layers": 1e9}}, "encoder_layers"),
        ({"n_embd": 10**9}, "n_embd"),
        ({"n_head": -(10**12)}, "n_head"),
        ({"vocab_size": 10**12}, "vocab_size"),
        ({"n_positions": 10**10}, "n_positions"),
        ({"num_labels": 10**9}, "num_labels"),
        ({"n_layer": 200}, "do not belong together"),
        ({"n_embd": 4096}, "do not belong together"),
        ({"_attn_implementation_internal": "a/b"}, "names code to run"),
        ({"_attn_implementation": "a/b"}, "names code to run"),
        ({"transformers_weights": "evil.bin"}, "names other files"),
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "packed"),
        ({"architectures": 7, "model_type": "vit"}, "Pick"),
        ({"n_head": 0}, "Pick|again"),
        ({"n_positions": "many"}, "Pick|again"),
        ({"activation_function": "__import__('os')"}, "Pick|again"),
    ],
)
def test_a_hostile_configuration_is_refused(values, says, folder):
    change(folder / "config.json", **values)

    with pytest.raises(UserError, match=says):
        load(str(folder), CPU)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1]", "holds a list"),
        ("null", "holds a NoneType"),
        ('{"a":' * 50 + "1" + "}" * 50, "nested"),
        ("[" * 200_000, "not JSON"),
        ('{"a": "' + "x" * limits.CONFIG_BYTES + '"}', "MB"),
        ("\x00\xff", "not JSON"),
    ],
)
def test_a_configuration_that_is_none_is_refused(text, says, folder):
    (folder / "config.json").write_text(text)

    with pytest.raises(UserError, match=says):
        load(str(folder), CPU)


def test_code_that_a_configuration_brings_is_left_alone(folder):
    change(folder / "config.json", auto_map={"AutoModelForCausalLM": "evil.Model"})
    (folder / "evil.py").write_text("raise SystemExit('ran')")

    assert load(str(folder), CPU).family.name == "causal"


def test_an_adapter_beside_the_weights_is_refused(folder):
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA"}')

    with pytest.raises(UserError, match="adapter"):
        load(str(folder), CPU)


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "../model.safetensors", "/etc/passwd", "a/b.safetensors", ""]
)
def test_an_index_that_names_other_files_is_refused(name, folder):
    (folder / "model.safetensors").rename(folder / "model-00001.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"evil")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model-00001.safetensors", "b": name}}))

    with pytest.raises(UserError, match="never opened"):
        load(str(folder), CPU)


@pytest.mark.parametrize("index", ["[]", "{", '{"weight_map": 3}', '{"weight_map": {}}', "{}"])
def test_an_index_that_is_none_is_refused(index, folder):
    (folder / "model.safetensors.index.json").write_text(index)

    with pytest.raises(UserError):
        load(str(folder), CPU)


def growing(times: int, letter: str = "a") -> dict:
    step = {"type": "Replace", "pattern": {"String": letter}, "content": letter * 10}
    return {"type": "Sequence", "normalizers": [step] * times}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"normalizer": growing(20)}, "characters or tokens of one"),
        ({"normalizer": {"type": "Prepend", "prepend": "x" * 10_000}}, "of one"),
        ({"decoder": {"type": "Replace", "pattern": {"Regex": "."}, "content": "x" * 99}}, "one"),
        ({"model": {"type": "BPE", "vocab": {}, "merges": []}}, "tokenizer"),
        ({"post_processor": {"single": [{"Sequence": {"id": "A"}}] * 100}}, "of one"),
        ({"post_processor": {"special_tokens": {"<s>": {"ids": [1] * 100}}}}, "of one"),
        ({"model": 3}, "tokenizer"),
        ({"added_tokens": 3}, "tokenizer"),
        ({"added_tokens": [3] * 60_000}, "adds 60,000 tokens"),
        ({"normalizer": {"type": "Replace", "pattern": {"String": ""}, "content": "x"}}, "plain"),
    ],
)
def test_a_hostile_tokenizer_is_refused(changes, says, folder):
    change(folder / "tokenizer.json", **changes)

    with pytest.raises(UserError, match=says):
        load(str(folder), CPU)


@pytest.mark.parametrize("text", ["[]", "3", "", "{", '"x"', "[" * 100_000])
def test_a_tokenizer_that_is_no_object_is_refused(text, folder):
    (folder / "tokenizer.json").write_text(text)

    with pytest.raises(UserError):
        load(str(folder), CPU)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("added_tokens.json", {f"<{n}>": n for n in range(60_000)}),
        ("tokenizer_config.json", {"extra_special_tokens": ["<x>"] * 6_000}),
    ],
)
def test_more_tokens_beside_a_vocabulary_than_are_added_in_time_are_refused(name, values, folder):
    (folder / name).write_text(json.dumps(values))

    with pytest.raises(UserError, match=r"adds 60?,000 tokens"):
        load(str(folder), CPU)


def test_a_file_of_weights_that_lists_too_many_is_not_opened(folder):
    path = folder / "model.safetensors"
    path.write_bytes((99_000_000).to_bytes(8, "little") + path.read_bytes()[8:])

    with pytest.raises(UserError, match="its list has 99,000,000 bytes"):
        load(str(folder), CPU)


def test_a_kind_that_is_a_book_is_not_repeated_whole(folder):
    change(folder / "config.json", model_type="x" * 900_000)

    with pytest.raises(UserError) as told:
        load(str(folder), CPU)

    assert len(str(told.value)) < 1_000


def test_a_tokenizer_that_surrounds_a_text_with_endless_marks_is_refused(folder):
    backend = Tokenizer.from_file(str(folder / "tokenizer.json"))
    record = json.loads(backend.to_str())
    mark = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    record["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [*[mark] * 50, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
    }
    (folder / "tokenizer.json").write_text(json.dumps(record))

    with pytest.raises(UserError, match="around it"):
        load(str(folder), CPU)


def test_pieces_that_differ_from_time_to_time_are_refused(folder):
    record = json.loads((folder / "tokenizer.json").read_text())
    record["model"]["dropout"] = 0.9
    (folder / "tokenizer.json").write_text(json.dumps(record))

    with pytest.raises(UserError, match="differently each time"):
        load(str(folder), CPU)


@pytest.mark.parametrize("length", [-5, 0, "long", None, 1e400, True])
def test_a_length_that_is_none_is_not_believed(length, folder):
    change(folder / "tokenizer_config.json", model_max_length=length)

    assert load(str(folder), CPU).max_length >= 1


def test_what_no_memory_holds_is_not_begun(tmp_path):
    empty = tiny_network("llama").to("meta")
    empty.add_module("large", torch.nn.Linear(2**22, 2**18, device="meta"))
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.truncate(2**41)  # takes no room on the disk

    with pytest.raises(UserError, match="GB are free"):
        check_size("large", empty, tmp_path, CPU)
