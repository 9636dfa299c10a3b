"""What the asking process can be asked; each job takes plain values and gives plain values."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from playground import methods
from playground.executors.compute_limit import bounded
from playground.inference.demonstrations import shown_before
from playground.inference.jobs import latency, merging
from playground.inference.jobs import preview as preview_job
from playground.inference.jobs import tasks as task_jobs
from playground.inference.jobs.baseline import BaselineJob
from playground.methods import Method
from playground.models.classes import class_words, classes_of
from playground.models.devices import available_bytes, choose_device, device_name
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.models.memory import estimate
from playground.runs.fingerprint import fingerprint
from playground.scoring import PromptText, Scored, as_read, prompt_text, score, write
from playground.scoring.probe import probed
from playground.serving.shelf import Shelf
from playground.tasks.classification import Task

Values = dict[str, Any]
Progress = Callable[[int], None]
BYTES = 4  # of a trained number on disk
KEPT_SHARE = 0.5  # of the memory free at the start, that models kept warm may take
LENGTH = 256  # tokens of a text, for the estimate of memory before any text is known


class Answering:
    """Keeps base models warm, the longest unused one leaving first, and at most one adapter on.

    A run's adapter stays on its base until something else is asked, so that chunk after chunk of
    one arm loads it once; it is taken off, and the base is what it was, before anything else.
    """

    def __init__(self) -> None:
        self.device = choose_device()
        self._room = int(available_bytes(self.device) * KEPT_SHARE)
        self._models: OrderedDict[str, LanguageModel] = OrderedDict()
        self._tuned: Tuned | None = None
        self._shelf = Shelf()
        self._baseline = BaselineJob()

    def answers(self, values: Values, progress: Progress) -> Values:
        """The scores of one arm for some rows."""
        if values.get("taught"):
            return self._baseline.answers(values)
        task, given = _task(values), shown_before(values)
        model, network = self._network(values)
        return _plain(score(model, network, task, values["rows"], given, progress), model)

    def say(self, values: Values, progress: Progress) -> Values:
        """`answers` for a single row, with the prompt as sent and what the model would write."""
        if values.get("taught"):
            return self._baseline.say(values)
        task, given, (row,) = _task(values), shown_before(values), values["rows"]
        model, network = self._network(values)
        scored = score(model, network, task, [row], given, progress)
        prompt = prompt_text(model, task, row, given, network)
        return {
            **_plain(scored, model),
            **_shown(model, network, prompt),
        }

    def preview(self, values: Values, progress: Progress) -> Values:
        """The prompt of one row and the label words, as the base reads them."""
        return preview_job.preview(self.base(values["model"]), values)

    def chat(self, values: Values, progress: Progress) -> Values:
        """Nothing, where a model has a chat template that can be used."""
        return preview_job.chat(values)

    def describe(self, values: Values, progress: Progress) -> Values:
        """What a method costs on a model, counted on one without weights."""
        with bounded(values["model"]):
            model = load(values["model"], empty=True)
        parameters = _count(model.network, trainable=False)
        method = methods.create(values["method"], values["settings"])
        if refused := method.refuse(model):
            cost = {"trainable": 0, "share": 0.0, "bytes_per_task": 0, "parameters": parameters}
            return {**cost, "memory": {}, "refused": refused}
        labels = _task(values).labels if values.get("task") else None
        words = class_words(labels, labels) if labels else None  # their number is all that counts
        network = method.build(model, words)
        trainable = _count(network, trainable=True)
        kept = (
            method.saved_parameters(network) if hasattr(method, "saved_parameters") else trainable
        )
        length = min(model.max_length, LENGTH)
        memory = estimate(model, trainable, method.batch_size, length, self.device)
        return {
            "trainable": trainable,
            "share": trainable / parameters,
            "bytes_per_task": kept * BYTES,
            "parameters": parameters,
            "memory": asdict(memory),
            "refused": "",
        }

    def tasks(self, values: Values, progress: Progress) -> Values:
        """One row for each of several runs, all in one batch on their common base."""
        return task_jobs.answers(self.base(values["model"]), self._shelf, values)

    def time_tasks(self, values: Values, progress: Progress) -> Values:
        """How long that takes against asking the runs one after the other."""
        return task_jobs.times(self.base(values["model"]), self._shelf, values)

    def time_answers(self, values: Values, progress: Progress) -> Values:
        """How long one answer of some runs takes, and one of the full copy they stand for."""
        return latency.times(self.base(values["model"]), values, progress)

    def merge(self, values: Values, progress: Progress) -> Values:
        """A run folded into a copy of its base, written into a folder."""
        return merging.merge(values)

    def machine(self, values: Values, progress: Progress) -> Values:
        """Where models run."""
        return {"device": device_name(self.device), "available": available_bytes(self.device)}

    def base(self, name: str) -> LanguageModel:
        """The model as it is without any adapter, loaded if need be."""
        self._untune()
        key = f"{name} {fingerprint(name)}"
        if key not in self._models:
            self._models[key] = _loaded(name, self.device)
            while len(self._models) > 1 and sum(map(_bytes, self._models.values())) > self._room:
                self._models.popitem(last=False)
        self._models.move_to_end(key)
        return self._models[key]

    def _network(self, values: Values) -> tuple[LanguageModel, torch.nn.Module]:
        """The model of an arm, and the network to ask: with the run's adapter where it has one."""
        run, name = values["run"], values["model"]
        if run is None:
            model = self.base(name)
            return model, model.network
        if self._tuned is None or self._tuned.content != (run["id"], run["content"]):
            self._tune(self.base(name), run)
        return self._tuned.model, self._tuned.network

    def _tune(self, model: LanguageModel, run: Values) -> None:
        method = methods.create(run["method"], run["settings"])
        key, _ = self._models.popitem()  # not kept if loading fails half-way: it may be changed
        network = method.load(model, Path(run["folder"]))
        self._models[key] = model
        self._tuned = Tuned((run["id"], run["content"]), model, method, network)

    def _untune(self) -> None:
        if self._tuned is not None:
            self._tuned.method.remove(self._tuned.network)
            self._tuned = None


@dataclass(frozen=True)
class Tuned:
    """A run's adapter on its base. content: which run, and the hash of its adapter."""

    content: tuple[str, str]
    model: LanguageModel
    method: Method
    network: torch.nn.Module


def _shown(model: LanguageModel, network: torch.nn.Module, prompt: PromptText) -> Values:
    """The prompt as a person reads it, and what the model would write by itself."""
    if classes_of(network) is not None:
        return {"prompt": prompt.before, "written": ""}  # no gap to fill, no words to write
    shown = as_read(model, prompt.before, prompt.after)
    written = write(model, network, prompt.spoken or prompt.before) if model.family.writes else ""
    return {"prompt": shown, "written": written}


def _loaded(name: str, device: torch.device) -> LanguageModel:
    """The model, once tried; what is to be said about it goes to the log, as a run says it."""
    with bounded(name):
        model = load(name, device)
        for said in probed(model):
            print(said, flush=True)
    return model


def _task(values: Values) -> Task:
    return Task.from_json(values["task"])


def _plain(scored: Scored, model: LanguageModel) -> Values:
    return {**asdict(scored), "parameters": _count(model.network, trainable=False)}


def _count(network: torch.nn.Module, trainable: bool) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad or not trainable)


def _bytes(model: LanguageModel) -> int:
    return sum(p.numel() * p.itemsize for p in model.network.parameters())
