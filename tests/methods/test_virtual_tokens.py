"""Prepended embeddings, whatever made them: each row's own, and read by an encoder once."""

import pytest
import torch
from transformers.modeling_outputs import BaseModelOutput

from playground.methods.soft_prompt import SoftPrompt
from tests.methods.cases import WORDS, logits
from tests.methods.test_soft_prompt import HARD, with_rows_of
from tests.tiny import ARCHITECTURES, SEQ2SEQ, tiny_model


@pytest.mark.parametrize("architecture", SEQ2SEQ)
def test_what_an_encoder_has_read_has_the_vectors_in_it(architecture: str) -> None:
    network, count = with_rows_of(HARD, architecture), len(HARD)
    text, decoder = torch.tensor([[90, 91, 92]]), torch.tensor([[0, 60, 61]])
    with torch.no_grad():
        whole = network(input_ids=text, decoder_input_ids=decoder)
        again = network(
            encoder_outputs=BaseModelOutput(last_hidden_state=whole.encoder_last_hidden_state),
            attention_mask=torch.ones(1, count + 3, dtype=torch.long),
            decoder_input_ids=decoder,
        )
    assert (again.logits - whole.logits).abs().max() <= 1e-6


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_rows_of_a_batch_may_have_vectors_of_their_own(architecture: str) -> None:
    networks = [with_rows_of(ids, architecture) for ids in (HARD, HARD[::-1])]
    apart = [logits(network) for network in networks]
    first, second = (network.soft_prompt.vectors().detach() for network in networks)
    networks[0].soft_prompt.rows = torch.stack([first, second, first])
    mixed = logits(networks[0])
    assert (mixed[[0, 2]] - apart[0][[0, 2]]).abs().max() <= 1e-6
    assert (mixed[1] - apart[1][1]).abs().max() <= 1e-6


def test_vectors_start_on_the_scale_a_network_reads_them_on() -> None:
    """Gemma multiplies what it finds in its table by the root of its width, 4 here."""
    model = tiny_model("gemma")
    rows = SoftPrompt(length=3).build(model, WORDS).soft_prompt.prompt_embeddings
    assert torch.allclose(rows[1], 4 * model.network.get_input_embeddings().weight[70])
