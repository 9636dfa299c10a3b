"""What stays in the worker's memory between requests: base models, adapters, a fitted baseline."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from playground import methods
from playground.data.nearest import Nearest
from playground.evaluation.baselines.tfidf import Baseline
from playground.executors.compute_limit import bounded
from playground.inference.latest import Latest
from playground.inference.requests import RunAdapter
from playground.methods import Method
from playground.models.devices import available_bytes, choose_device
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.runs.fingerprint import fingerprint
from playground.scoring.probe import probed
from playground.serving.shelf import Shelf

Progress = Callable[[int], None]  # hears how many rows of a request are done
KEPT_SHARE = 0.5  # of the memory free at the start, that models kept warm may take


class Resident:
    """Keeps base models warm, the longest unused one leaving first, and at most one adapter on.

    A run's adapter stays on its base until something else is asked, so that chunk after chunk of
    one arm loads it once; it is taken off, and the base is what it was, before anything else.

    adapters: of mixed batches, which share a base. baseline, nearest: what was fitted or indexed
    last, for the chunks of one arm.
    """

    def __init__(self) -> None:
        self.device = choose_device()
        self.adapters = Shelf()
        self.baseline: Latest[Baseline] = Latest()
        self.nearest: Latest[Nearest] = Latest()
        self._room = int(available_bytes(self.device) * KEPT_SHARE)
        self._models: OrderedDict[str, LanguageModel] = OrderedDict()
        self._tuned: Tuned | None = None

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

    def network(
        self, name: str, adapter: RunAdapter | None
    ) -> tuple[LanguageModel, torch.nn.Module]:
        """The model, and the network to ask: with the run's adapter where there is one."""
        if adapter is None:
            model = self.base(name)
            return model, model.network
        tuned = self._tuned
        if tuned is None or tuned.adapter != adapter or tuned.name != name:
            self._tuned = tuned = self._tune(name, adapter)
        return tuned.model, tuned.network

    def _tune(self, name: str, adapter: RunAdapter) -> "Tuned":
        model = self.base(name)
        method = methods.create(adapter.method, adapter.settings)
        key, _ = self._models.popitem()  # not kept if loading fails half-way: it may be changed
        network = method.load(model, Path(adapter.folder))
        self._models[key] = model
        return Tuned(name, adapter, model, method, network)

    def _untune(self) -> None:
        if self._tuned is not None:
            self._tuned.method.remove(self._tuned.network)
            self._tuned = None


@dataclass(frozen=True)
class Tuned:
    """A run's adapter on its base, which has this name."""

    name: str
    adapter: RunAdapter
    model: LanguageModel
    method: Method
    network: torch.nn.Module


def count_parameters(network: torch.nn.Module, trainable: bool = False) -> int:
    """All of them, or those that train."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad or not trainable)


def _loaded(name: str, device: torch.device) -> LanguageModel:
    """The model, once tried; what is to be said about it goes to the log, as a run says it."""
    with bounded(name):
        model = load(name, device)
        for notice in probed(model):
            print(notice, flush=True)
    return model


def _bytes(model: LanguageModel) -> int:
    return sum(p.numel() * p.itemsize for p in model.network.parameters())
