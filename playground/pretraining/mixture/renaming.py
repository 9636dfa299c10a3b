"""Other names for an episode's labels, so that they must be read from the demonstrations.

Symbol tuning (Wei et al. 2023, arXiv:2305.08298) and MetaICL (Min et al. 2022, arXiv:2110.15943):
where a label's name does not say what it stands for, only the demonstrations do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from playground.pretraining.mixture.names import LABEL_WORDS, LETTERS, SYLLABLES
from playground.pretraining.mixture.task import Episode, Task, Texts

SHARE = 0.5  # of the documents with demonstrations enough
_SYLLABLES = SYLLABLES.split()


@dataclass(frozen=True)
class Renaming:
    """labels: the episode's labels that are used. names: what each is called in the prompt.

    readable: whether an answer can be known before its label was shown.
    """

    labels: Texts
    names: Mapping[str, str]
    readable: bool = True

    @property
    def words(self) -> Texts:
        return tuple(self.names.values())

    def word(self, label: str) -> str:
        return self.names[label]


def renaming(task: Task, episode: Episode, shots: int, rng: Random) -> Renaming:
    """The labels under their own names, or under names that say nothing or something else."""
    labels = episode.labels
    own = Renaming(labels, {label: label for label in labels}, episode.readable)
    if not labels or not episode.readable or shots < 4 or rng.random() >= SHARE:
        return own
    # Each label is to be shown about twice before it is asked for.
    few = tuple(rng.sample(labels, max(2, min(len(labels), (shots + 1) // 2))))
    names = rng.choice(_WAYS)(few, rng)
    return Renaming(few, dict(zip(few, names, strict=True)), readable=False)


def nonsense(rng: Random) -> str:
    """A word nobody knows, of two or three syllables."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 3)))


def nonsense_words(count: int, rng: Random) -> Sequence[str]:
    """Different words that nobody knows."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[nonsense(rng)] = None
    return tuple(names)


def _permuted(labels: Texts, rng: Random) -> Sequence[str]:
    """The same names, each on another label."""
    shift = rng.randrange(1, len(labels))
    return labels[shift:] + labels[:shift]


def _letters(labels: Texts, rng: Random) -> Sequence[str]:
    letters = LETTERS[: len(labels)] if rng.random() < 0.7 else rng.sample(LETTERS, len(labels))
    return rng.sample(letters, len(labels))


def _numbers(labels: Texts, rng: Random) -> Sequence[str]:
    start = rng.choice((0, 1))
    numbers = range(start, start + len(labels)) if rng.random() < 0.7 else range(10, 100)
    return [str(number) for number in rng.sample(numbers, len(labels))]


def _words(labels: Texts, rng: Random) -> Sequence[str]:
    return rng.sample(LABEL_WORDS, len(labels))


def _nonsense(labels: Texts, rng: Random) -> Sequence[str]:
    return nonsense_words(len(labels), rng)


_WAYS = (_permuted, _letters, _letters, _numbers, _words, _words, _words, _nonsense, _nonsense)
