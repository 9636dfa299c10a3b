"""peft and we open each other's files, and a file that does not fit leaves the base usable."""

import json
import sys
from pathlib import Path

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.errors import UserError
from playground.methods import METHODS
from playground.methods.common.four_bit import quantise
from playground.methods.common.peft_layers import REFUSED, chosen_layers
from playground.methods.common.saving import CONFIG, WEIGHTS
from tests.methods.cases import Case, all_logits, fitting
from tests.methods.shaken import shaken, shaken_case
from tests.tiny import tiny_model, tiny_network

pytestmark = pytest.mark.slow

# Those whose file sets peft layers in: it has `wrap` of peft_layers.py
NAMES = [n for n, method in METHODS.items() if hasattr(sys.modules[method.__module__], "wrap")]
NAMED = pytest.mark.parametrize("name", NAMES)
# The ways of keeping linear layers; the other architectures differ in ways peft does not see
KINDS = ("gpt2", "llama", "gpt_neox", "bert", "t5")


@NAMED
def test_plain_peft_opens_what_we_save(name: str, tmp_path: Path) -> None:
    for case in fitting(name, KINDS):
        _peft_opens(case, tmp_path / case.id)


def _peft_opens(case: Case, folder: Path) -> None:
    network = shaken_case(case)
    case.method.save(network, folder)
    plain = _base(case)
    before = all_logits(plain)
    opened = peft.PeftModel.from_pretrained(plain, folder)
    assert (all_logits(opened) - before).abs().max() > 1e-3, f"{case.id}: nothing was learnt"
    assert torch.equal(all_logits(opened), all_logits(network)), case.id
    named = opened.peft_config["default"].base_model_name_or_path
    assert named == f"tiny/{case.architecture}"


@NAMED
def test_we_open_what_plain_peft_saved(name: str, tmp_path: Path) -> None:
    for case in fitting(name, KINDS):
        _we_open(case, tmp_path / case.id)


def _we_open(case: Case, folder: Path) -> None:
    method = case.method
    method.save(method.build(tiny_model(case.architecture)), folder / "ours")
    config = peft.PeftConfig.from_pretrained(folder / "ours")
    theirs = shaken(peft.get_peft_model(_base(case), config))
    theirs.save_pretrained(folder / "theirs")
    ours = method.load(tiny_model(case.architecture), folder / "theirs")
    assert torch.equal(all_logits(ours), all_logits(theirs)), case.id


@NAMED
def test_a_file_that_changes_more_than_its_layers_is_not_opened(name: str, tmp_path: Path) -> None:
    _save_fresh(name, tmp_path)
    config, model = json.loads((tmp_path / CONFIG).read_text()), tiny_model("llama")
    for setting in REFUSED:
        (tmp_path / CONFIG).write_text(json.dumps({**config, setting: ["lm_head"]}))
        with pytest.raises(UserError, match=setting):
            METHODS[name]().load(model, tmp_path)


@NAMED
def test_a_file_that_does_not_fit_is_refused_and_the_base_stays_usable(
    name: str, tmp_path: Path
) -> None:
    _save_fresh(name, tmp_path)
    tensors = load_file(tmp_path / WEIGHTS)
    tensors.pop(min(tensors))
    save_file(tensors, tmp_path / WEIGHTS)
    model = tiny_model("llama")
    before = all_logits(model.network)
    with pytest.raises(UserError, match="does not fit this model"):
        METHODS[name]().load(model, tmp_path)
    assert torch.equal(all_logits(model.network), before)
    assert model.network.state_dict().keys() == tiny_network("llama").state_dict().keys()


def _base(case: Case) -> torch.nn.Module:
    """What an adapter sits beside: the plain network, of QLoRA with its layers in four bits."""
    network = tiny_network(case.architecture)
    if case.name == "qlora":
        apart = network._keep_in_fp32_modules or ()
        layers = chosen_layers(network, "all linear")
        stored = [layer for layer in layers if layer.rsplit(".", 1)[-1] not in apart]
        quantise(network, stored, torch.device("cpu"))
    return network


def _save_fresh(name: str, folder: Path) -> None:
    method = METHODS[name]()
    method.save(method.build(tiny_model("llama")), folder)
