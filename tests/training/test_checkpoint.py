"""What was kept before this version goes on as it would have then."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.events import Started, Step
from playground.optim import checkpoint
from playground.optim.checkpoint import State, Unfit
from playground.training.checkpoint import Position
from tests.training.toy import PLAN, Toy

KEPT = Path(__file__).parent / "kept"  # after 5 of 12 steps, with the losses and rates of all


def test_a_state_that_an_earlier_version_kept_goes_on_to_the_same_curve(tmp_path: Path) -> None:
    shutil.copy(KEPT / "state.safetensors", tmp_path)
    plan = replace(PLAN, checkpoint=tmp_path, weight_decay=0.01)

    events = list(Toy(settings={"rank": 2}).train(plan))

    assert next(event for event in events if isinstance(event, Started)).resumed_from == 5
    steps = [(event.loss, event.learning_rate) for event in events if isinstance(event, Step)]
    losses, rates = zip(*json.loads((KEPT / "curve.json").read_text())[5:], strict=True)
    assert [rate for _, rate in steps] == list(rates)
    assert [loss for loss, _ in steps] == pytest.approx(losses, rel=1e-6)  # another CPU rounds so


@pytest.mark.parametrize("rank", [1, 3])
def test_a_state_of_another_size_is_refused(rank: int, tmp_path: Path) -> None:
    shutil.copy(KEPT / "state.safetensors", tmp_path)
    toy = Toy(settings={"rank": rank})

    with pytest.raises(UserError, match="does not fit"):
        list(toy.train(replace(PLAN, checkpoint=tmp_path)))


def test_a_state_is_on_the_disk_before_it_takes_the_place_of_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = torch.nn.Parameter(torch.ones(3))
    happened: list[str] = []
    monkeypatch.setattr("os.fsync", lambda file: happened.append("on disk"))
    replace_file = os.replace
    monkeypatch.setattr(
        "os.replace", lambda *paths: (happened.append("replaced"), replace_file(*paths))
    )

    state = State({"w": weight}, torch.optim.AdamW([weight]))
    checkpoint.write(tmp_path / "state", Position("float32", 4, step=2), state)

    assert happened == ["on disk", "replaced"]
    assert checkpoint.read_position(tmp_path / "state", Position) == Position("float32", 4, step=2)


def test_a_state_of_nothing_known_changes_no_weight(tmp_path: Path) -> None:
    weight = torch.nn.Parameter(torch.ones(3))
    state = State({"other": weight}, torch.optim.AdamW([weight]))

    with pytest.raises(Unfit):
        checkpoint.restore(KEPT / "state.safetensors", state)
    assert weight.tolist() == [1.0, 1.0, 1.0]
