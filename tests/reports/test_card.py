"""What the card of an exported run says of its task."""

import dataclasses
import json

import pytest

from playground.reports.card import card
from playground.runs.store import Store, read_examples
from playground.tasks.classification import Task
from tests.runs.making import TASK, happened, start, started, stopped


@pytest.fixture
def written(tmp_path):
    """The card of a run whose adapter says this of itself."""
    store = Store(tmp_path)

    def write(method: str, task: Task = TASK, **config: object) -> str:
        run_id = start(store, method=method, task=task)
        folder = store.visible(run_id, "").folder
        (folder / "adapter").mkdir()
        (folder / "adapter" / "adapter_config.json").write_text(json.dumps(config))
        (folder / "adapter" / "adapter_model.safetensors").write_text("weights")
        (folder / "facts.json").write_text('{"family": "causal", "plan": {"learning_rate": 0.5}}')
        happened(folder, started(), stopped(4))
        return card(store.visible(run_id, ""), tmp_path, *read_examples(folder))

    return write


def test_a_prompt_is_told_with_its_words(written):
    said = written("lora", peft_type="LORA")

    assert TASK.template in said
    assert "| pos | positive |" in said


def test_a_prompt_through_the_chat_template_is_told(written):
    spoken = written("lora", dataclasses.replace(TASK, chat=True), peft_type="LORA")

    assert "sent through the chat template of the base model" in spoken
    assert "chat template" not in written("lora", peft_type="LORA")


def test_a_classifier_head_is_told_with_its_outputs_in_order(written):
    said = written("linear_probe", peft_type="PLAYGROUND_LINEAR_PROBE", classes=["neg", "pos"])

    assert "The text alone goes in (`text`). The head's outputs, in order:" in said
    assert "\n\n1. `neg`\n2. `pos`\n" in said
    assert "label word" not in said
    assert TASK.template not in said
    assert "load_adapter" in said
