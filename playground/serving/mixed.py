"""A batch in which every row may use another task's adapter, on one base nobody writes into."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property

import torch

from playground.methods.common.prefix_states import States
from playground.methods.common.prefixes import Prefix
from playground.models.answer_logits import keeping_rows, take_rows
from playground.models.kv_cache import without_cache
from playground.models.language_model import LanguageModel
from playground.scoring.shortcuts import can_cache
from playground.serving.behind import behind
from playground.serving.injection import Injection
from playground.serving.lines import Line, lay
from playground.serving.stacked import Users, stacked


class Mixed:
    """Finished adapters side by side on one resident base.

    Each row of a batch names the one it uses. What that one adds is added on the way, by hooks that
    are gone when the batch is done, so the base's weights and its own answers never change.
    """

    def __init__(
        self, model: LanguageModel, injections: Sequence[Injection], like: "Mixed | None" = None
    ) -> None:
        """`like`: others on the same base, so that it need not be tried out again."""
        self.model = model
        if like is not None and like.model is model:
            self.can_branch = like.can_branch
        self.injections = tuple(injections)
        self._stacks = list(stacked(model, injections))

    def logits(self, lines: Sequence[Line]) -> torch.Tensor:
        """Logits at every line's rows, (lines, most rows, vocab).

        By one forward of the base; where it takes no keys and values from outside, or finds its
        positions by itself, lines behind prefixes of another length have one of their own.
        Raises NotByRow for several lines on a base whose layers also read what all rows share.
        """
        slots = max(len(line.rows) for line in lines)
        groups: dict[int, list[int]] = {}
        for place, line in enumerate(lines):
            groups.setdefault(self._apart(line), []).append(place)
        found = [self._forward([lines[i] for i in places], slots) for places in groups.values()]
        order = torch.tensor([place for places in groups.values() for place in places])
        return torch.cat(found)[order.argsort()]

    @cached_property
    def can_branch(self) -> bool:
        """Whether the base takes positions, masks and kept keys and values as they are given: then
        label words stand side by side behind their prompt, and any prefixes share a forward."""
        network, model = self.model.network, self.model
        return can_cache(network, model, model.max_length)

    def _forward(self, lines: Sequence[Line], slots: int) -> torch.Tensor:
        network, users = self.model.network, [line.user for line in lines]
        unkept = without_cache(network)  # may be tried out, so before anything is attached
        fronts = [None if user is None else self.injections[user].front for user in users]
        laid = lay(self.model, lines, fronts, slots)
        prefixes = [None if user is None else self.injections[user].prefix for user in users]
        given = behind(self.model, laid.given, prefixes) if self.can_branch else laid.given
        with (
            self.attached(users, laid.length),
            self._prefixed([] if self.can_branch else prefixes),
            keeping_rows(network, laid.rows) as caught,
        ):
            network(**given, **unkept)
        if (logits := caught.logits) is None:
            raise ValueError(f"{self.model.id} gave no logits")
        return logits if caught.gathered else take_rows(logits, laid.rows)

    def _apart(self, line: Line) -> int:
        """What lines must have in common to share a forward: the length of their prefix, or nothing
        where those may differ."""
        if line.user is None or self.can_branch:
            return 0
        return self.injections[line.user].prefix_length

    @contextmanager
    def attached(self, users: Users, length: int) -> Iterator[None]:
        """While open, row i of every forward has the layers of adapter users[i]."""
        with ExitStack() as handles:
            for one in self._stacks:
                if (handle := one.attach(users, length)) is not None:
                    handles.enter_context(handle)
            yield

    @contextmanager
    def _prefixed(self, prefixes: Sequence[States | None]) -> Iterator[None]:
        """While open, row i sees prefix i: none has one, or all have one of the same length."""
        present = [prefix for prefix in prefixes if prefix is not None]
        if not present:
            yield
            return
        shared = Prefix(self.model, present[0])
        shared.rows = torch.stack([prefix.tensor for prefix in present])
        shared.attach(self.model.network)
        try:
            yield
        finally:
            shared.detach(self.model.network)
