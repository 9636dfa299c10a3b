"""What one mixed batch saves against asking one task after the other, on the bundled model.

    python -m tests.benchmarks.serving [--methods lora soft_prompt …] [--tasks 2 4 8 16]

The adapters are built with their defaults, moved at random and saved, never trained: time does not
depend on what was learnt. Each task has a template and label words of its own, and every round asks
all of them about one text, the three ways of playground/serving/timing.py in turn. A last column
is what the page did before there were mixed batches: the method's own load, score and remove.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from playground import methods
from playground.methods.cards import cards
from playground.models.answer_words import answer_words
from playground.models.devices import device_name
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.scoring import score
from playground.serving import mixable
from playground.serving.asking import Asked
from playground.serving.shelf import Adapter, Shelf
from playground.serving.timing import Ratio, measure
from playground.tasks.classification import Task

WORDS = (
    {"pos": "positive", "neg": "negative"},
    {"q": "question", "s": "statement", "o": "order"},
    {"w": "world news", "s": "sports", "b": "business", "t": "science and technology"},
    {"y": "yes", "n": "no", "m": "maybe not"},
)
TEMPLATES = ("Review: {text}\nSentiment:", "{text}\nKind:", "Headline: {text}\nTopic:")
TEXT = "The second half of the film is far better than anyone had dared to hope."
ROUNDS = 6  # of the last column


def task(number: int) -> Task:
    """One of twelve templates and sets of label words."""
    template = TEMPLATES[number % len(TEMPLATES)]
    return Task(template, WORDS[number // len(TEMPLATES) % len(WORDS)], "label")


def adapters(
    model: LanguageModel, names: list[str], count: int, home: Path
) -> Iterator[tuple[Adapter, Asked]]:
    """`count` adapters of these methods in turns, each with its own task."""
    for number in range(count):
        name = names[number % len(names)]
        method, own = methods.create(name, {}), task(number)
        torch.manual_seed(number)
        network = method.build(model, answer_words(model, own))
        with torch.no_grad():
            for weight in network.parameters():
                if weight.requires_grad:
                    weight += torch.randn_like(weight) / 100
        folder = home / f"{number}"
        method.save(network, folder)
        method.remove(network)
        yield Adapter(f"{number}", name, folder), Asked(own, {"text": TEXT}, number)


def loaded_in_turn(model: LanguageModel, pairs: list[tuple[Adapter, Asked]]) -> float:
    """Seconds for all tasks: the adapter of each loaded by its method, asked and removed."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for adapter, asked in pairs:
            method = methods.create(adapter.method, {})
            network = method.load(model, adapter.folder)
            score(model, network, asked.task, [asked.row])
            method.remove(network)
        rounds.append(time.perf_counter() - started)
    return sorted(rounds)[len(rounds) // 2]


def main() -> None:
    known = [name for name in cards() if mixable(name)]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--methods", nargs="+", choices=known, default=known)
    parser.add_argument("--tasks", nargs="+", type=int, default=[2, 4, 8, 16])
    chosen = parser.parse_args()
    model = load("bundled")
    print(f"{model.id}, {model.parameters / 1e6:.1f} M parameters, {device_name(model.device)}\n")
    print("| methods | tasks | rounds | mixed, ms | in memory | switching | load, ask, remove |")
    print("|---|---|---|---|---|---|---|")
    sets = [[name] for name in chosen.methods]
    for names in [*sets, chosen.methods] if len(sets) > 1 else sets:
        for count in chosen.tasks:
            print(line(model, names, count), flush=True)


def line(model: LanguageModel, names: list[str], count: int) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as home:
        pairs = list(adapters(model, names, count, Path(home)))
        given, asked = (list(side) for side in zip(*pairs, strict=True))
        times = measure(Shelf().mixed(model, given), asked, given)
        before = loaded_in_turn(model, pairs)
    cells = (
        names[0] if len(names) == 1 else "all of them",
        str(count),
        str(times.repeats),
        f"{1e3 * times.mixed:.1f}",
        f"{1e3 * times.kept:.1f}, {_times(times.kept_ratio)}",
        f"{1e3 * times.switching:.1f}, {_times(times.switching_ratio)}",
        f"{1e3 * before:.1f}, × {before / times.mixed:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _times(ratio: Ratio) -> str:
    return f"× {ratio.median:.1f} ({ratio.low:.1f} to {ratio.high:.1f})"


if __name__ == "__main__":
    main()
