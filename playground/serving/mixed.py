"""A batch in which every row may use another task's adapter, on one base nobody writes into."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch

from playground.models.answer_logits import keeping_rows, take_rows
from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection
from playground.serving.lines import Line, lay
from playground.serving.stacked import Users, stacked


class Mixed:
    """Finished adapters side by side on one resident base.

    Each row of a batch names the one it uses. What that one adds is added on the way, by hooks that
    are gone when the batch is done, so the base's weights and its own answers never change.
    """

    def __init__(self, model: LanguageModel, injections: Sequence[Injection]) -> None:
        self.model = model
        self.injections = tuple(injections)
        self._stacks = list(stacked(model, injections))

    def logits(self, lines: Sequence[Line]) -> torch.Tensor:
        """Logits at every line's rows, (lines, most rows, vocab), by one forward of the base.

        Raises NotByRow for several lines on a base whose layers also read what all rows share.
        """
        network, users = self.model.network, [line.user for line in lines]
        fronts = [None if user is None else self.injections[user].front for user in users]
        laid = lay(self.model, lines, fronts)
        takes = inspect.signature(network.forward).parameters
        unkept = {"use_cache": False} if "use_cache" in takes else {}
        with self.attached(users, laid.length), keeping_rows(network, laid.rows) as caught:
            network(**laid.given, **unkept)
        return caught.logits if caught.gathered else take_rows(caught.logits, laid.rows)

    @contextmanager
    def attached(self, users: Users, length: int) -> Iterator[None]:
        """While open, row i of every forward has the layers of adapter users[i]."""
        with ExitStack() as handles:
            for one in self._stacks:
                if (handle := one.attach(users, length)) is not None:
                    handles.enter_context(handle)
            yield
