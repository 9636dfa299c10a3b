"""The script that makes a run again: the same losses and the same accuracy, in plain libraries."""

import re
import runpy
import sys
import zipfile
from dataclasses import replace

import pytest

from playground.errors import UserError
from playground.events import Evaluated, Step
from playground.executors.worker import run_events
from playground.reports.adapter_zip import export
from playground.reports.script import script
from playground.runs import log
from playground.runs.store import Store
from playground.tasks.classification import Task
from tests.chatting import save_chat
from tests.runs.making import TASK, start
from tests.tiny import save_tiny

pytestmark = pytest.mark.slow

# Words of several tokens, an instruction, and text behind the answer where the family can.
LONG_WORDS = {"pos": "very good", "neg": "a bad film"}
CAUSAL = Task("A review: {text}\nSentiment:", LONG_WORDS, "label", "Say what it is.")
MASKED = Task("{text} It was {answer}, all in all.", LONG_WORDS, "label", "Say what it is.")
CASES = (
    ("gpt2", "lora", {"rank": 2, "dropout": 0.1}, CAUSAL),
    ("bert", "lora", {"objective": "all words"}, MASKED),
    ("llama", "soft_prompt", {"length": 5}, CAUSAL),
    ("roberta", "soft_prompt", {"length": 5, "start": "random"}, MASKED),
    ("llama", "adapter", {"bottleneck": 4}, CAUSAL),
    ("distilbert", "adapter", {"placement": "pfeiffer"}, MASKED),
    ("gpt_neox", "prompt_based_fine_tuning", {}, TASK),
    ("t5", "lora", {"rank": 2}, CAUSAL),
    ("bart", "soft_prompt", {"length": 5}, CAUSAL),
    ("bart", "prompt_based_fine_tuning", {}, TASK),
    ("opt", "classifier_head", {}, CAUSAL),
    ("bert", "classifier_head", {}, MASKED),
    ("t5", "classifier_head", {}, CAUSAL),
    ("roberta", "linear_probe", {}, MASKED),
    ("bart", "linear_probe", {}, CAUSAL),
    ("opt", "bitfit", {}, CAUSAL),
    ("bert", "bitfit", {}, MASKED),
    ("llama", "sparse_fine_tuning", {"share": 0.02, "burn_in": 5}, CAUSAL),
    ("distilbert", "sparse_fine_tuning", {"share": 0.02, "mask": "random"}, MASKED),
    ("gpt2", "p_tuning", {"length": 5, "hidden": 6}, CAUSAL),
    ("distilbert", "p_tuning", {"length": 5, "hidden": 6, "encoder": "LSTM"}, MASKED),
    ("llama", "prefix_tuning", {"length": 5, "hidden": 6}, CAUSAL),
    ("bert", "prefix_tuning", {"length": 5, "reparametrise": False}, MASKED),
    ("bart", "prefix_tuning", {"length": 5, "hidden": 6}, CAUSAL),
    ("gpt_neox", "p_tuning_v2", {"length": 5}, CAUSAL),
    ("albert", "p_tuning_v2", {"length": 5, "start": "random"}, MASKED),
    ("gpt2", "lora", {"rank": 2, "dora": True, "rslora": True}, CAUSAL),
    ("gpt_neox", "ia3", {}, CAUSAL),
    ("bert", "layernorm_tuning", {}, MASKED),
    ("t5", "vera", {"rank": 16}, CAUSAL),
    ("llama", "adalora", {"rank": 2}, CAUSAL),
    ("gpt2", "qlora", {"rank": 2}, CAUSAL),
    ("bert", "parallel_adapter", {"bottleneck": 4, "non_linearity": "none"}, MASKED),
    ("llama", "lora", {"rank": 2}, replace(CAUSAL, chat=True)),
    ("llama", "linear_probe", {}, replace(CAUSAL, chat=True)),
)


@pytest.mark.parametrize(("name", "method", "settings", "task"), CASES)
def test_the_script_takes_the_steps_of_the_run(
    name, method, settings, task, tmp_path, monkeypatch, capsys
):
    model = (save_chat if task.chat else save_tiny)(name, tmp_path / name)
    store = Store(tmp_path / "home")
    more = {"steps": 6, "batch_size": 3, **settings}
    run_id = start(store, task=task, model=str(model), method=method, settings=more)
    folder = store.visible(run_id, "").folder
    writer = log.Writer(folder / "events.jsonl")
    for event in run_events(folder, "cpu"):
        writer.append(event)
    writer.close()
    with zipfile.ZipFile(export(store.visible(run_id, ""), store.home)) as archive:
        archive.extractall(tmp_path / "unzipped")

    monkeypatch.setattr(sys, "argv", ["reproduce.py", str(model)])
    capsys.readouterr()
    made = runpy.run_path(str(tmp_path / "unzipped" / "reproduce.py"), run_name="__main__")
    said = capsys.readouterr().out

    events = log.everything(folder)
    losses = [event.loss for event in events if isinstance(event, Step)]
    looks = [event for event in events if isinstance(event, Evaluated)]
    told = [float(loss) for loss in re.findall(r"loss (\S+)", said)]
    assert told == pytest.approx(losses, abs=1e-4)
    assert f"held-out accuracy {looks[-1].accuracy:.4f}" in said
    if "load_adapter" in made:
        tuned = made["load_adapter"](made["AUTO_CLASS"].from_pretrained(model))
        assert made["evaluate"](tuned, made["held_out"])[1] == pytest.approx(
            looks[-1].loss, abs=1e-4
        )


def test_there_is_no_script_before_the_run_has_learnt_anything(tmp_path):
    store = Store(tmp_path)
    record = store.visible(start(store, name="new"), "")

    with pytest.raises(UserError, match="'new' is queued"):
        script(record)
