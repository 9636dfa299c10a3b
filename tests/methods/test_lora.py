"""What is LoRA's own: counts, merging, and that peft and we open each other's files."""

from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.blocks import blocks, sizes
from playground.methods.lora import LoRA
from tests.methods.cases import all_logits, logits
from tests.tiny import ARCHITECTURES, CAUSAL, tiny_model, tiny_network

PLACEMENTS = ("attention", "feed-forward", "all linear")
EVERYWHERE = pytest.mark.parametrize("architecture", ARCHITECTURES)


def trained(architecture: str, method: LoRA) -> peft.PeftModel:
    """A LoRA whose B is no longer zero."""
    network = method.build(tiny_model(architecture))
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.copy_(torch.randn_like(parameter) / 5)
    return network


@EVERYWHERE
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_it_trains_rank_times_inputs_plus_outputs_of_each_matrix(
    architecture: str, placement: str
) -> None:
    method, plain = LoRA(rank=3, placement=placement), tiny_network(architecture)
    chosen = [plain.get_submodule(name) for name in method._chosen(plain)]
    network = method.build(tiny_model(architecture))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == sum(3 * sum(sizes(layer)) for layer in chosen)


def test_the_papers_count_for_query_and_value() -> None:
    """2 x adapted matrices x width x rank; BERT: 2 layers, query and value, width 16, rank 8."""
    network = LoRA(rank=8, placement="attention").build(tiny_model("bert"))
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == 2 * (2 * 2) * 16 * 8


@EVERYWHERE
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_folded_into_the_weights_it_answers_the_same(architecture: str, placement: str) -> None:
    network = trained(architecture, LoRA(rank=4, placement=placement))
    beside = all_logits(network)
    network.merge_adapter()
    merged = all_logits(network)
    network.unmerge_adapter()
    assert (merged - beside).abs().max() <= 1e-5
    assert (all_logits(network) - beside).abs().max() <= 1e-5
    assert (all_logits(network.merge_and_unload()) - beside).abs().max() <= 1e-5


@EVERYWHERE
def test_plain_peft_opens_what_we_save(architecture: str, tmp_path: Path) -> None:
    method = LoRA()
    network = trained(architecture, method)
    method.save(network, tmp_path)
    opened = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path)
    assert torch.equal(all_logits(opened), all_logits(network))
    assert opened.peft_config["default"].base_model_name_or_path == f"tiny/{architecture}"


@pytest.mark.parametrize(
    ("architecture", "variant"),
    [*((name, "plain") for name in ARCHITECTURES), ("gpt2", "use_rslora"), ("bert", "use_dora")],
)
def test_we_open_what_plain_peft_saved(architecture: str, variant: str, tmp_path: Path) -> None:
    kind = "CAUSAL_LM" if architecture in CAUSAL else "FEATURE_EXTRACTION"
    targets = LoRA(placement="attention")._chosen(tiny_network(architecture))
    config = peft.LoraConfig(
        task_type=kind,
        r=2,
        lora_alpha=5,
        target_modules=targets,
        init_lora_weights=False,
        fan_in_fan_out=architecture == "gpt2",
        use_rslora=variant == "use_rslora",
        use_dora=variant == "use_dora",
    )
    theirs = peft.get_peft_model(tiny_network(architecture), config).eval()
    theirs.save_pretrained(tmp_path)
    ours = LoRA().load(tiny_model(architecture), tmp_path)
    assert (all_logits(ours) - all_logits(theirs)).abs().max() <= 1e-6


@pytest.mark.parametrize(("setting", "value"), [("bias", "all"), ("modules_to_save", ["lm_head"])])
def test_a_lora_that_changes_more_than_its_layers_is_not_opened(
    setting: str, value: object, tmp_path: Path
) -> None:
    config = peft.LoraConfig(task_type="CAUSAL_LM", target_modules=["q_proj"], **{setting: value})
    peft.get_peft_model(tiny_network("llama"), config).save_pretrained(tmp_path)
    with pytest.raises(UserError, match=setting):
        LoRA().load(tiny_model("llama"), tmp_path)


def test_a_lora_of_another_model_is_refused_and_the_base_stays_usable(tmp_path: Path) -> None:
    LoRA(rank=2).save(trained("llama", LoRA(rank=2)), tmp_path)
    (tmp_path / "adapter_config.json").write_text(
        (tmp_path / "adapter_config.json").read_text().replace('"r": 2', '"r": 4')
    )
    model = tiny_model("llama")
    before = logits(model.network)
    with pytest.raises(UserError, match="does not fit this model"):
        LoRA().load(model, tmp_path)
    assert torch.equal(logits(model.network), before)
    assert not any("lora" in name for name, _ in model.network.named_modules())


def test_every_layer_of_every_block_is_adapted_by_default() -> None:
    plain = tiny_network("llama")
    assert len(LoRA()._chosen(plain)) == 7 * len(list(blocks(plain)))
