"""What is AdaLoRA's own: its count, its budget, its regulariser, and its files."""

from pathlib import Path

import peft
import pytest
import torch

from playground.errors import UserError
from playground.methods.adalora import AdaLoRA
from playground.methods.common.blocks import sizes
from playground.methods.common.hooks import hooks_of
from playground.methods.common.peft_layers import chosen_layers
from playground.methods.common.rank_allocation import branch_parameters, singular_values
from playground.models.answer_logits import answer_logits
from tests.methods.cases import GOLD, LINEAR_KINDS, all_logits, batch_of
from tests.tiny import tiny_model, tiny_network

STEPS = 12
METHOD = AdaLoRA(rank=4, steps=STEPS, learning_rate=2e-2)


def built(architecture: str, method: AdaLoRA = METHOD) -> peft.PeftModel:
    torch.manual_seed(0)
    return method.build(tiny_model(architecture))


def loss(network: torch.nn.Module) -> torch.Tensor:
    scores = answer_logits(network, batch_of()).log_softmax(-1)
    return -scores.gather(-1, GOLD[..., None]).mean()


def run(network: peft.PeftModel, steps: range) -> peft.PeftModel:
    weights = [one for one in network.parameters() if one.requires_grad]
    optimiser = torch.optim.SGD(weights, lr=1.0)  # no memory of its own
    for step in steps:
        loss(network).backward()
        optimiser.step()
        hooks_of(network).updated(step, STEPS)
        optimiser.zero_grad()
    return network


def kept(network: peft.PeftModel) -> dict[str, list[bool]]:
    return {name: (e != 0).flatten().tolist() for name, e in singular_values(network)}


@pytest.mark.parametrize("architecture", LINEAR_KINDS)
def test_it_trains_one_and_a_half_ranks_of_each_matrix(architecture: str) -> None:
    plain = tiny_network(architecture)
    layers = [plain.get_submodule(name) for name in chosen_layers(plain, "all linear")]
    network = built(architecture)
    found = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert found == sum(6 * (sum(sizes(layer)) + 1) for layer in layers)


def test_the_budget_falls_to_the_rank_and_stays_there() -> None:
    network, counts = built("llama"), []
    layers = len(list(singular_values(network)))
    for step in range(1, STEPS + 1):
        run(network, range(step, step + 1))
        counts.append(sum(map(sum, kept(network).values())))
    assert counts[0] == 6 * layers
    assert counts[:6] == sorted(counts[:6], reverse=True)
    assert set(counts[5:]) == {4 * layers}
    widths = {sum(flags) for flags in kept(network).values()}
    assert len(widths) > 1, "every layer got the same width"


def test_what_is_dropped_when_the_budget_is_final_stays_dropped() -> None:
    network = run(built("llama"), range(1, 7))
    final = kept(network)
    assert kept(run(network, range(7, STEPS + 1))) == final


@pytest.mark.parametrize("interrupted", [3, 6, 9])
def test_a_run_that_goes_on_drops_the_same_directions(interrupted: int) -> None:
    """Before, at and after the update at which the budget becomes final."""
    whole = run(built("llama"), range(1, STEPS + 1))
    first, second = run(built("llama"), range(1, interrupted + 1)), built("llama")
    with torch.no_grad():
        for (_, old), (_, new) in zip(
            branch_parameters(first), branch_parameters(second), strict=True
        ):
            new.copy_(old)
        for name, tensor in hooks_of(second).state.items():
            tensor.copy_(hooks_of(first).state[name])
    run(second, range(interrupted + 1, STEPS + 1))
    for (name, one), (_, other) in zip(
        branch_parameters(whole), branch_parameters(second), strict=True
    ):
        assert torch.equal(one, other), name


@pytest.mark.parametrize("architecture", ["gpt2", "llama", "bert"])
def test_the_file_holds_what_was_kept_and_both_open_it(architecture: str, tmp_path: Path) -> None:
    network = run(built(architecture), range(1, STEPS + 1))
    METHOD.save(network, tmp_path)
    opened = peft.PeftModel.from_pretrained(tiny_network(architecture), tmp_path)
    ours = AdaLoRA().load(tiny_model(architecture), tmp_path)
    widths = {name: len(e) for name, e in singular_values(ours)}
    assert widths == {name: sum(flags) for name, flags in kept(network).items()}
    base = all_logits(tiny_network(architecture))
    assert (all_logits(network) - base).abs().max() > 1e-4
    for other in (opened, ours, METHOD.merge(network)):
        assert (all_logits(other) - all_logits(network)).abs().max() <= 1e-5


def test_the_pull_is_the_gradient_of_the_term_that_peft_adds_to_its_loss() -> None:
    """Ours against peft's own, on a matrix of each shape; the rest of the gradient taken off."""
    pulled, plain = (built("llama", AdaLoRA(orthogonality=w)) for w in (0.3, 0.0))
    for network in (pulled, plain):
        loss(network).backward()
    theirs = peft.get_peft_model(tiny_network("llama"), pulled.peft_config["default"])
    with torch.no_grad():
        for (_, old), (_, new) in zip(
            branch_parameters(pulled), branch_parameters(theirs), strict=True
        ):
            new.copy_(old)
    ids = batch_of().input_ids
    whole = theirs(input_ids=ids, labels=ids).loss
    (whole - theirs.base_model.model(input_ids=ids, labels=ids).loss).backward()
    gradients = zip(
        branch_parameters(pulled), branch_parameters(plain), branch_parameters(theirs), strict=True
    )
    for (name, one), (_, without), (_, term) in gradients:
        if ".lora_E." not in name:
            assert term.grad.abs().max() > 0
            assert torch.allclose(one.grad - without.grad, term.grad, atol=1e-6), name


def test_two_halves_of_a_batch_are_pulled_once() -> None:
    network = built("llama", AdaLoRA(orthogonality=0.3))
    (loss(network) / 2).backward()
    (loss(network) / 2).backward()
    halves = {name: one.grad.clone() for name, one in branch_parameters(network)}
    network.zero_grad()
    loss(network).backward()
    for name, one in branch_parameters(network):
        assert torch.allclose(one.grad, halves[name], atol=1e-6), name


def test_widths_that_do_not_fit_are_a_sentence_and_the_base_stays_usable(tmp_path: Path) -> None:
    METHOD.save(run(built("llama"), range(1, STEPS + 1)), tmp_path)
    config = tmp_path / "adapter_config.json"
    config.write_text(config.read_text().replace("q_proj.lora_E", "elsewhere.lora_E"))
    model = tiny_model("llama")
    before = all_logits(model.network)
    with pytest.raises(UserError, match="rank_pattern"):
        AdaLoRA().load(model, tmp_path)
    assert torch.equal(all_logits(model.network), before)
