"""A run folder written before the rooms were moved opens, and its adapter answers as it did."""

import shutil
from pathlib import Path

import pytest
import torch

from playground import limits, methods
from playground.events import Evaluated, Step
from playground.models.loading import load
from playground.runs import log
from playground.runs.record import Record
from playground.runs.store import Store, read_examples
from playground.training.evaluating import accuracy_and_loss, subset

KEPT = Path(__file__).parent / "kept"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    shutil.copytree(KEPT, tmp_path / "runs")
    (found,) = Store(tmp_path).own("")
    return found


def test_it_is_listed_as_it_ended(record: Record) -> None:
    steps = [event for event in log.everything(record.folder) if isinstance(event, Step)]

    assert (record.status, record.name, record.spec.method) == ("finished", "A kept run", "lora")
    assert [step.step for step in steps] == [1, 2, 3, 4, 5, 6]


@pytest.mark.slow
def test_its_adapter_gives_the_accuracy_and_the_loss_of_its_last_look(record: Record) -> None:
    looks = [event for event in log.everything(record.folder) if isinstance(event, Evaluated)]
    _, held_out = read_examples(record.folder)
    asked = subset(held_out, limits.LIVE_HELD_OUT, record.spec.seed)
    model = load(record.spec.model, torch.device("cpu"))
    network = methods.create("lora", record.settings).load(model, record.folder / "adapter")

    found, _ = accuracy_and_loss(model, network, record.spec.task, asked, "label words")

    assert found.n == looks[-1].n
    assert found.accuracy == looks[-1].accuracy
    assert found.loss == pytest.approx(looks[-1].loss, abs=1e-4)
