"""The nearest words of a soft prompt are those it was made of, when it was made of words."""

from dataclasses import replace

import pytest
import torch

from playground import interpret, methods
from playground.interpret.nearest_words import nearest
from playground.interpret.seen import Opened, Seen
from playground.methods import Value
from tests.tiny import tiny_model
from tests.training.toy import TASK


def look(settings: dict[str, Value], architecture: str = "llama", scale: float = 1.0) -> Seen:
    model = tiny_model(architecture)
    torch.manual_seed(0)
    network = methods.create("soft_prompt", settings).build(model)
    with torch.no_grad():
        network.soft_prompt.prompt_embeddings.mul_(scale)
    opened = Opened(model, network, "soft_prompt", TASK)
    return interpret.create("nearest_words", {"words": 3}).look(opened)


@pytest.mark.parametrize("architecture", ["llama", "gemma", "bert"])
def test_a_prompt_of_words_is_read_back(architecture: str) -> None:
    seen = look({"start": "text", "text": " good bad film", "length": 3}, architecture)

    tokens = tiny_model(architecture).tokens(" good bad film")
    words = tiny_model(architecture).pieces(tokens)
    assert [row[3] for row in seen.rows] == list(words[:3])
    assert [row[1] for row in seen.rows] == pytest.approx([1.0] * 3, abs=1e-4)
    assert "3 of them are nearer than any of those" in seen.answer
    assert "cosine similarity of 1.00" in seen.answer


def test_length_is_told_beside_direction() -> None:
    plain, long = (look({"start": "vocabulary"}, scale=scale) for scale in (1.0, 10.0))

    assert [row[1] for row in plain.rows] == pytest.approx([row[1] for row in long.rows])
    assert [10 * row[2] for row in plain.rows] == pytest.approx([row[2] for row in long.rows], 1e-2)


def test_random_vectors_are_said_to_be_no_words() -> None:
    seen = look({"start": "random", "length": 8})
    near, control = (float(part.split()[0].rstrip(";.")) for part in _figures(seen.answer))

    assert near == pytest.approx(control, abs=0.1)


def test_the_nearest_are_those_of_the_smallest_angle() -> None:
    table = torch.tensor([[1.0, 0.0], [0.0, 5.0], [-3.0, 0.0], [0.0, 0.0]])
    likeness, ids = nearest(torch.tensor([[2.0, 0.0], [1.0, 1.1]]), table, 9)

    assert ids[:, 0].tolist() == [0, 1]
    assert likeness[0].tolist() == pytest.approx([1.0, 0.0, 0.0, -1.0])


@pytest.mark.parametrize("row", [-1, 1])
def test_specials_and_padding_of_the_table_are_no_words(row: int) -> None:
    model = tiny_model("llama")
    model.network.resize_token_embeddings(len(model.tokenizer) + 8)
    network = methods.create("soft_prompt", {"length": 1}).build(model)
    with torch.no_grad():
        rows = model.network.get_input_embeddings().weight
        network.soft_prompt.prompt_embeddings.copy_(rows[row])
    opened = Opened(model, network, "soft_prompt", TASK)

    seen = interpret.create("nearest_words", {}).look(replace(opened))
    assert seen.rows[0][1] < 0.999


def _figures(answer: str) -> tuple[str, str]:
    """What stands after both figures' words."""
    return answer.split("similarity of ")[1], answer.split("come to ")[1]
