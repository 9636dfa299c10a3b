"""What a model makes of a prompt before anything is asked. In the asking process; plain values in,
plain values out."""

from dataclasses import asdict, replace
from typing import Any

from playground.executors.compute_limit import bounded
from playground.inference.demonstrations import examples
from playground.models.chat import chat_frame, offers_chat
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.scoring import check_words, prompt_text
from playground.scoring.shown import SLOT
from playground.tasks.classification import Task

Values = dict[str, Any]


def preview(model: LanguageModel, values: Values) -> Values:
    """The prompt of one row and the label words, as the model reads them."""
    task = Task.from_json(values["task"])
    prompt = prompt_text(model, task, values["row"], examples(values))
    words = [asdict(word) for word in check_words(model, task)]
    seen = asdict(replace(prompt, spoken=()))
    del seen["spoken"]
    whole = f"{prompt.before} {SLOT}{prompt.after}"
    return {**seen, "text": whole, "words": words, "chat": offers_chat(model)}


def chat(values: Values) -> Values:
    """Nothing, where a model has a chat template that can be used; its weights are not needed."""
    with bounded(values["model"]):
        model = load(values["model"], empty=True)
    chat_frame(model)
    return {}
