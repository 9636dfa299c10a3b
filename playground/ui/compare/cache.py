"""Comparisons kept for a while: a page of examples must not compute all intervals anew."""

import threading
from collections import OrderedDict

from playground.api import Playground
from playground.comparisons.results import Progress
from playground.evaluation.comparison import Comparison

KEPT = 32


class Compared:
    """The comparison of a question under a rule, computed once for every set of finished arms."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._kept: OrderedDict[tuple[str, str, tuple[str, ...]], Comparison] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: str, rule: str, progress: Progress) -> Comparison | None:
        """None while no arm has answered."""
        done = tuple(arm.name for arm in progress.arms if arm.state == "done")
        if not done:
            return None
        place = (key, rule, done)
        with self._guard:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place]
        comparison = self._playground.comparison(key, rule)
        with self._guard:
            self._kept[place] = comparison
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return comparison
