"""Reading what may have come from anywhere."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from playground.errors import UserError
from playground.methods import METHODS
from playground.methods.common.saving import CONFIG, WEIGHTS, public_id, read_config, write_tensors
from tests.tiny import tiny_model


@pytest.mark.parametrize(
    ("model_id", "shown"),
    [
        ("bundled", "bundled"),
        ("EleutherAI/pythia-70m", "EleutherAI/pythia-70m"),
        ("/home/somebody/secret/model", "model"),
        ("./models/mine", "mine"),
    ],
)
def test_a_models_name_leaves_this_machine_without_its_path(model_id: str, shown: str) -> None:
    assert public_id(model_id) == shown


@pytest.mark.parametrize("name", list(METHODS))
def test_a_pickle_is_never_opened(name: str, tmp_path: Path) -> None:
    """Only a pickle is there: refused, whatever is in it."""
    method, model = METHODS[name](), tiny_model("qwen2")
    method.save(method.build(model), tmp_path)
    for path in tmp_path.glob("*.safetensors"):
        path.unlink()
    for pickled in ("adapter_model.bin", "pytorch_model.bin"):
        torch.save({"weight": torch.zeros(1)}, tmp_path / pickled)
    with pytest.raises(UserError, match="not opened"):
        method.load(tiny_model("qwen2"), tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"peft_type": "XLORA"}', "\ud800"])
def test_a_broken_config_is_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UserError, match=r"\.$"):
        read_config(tmp_path, "LORA")


def test_a_config_that_is_not_there_or_huge_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no adapter_config\.json that can be read"):
        read_config(tmp_path, "LORA")
    (tmp_path / CONFIG).write_text(json.dumps({"a": "b" * 1_000_000}))
    with pytest.raises(UserError, match=r"no adapter_config\.json that can be read"):
        read_config(tmp_path, "LORA")


def test_damaged_weights_are_a_sentence(tmp_path: Path) -> None:
    method, model = METHODS["lora"](), tiny_model("llama")
    method.save(method.build(model), tmp_path)
    whole = (tmp_path / WEIGHTS).read_bytes()
    (tmp_path / WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        method.load(tiny_model("llama"), tmp_path)


def test_a_part_of_a_tensor_is_saved_as_that_part(tmp_path: Path) -> None:
    write_tensors(tmp_path, {"rows": torch.arange(100.0)[::10]})
    assert (tmp_path / WEIGHTS).stat().st_size < 200


@pytest.mark.parametrize("name", [name for name in METHODS if name != "adalora"])  # it drops some
def test_what_is_said_to_be_kept_is_what_the_file_holds(name: str, tmp_path: Path) -> None:
    method, model = METHODS[name](), tiny_model("qwen2")
    network = method.build(model)
    training = sum(weight.numel() for weight in network.parameters() if weight.requires_grad)
    said = method.saved_parameters(network) if hasattr(method, "saved_parameters") else training
    method.save(network, tmp_path)
    files = [load_file(path) for path in tmp_path.glob("*.safetensors")]
    assert said == sum(tensor.numel() for file in files for tensor in file.values())
