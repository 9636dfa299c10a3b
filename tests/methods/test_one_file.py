"""A method is one file: put into a folder on the package's path, it is in the menu, obeys every law
and has its rows in the tables, without an edit anywhere else."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from playground import methods
from playground.methods.cards import cards, checked
from playground.methods.common.rates import swept
from tests.benchmarks import methods_readme
from tests.methods.cases import Case, logits
from tests.methods.laws import broken
from tests.methods.living import life
from tests.tiny import FAST, tiny_model

NAME = "final_norm"
FILE = '''
"""Final norm: only the last normalisation layer trains."""

from dataclasses import dataclass

import peft

from playground.methods import setting
from playground.methods.common.peft_layers import Tuner
from playground.methods.common.saving import task_type
from playground.methods.layernorm_tuning import chosen_norms


@dataclass(frozen=True)
class FinalNorm(Tuner):
    """Only the last layer norm trains, which rescales what the output head reads."""

    title = "Final norm"
    paper = "https://arxiv.org/abs/2312.11420"
    weight_decay = 0.0
    schedule = "linear"
    starts_as_base = True
    merges = True
    kind = peft.LNTuningConfig

    learning_rate: float = setting(3e-2, "Learning rate at its peak", low=1e-6, high=1)
    steps: int = setting(160, "Optimizer steps, each on one batch", low=1, high=5000)
    batch_size: int = setting(8, "Training examples per step", low=1, high=256)

    def refuse(self, model):
        return None if chosen_norms(model.network) else f"{model.id} has no norm. Try LoRA."

    def config(self, model):
        last = chosen_norms(model.network)[-1]
        return peft.LNTuningConfig(target_modules=[last], task_type=task_type(model))


METHOD = FinalNorm
'''


@pytest.fixture
def new_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / f"{NAME}.py").write_text(FILE.lstrip(), encoding="utf-8")
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    cards.cache_clear()
    yield NAME
    cards.cache_clear()
    sys.modules.pop(f"{methods.__name__}.{NAME}", None)


@pytest.mark.parametrize("architecture", FAST)
def test_a_new_file_obeys_every_law(new_method: str, architecture: str, tmp_path: Path) -> None:
    case, home = Case(new_method, (), architecture), tmp_path / "saved"
    lived = life(case, home)
    assert broken(case, lived) == {}
    assert torch.equal(logits(case.method.load(tiny_model(architecture), home)), lived.logits)


def test_a_new_file_has_its_card_and_its_rows(new_method: str) -> None:
    assert cards()[new_method].title == methods.METHODS[new_method].title == "Final norm"
    assert checked(new_method, {})["steps"] == 160
    assert swept(new_method).rates == {}
    rows = [f"{methods_readme.methods()}\n{methods_readme.costs()}".splitlines()]
    assert sum("Final norm" in line for lines in rows for line in lines) == 2
