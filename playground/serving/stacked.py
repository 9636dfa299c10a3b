"""The changes of one kind at one layer of the base, for the rows of a batch that use them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch.utils.hooks import RemovableHandle

from playground.models.language_model import LanguageModel
from playground.serving.changes import Change, Stack
from playground.serving.injection import Injection

Users = Sequence[int | None]  # per row, the number of the injection it uses; None: the base alone
Inputs = tuple[torch.Tensor, ...]  # what a layer is called with


class NotByRow(Exception):
    """A layer is given something all rows share (DeBERTa's relative positions): such a model
    answers rows of different adapters one by one."""


@dataclass(frozen=True)
class Stacked:
    """numbers: which place of the stack belongs to an injection of the batch."""

    layer: torch.nn.Module
    stack: Stack
    numbers: Mapping[int, int]

    def attach(self, users: Users, length: int) -> RemovableHandle | None:
        """Change the layer for its rows until the handle is removed; None where it has none.
        length: of the batch's rows, for layers that are given all positions in one."""
        places = {
            row: self.numbers[user]
            for row, user in enumerate(users)
            if user is not None and user in self.numbers
        }
        if not places:
            return None
        device = next(self.layer.parameters()).device
        which, rows = (torch.tensor([*part], device=device) for part in (places.values(), places))
        at = OwnRows(self.stack, which, rows, len(users), length)
        if self.stack.before:
            return self.layer.register_forward_pre_hook(at.before)
        return self.layer.register_forward_hook(at.after)


@dataclass(frozen=True)
class OwnRows:
    """A stack at work. which: (rows,) places in it; rows: (rows,) places in the batch."""

    stack: Stack
    which: torch.Tensor
    rows: torch.Tensor
    batch: int
    length: int

    def before(self, layer: torch.nn.Module, inputs: Inputs) -> Inputs:
        given = self._by_row(inputs[0])
        own = self._own(given)
        changed = self.stack((own, own), self.which)
        return (self._put(given, changed).reshape(inputs[0].shape), *inputs[1:])

    def after(self, layer: torch.nn.Module, inputs: Inputs, output: torch.Tensor) -> torch.Tensor:
        given, whole = self._by_row(inputs[0]), self._by_row(output)
        changed = self.stack((self._own(given), self._own(whole)), self.which)
        return self._put(whole, changed).reshape(output.shape)

    def _by_row(self, states: torch.Tensor) -> torch.Tensor:
        """(batch, length, width), also where a layer is given all positions in one (OPT)."""
        folded = states.dim() == 2 and len(states) == self.batch * self.length
        if self.batch > 1 and not folded and (states.dim() != 3 or len(states) != self.batch):
            raise NotByRow
        return states.reshape(self.batch, -1, states.shape[-1])

    def _own(self, states: torch.Tensor) -> torch.Tensor:
        return states if len(self.rows) == self.batch else states.index_select(0, self.rows)

    def _put(self, states: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
        return changed if len(self.rows) == self.batch else states.index_copy(0, self.rows, changed)


def stacked(model: LanguageModel, injections: Sequence[Injection]) -> Iterator[Stacked]:
    """What these adapters change, layer by layer, those of a kind in one stack."""
    for name in dict.fromkeys(name for one in injections for name in one.layers):
        kinds: dict[type[Change], list[int]] = {}
        for number, injection in enumerate(injections):
            if name in injection.layers:
                kinds.setdefault(type(injection.layers[name]), []).append(number)
        layer = model.network.get_submodule(name)
        for kind, numbers in kinds.items():
            changes = [injections[number].layers[name] for number in numbers]
            places = {number: place for place, number in enumerate(numbers)}
            yield Stacked(layer, kind.stack(changes, layer), places)
