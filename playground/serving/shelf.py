"""Finished adapters kept in memory beside their base, so that asking many tasks reads no file."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.errors import UserError
from playground.models.language_model import LanguageModel
from playground.serving.injection import Injection, read
from playground.serving.mixed import Mixed

KEPT = 256  # adapters; each is a few megabytes at most


@dataclass(frozen=True)
class Adapter:
    """A finished run's files. key: changes with their content and with the base's."""

    key: str
    method: str
    folder: Path


class Shelf:
    """The adapters asked lately, those unused longest leaving first, and the last set of them."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, Injection] = OrderedDict()
        self._last: tuple[tuple[str, ...], Mixed] | None = None

    def mixed(self, model: LanguageModel, adapters: Sequence[Adapter]) -> Mixed:
        """These adapters side by side on their base; UserError for one that does not fit it."""
        keys = tuple(adapter.key for adapter in adapters)
        if self._last is None or self._last[0] != keys or self._last[1].model is not model:
            self._last = (keys, Mixed(model, [self._injection(model, one) for one in adapters]))
        return self._last[1]

    def problem(self, model: LanguageModel, adapter: Adapter) -> str:
        """Why an adapter cannot be put on this base, "" where it can."""
        try:
            self._injection(model, adapter)
        except UserError as error:
            return str(error)
        return ""

    def _injection(self, model: LanguageModel, adapter: Adapter) -> Injection:
        if adapter.key not in self._read:
            self._read[adapter.key] = read(model, adapter.method, adapter.folder)
        self._read.move_to_end(adapter.key)
        while len(self._read) > KEPT:
            self._read.popitem(last=False)
        return self._read[adapter.key]
