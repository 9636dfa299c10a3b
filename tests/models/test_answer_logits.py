import peft
import pytest
import torch

from playground.methods import METHODS
from playground.models.answer_logits import answer_logits, take_rows
from playground.models.families import Batch, Encoded, collate
from playground.models.kv_cache import without_cache
from tests.models.more import EVERY_CAUSAL, model_of
from tests.tiny import MASKED, SEQ2SEQ, tiny_model

ENCODED = [Encoded(tuple(range(5, 12)), (6,)), Encoded((9, 8, 7, 11), (1, 2, 3))]
BATCH = collate(ENCODED, pad_id=0)
ANSWERED = [Encoded(tuple(range(5, 12)), (1,), (0, 9)), Encoded((9, 8), (1, 2, 3), (0, 7, 6, 5))]


def whole(network: torch.nn.Module, batch: Batch = BATCH) -> torch.Tensor:
    """The rows of the plain forward's logits."""
    with torch.no_grad():
        return take_rows(network(**batch.inputs()).logits, batch.rows)


@pytest.mark.parametrize("name", [*EVERY_CAUSAL, *MASKED])
def test_answer_rows_equal_the_rows_of_the_whole_output(name):
    network = model_of(name).network

    with torch.no_grad():
        logits = answer_logits(network, BATCH)

    assert logits.shape[:2] == BATCH.rows.shape
    assert (logits - whole(network)).abs().max() <= 1e-6 * whole(network).abs().max()


@pytest.mark.parametrize("name", SEQ2SEQ)
@pytest.mark.parametrize("method", [None, "soft_prompt", "lora"])
def test_answer_rows_are_counted_in_the_decoder_where_there_is_one(name, method):
    model, batch = tiny_model(name), collate(ANSWERED, pad_id=0)
    network = METHODS[method]().build(model) if method else model.network

    with torch.no_grad():
        logits = answer_logits(network, batch)

    assert logits.shape[:2] == batch.rows.shape
    assert (logits - whole(network, batch)).abs().max() <= 1e-6 * logits.abs().max()


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_the_head_of_a_decoder_runs_on_the_answer_rows_alone(name):
    network, seen = tiny_model(name).network, []
    without_cache(network)  # what it takes is tried out once
    network.lm_head.register_forward_hook(
        lambda module, inputs, output: seen.append(output.shape[1])
    )

    answer_logits(network, collate([Encoded((5, 6), (1,), (0, 9, 7))], pad_id=0))

    assert seen == [1]


def test_a_network_inside_a_peft_model_is_found():
    network = tiny_model("llama").network
    wrapped = peft.get_peft_model(network, peft.LoraConfig(task_type="CAUSAL_LM", r=2))

    with torch.no_grad():
        assert torch.allclose(answer_logits(wrapped, BATCH), whole(wrapped), atol=1e-5)


def test_the_head_runs_on_the_answer_rows_alone():
    network, seen = tiny_model("gpt2").network, []
    without_cache(network)  # what it takes is tried out once
    handle = network.lm_head.register_forward_hook(
        lambda module, inputs, output: seen.append(output.shape[1])
    )

    answer_logits(network, BATCH)
    handle.remove()

    assert seen == [BATCH.rows.shape[1]]


@pytest.mark.parametrize("name", ["bert", "distilbert"])
def test_tuple_outputs_are_read_too(name):
    network = tiny_model(name).network
    expected = whole(network)
    network.config.return_dict = False

    with torch.no_grad():
        assert torch.allclose(answer_logits(network, BATCH), expected, atol=1e-5)


def test_no_hook_is_left_behind_after_an_error():
    network = tiny_model("gpt2").network
    bad = collate([Encoded((1, 2), (7,))], pad_id=0)

    with pytest.raises(RuntimeError):
        answer_logits(network, bad)

    assert not network._forward_hooks
    assert not network.transformer._forward_hooks


def test_gradients_flow_through_the_gathered_rows():
    network = tiny_model("gpt2").network.requires_grad_(True)

    answer_logits(network, BATCH).sum().backward()

    assert network.transformer.wte.weight.grad.abs().sum() > 0
