"""Which examples make up a step's batch."""

import random

import pytest

from playground.models.answer_words import AnswerWords
from playground.models.families import Encoded
from playground.training.batches import Batches, epoch_order

WORDS = AnswerWords(("good", "bad"), ((60,), (70,)))
LENGTHS = [random.Random(index).randint(5, 60) for index in range(203)]


def batches(size: int = 8, seed: int = 0) -> Batches:
    encoded = tuple(Encoded((1,) * length, (length - 1,)) for length in LENGTHS)
    return Batches(encoded, (0,) * len(LENGTHS), WORDS, pad_id=0, size=size, seed=seed)


@pytest.mark.parametrize("size", [1, 8, 64, 500])
def test_an_epoch_has_every_example_once(size: int) -> None:
    found = epoch_order(LENGTHS, size, random.Random(0))
    assert sorted(index for batch in found for index in batch) == list(range(len(LENGTHS)))
    assert all(len(batch) <= size for batch in found)


def test_a_steps_batch_depends_on_step_and_seed_alone() -> None:
    per_epoch = 26  # 203 examples in batches of 8
    first, again, other = batches(), batches(), batches(seed=1)
    steps = range(1, 2 * per_epoch + 1)
    assert [first.of_step(s) for s in reversed(steps)] == [
        again.of_step(s) for s in reversed(steps)
    ]
    assert first.of_step(1) != other.of_step(1)
    epochs = [first.of_step(s) for s in steps]
    assert epochs[:per_epoch] != epochs[per_epoch:]
    for start in (0, per_epoch):
        seen = [index for batch in epochs[start : start + per_epoch] for index in batch]
        assert sorted(seen) == list(range(len(LENGTHS)))


def test_batches_of_like_length_waste_little_on_padding() -> None:
    found = epoch_order(LENGTHS, 8, random.Random(0))
    padded = sum(len(batch) * max(LENGTHS[index] for index in batch) for batch in found)
    assert padded < 1.15 * sum(LENGTHS)


def test_the_length_does_not_decide_when_an_example_comes() -> None:
    means = [
        sum(LENGTHS[index] for index in batch) / len(batch)
        for batch in epoch_order(LENGTHS, 8, random.Random(0))
    ]
    assert means != sorted(means)
    assert means != sorted(means, reverse=True)
