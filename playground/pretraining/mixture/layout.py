"""From an episode to a document: zero-shot or with demonstrations, as the app joins them."""

from random import Random

from playground.pretraining.document import Document, Piece
from playground.pretraining.mixture.renaming import Renaming, renaming
from playground.pretraining.mixture.style import a_style, cut
from playground.pretraining.mixture.task import Episode, Task, Texts
from playground.pretraining.mixture.templates import Template, a_template, instruction
from playground.pretraining.mixture.world import World
from playground.tasks.classification import SEPARATOR

_ROOM = 3300  # characters of a document, about 850 tokens
_SHOTS = ((0, 0),) * 6 + ((1, 3),) * 3 + ((4, 8),) * 6 + ((9, 16),) * 5
_LONG_ZERO_SHOT, _LONG_SHOT = 1200, 400  # characters of a text
_UNTOLD = 2  # answers before it is clear what is wanted, where nothing but them says it
_TRIES = 3  # for a text that the prompt does not hold yet


def prompted(task: Task, rng: Random, world: World) -> Document | None:
    """A document of the task, or None while the text read so far has nothing for it."""
    episode = task.start(rng, world)
    if episode is None:
        return None
    shots = rng.randint(*rng.choice(_SHOTS))
    if not episode.readable:
        shots = max(shots, 2 * len(episode.labels), 2 * _UNTOLD)
    named = renaming(task, episode, shots, rng)
    form = a_template(task, episode, named, rng)
    style = a_style(rng) if episode.labels else None
    examples: list[tuple[str, str]] = []
    held: set[Texts] = set()
    room, longest = _ROOM, _LONG_SHOT if shots else _LONG_ZERO_SHOT
    for label in _order(named.labels, shots + 1, rng):
        texts = _another(episode, label, held)
        answer = named.word(label) if episode.labels else texts[-1]
        shown = texts if episode.labels else texts[:-1]
        if style:
            shown = tuple(style(text) for text in shown)
        before = form.render(tuple(cut(text, longest) for text in shown))
        room -= len(before) + len(answer)
        if room < 0 and examples:
            break
        examples.append((before, answer))
    return Document(task.name, pieces(examples, named, form, _head(episode, named, form, rng)))


def _another(episode: Episode, label: str, held: set[Texts]) -> Texts:
    """An example of the label; one that was shown only where there is hardly another."""
    for _ in range(_TRIES):
        texts = episode.draw(label)
        if texts not in held:
            break
    held.add(texts)
    return texts


def _head(episode: Episode, named: Renaming, form: Template, rng: Random) -> str:
    """The instruction line in front of everything, "" for most documents."""
    asked = bool(episode.question) and not form.asks
    line = instruction(episode.question if asked else "", named.words, rng)
    return f"{line}{SEPARATOR}" if line else ""


def pieces(
    examples: list[tuple[str, str]], named: Renaming, form: Template, head: str
) -> tuple[Piece, ...]:
    """Alternating prompt and answer; an answer that nobody could know yet is not asked for."""
    pieces, seen = [], set()
    separator = form.separator
    for index, (before, answer) in enumerate(examples):
        joint = "" if before[-1] == "\n" else " "
        pieces.append(Piece((separator if index else head) + before))
        told = answer in seen if named.labels else index >= _UNTOLD
        pieces.append(Piece(joint + answer, answer=named.readable or told))
        seen.add(answer)
    return tuple(pieces)


def _order(labels: Texts, count: int, rng: Random) -> Texts:
    """The labels of the examples, the query's last: balanced, as they fall, or with a favourite."""
    if not labels:
        return ("",) * count
    chance = rng.random()
    if chance < 0.55:
        rounds = [rng.sample(labels, len(labels)) for _ in range(count // len(labels) + 1)]
        shown = [label for one in rounds for label in one][: count - 1]
        rng.shuffle(shown)
    elif chance < 0.85:
        shown = [rng.choice(labels) for _ in range(count - 1)]
    else:
        favourite = rng.choice(labels)
        shown = [favourite if rng.random() < 0.6 else rng.choice(labels) for _ in range(count - 1)]
    return (*shown, rng.choice(labels))
