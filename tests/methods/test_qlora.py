"""What is QLoRA's own: four bits as measured, the same as transformers' own, and what it needs.

Where bitsandbytes is missing, only that is tested, and the run says so.
"""

import importlib.util
from pathlib import Path

import peft
import pytest
import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

from playground.errors import UserError
from playground.methods.common.blocks import sizes
from playground.methods.common.four_bit import four_bit, installed, stored_bytes
from playground.methods.common.peft_layers import chosen_layers
from playground.methods.lora import LoRA
from playground.methods.qlora import QLoRA
from tests.methods.cases import Case, all_logits
from tests.methods.shaken import shaken_case
from tests.tiny import save_tiny, tiny_model, tiny_network

if installed():
    import bitsandbytes

CPU = torch.device("cpu")
HAS_IT = pytest.mark.skipif(
    not installed(), reason="bitsandbytes is not installed: QLoRA is not tried, but for its refusal"
)


def test_without_bitsandbytes_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "bitsandbytes" else found(name)
    )
    model = tiny_model("llama")
    assert "pip install bitsandbytes" in QLoRA().refuse(model)
    for way in (lambda: QLoRA().build(model), lambda: QLoRA().load(model, tmp_path)):
        with pytest.raises(UserError, match="pip install bitsandbytes"):
            way()


@HAS_IT
def test_a_weight_takes_4_127_bits() -> None:
    """4, 8 for each 64 weights, and 32 for each 64 * 256 (Dettmers et al. 2023, section 3)."""
    layer = torch.nn.Linear(1024, 1024, bias=False)
    bits = 8 * stored_bytes(four_bit(layer, CPU)) / layer.weight.numel()
    assert bits == pytest.approx(4 + 8 / 64 + 32 / (64 * 256), abs=0.02)


@HAS_IT
def test_a_normal_weight_is_off_by_nine_percent() -> None:
    """0.092 of its deviation, as of 16 values at a normal distribution's quantiles."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(512, 512, bias=False)
    torch.nn.init.normal_(layer.weight)
    stored = four_bit(layer, CPU).weight
    restored = bitsandbytes.functional.dequantize_4bit(stored.data, stored.quant_state)
    error = (restored - layer.weight).square().mean().sqrt() / layer.weight.square().mean().sqrt()
    assert error.item() == pytest.approx(0.092, abs=0.002)


@HAS_IT
@pytest.mark.parametrize("architecture", ["gpt2", "llama", "bert", "t5"])
def test_the_layers_of_the_blocks_are_in_four_bits_and_no_others(architecture: str) -> None:
    plain = tiny_network(architecture)
    chosen = chosen_layers(plain, "all linear")
    network = QLoRA(rank=3).build(tiny_model(architecture))
    stored = [
        name.removeprefix("base_model.model.").removesuffix(".base_layer")
        for name, layer in network.named_modules()
        if isinstance(layer, bitsandbytes.nn.Linear4bit) and name.endswith(".base_layer")
    ]
    whole = ".wo" if architecture == "t5" else "nothing"  # T5 computes that one apart
    assert sorted(stored) == sorted(name for name in chosen if not name.endswith(whole))
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert trained == sum(3 * sum(sizes(plain.get_submodule(name))) for name in chosen)


@HAS_IT
@pytest.mark.parametrize("architecture", ["gpt2", "llama"])
def test_plain_peft_on_a_base_that_transformers_quantised_answers_the_same(
    architecture: str, tmp_path: Path
) -> None:
    network = shaken_case(Case("qlora", (), architecture))
    QLoRA().save(network, tmp_path / "adapter")
    base = AutoModelForCausalLM.from_pretrained(
        save_tiny(architecture, tmp_path / "base"),
        quantization_config=BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.float32,
        ),
        dtype=torch.float32,
        device_map="cpu",
    )
    for layer in base.modules():
        if isinstance(layer, bitsandbytes.nn.Linear4bit):
            layer.support_avx512bf16_for_cpu = False
    opened = peft.PeftModel.from_pretrained(base, tmp_path / "adapter")
    assert (all_logits(opened) - all_logits(network)).abs().max() <= 1e-5


@HAS_IT
def test_the_low_rank_branches_of_a_file_open_beside_the_whole_base_too(tmp_path: Path) -> None:
    QLoRA(rank=2).save(QLoRA(rank=2).build(tiny_model("llama")), tmp_path)
    network = LoRA().load(tiny_model("llama"), tmp_path)
    assert torch.equal(all_logits(network), all_logits(tiny_network("llama")))


@HAS_IT
def test_a_file_that_does_not_fit_leaves_the_whole_base(tmp_path: Path) -> None:
    LoRA(placement="attention").save(
        LoRA(placement="attention").build(tiny_model("bert")), tmp_path
    )
    config = tmp_path / "adapter_config.json"
    config.write_text(config.read_text().replace('"r": 8', '"r": 4'))
    model = tiny_model("bert")
    with pytest.raises(UserError, match="does not fit"):
        QLoRA().load(model, tmp_path)
    assert torch.equal(all_logits(model.network), all_logits(tiny_network("bert")))
