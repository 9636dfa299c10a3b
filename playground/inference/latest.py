"""The last of something that takes a while to make, kept for whoever asks for the same again."""

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Latest(Generic[Made]):
    """Holds one thing and what it was made of. Not safe across threads."""

    def __init__(self) -> None:
        self._held: tuple[object, Made] | None = None

    def get(self, source: object, make: Callable[[], Made]) -> Made:
        """The thing made of an equal source, or a new one."""
        if self._held is None or self._held[0] != source:
            self._held = (source, make())
        return self._held[1]
