"""Self-training: what a first training says about texts without a label is learnt from too."""

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.cards import setting
from playground.data.example import Example
from playground.data.problem import counted
from playground.errors import UserError
from playground.evaluation.answers import DEFAULT_RULE, values
from playground.events import Loading
from playground.recipes.bench import Bench, Learnt, Sizes
from playground.recipes.fitting import Fit, fit, fitted, texts_trained
from playground.recipes.stage import Cost, Outcome, Stage, Work
from playground.scoring import score

ANSWERS = "answers.json"  # in the folder of the stage that asks: a label and a probability a row
CHUNK = 64  # rows between two looks at whether to stop
FITTED, ASKED, AGAIN = 1, 2, 3  # the stages


@dataclass(frozen=True)
class SelfTraining:
    """A method trains on the labelled examples; the network it gives labels the pool of texts that
    have no label; where it is sure enough, its answer is taken for the truth, and the method trains
    anew, from the base on, on both (pseudo-labels; Du et al. 2020, arXiv:2010.02194, section 3).

    Sure enough: the probability among the label words is at least `confidence`, and of each label
    at most the `per_label` surest texts are taken, so that a label the first network overuses does
    not fill the second one's examples. Answers are hard labels here, not probabilities, and no text
    of the pool is held out. It helps where the first network is right most of the time; where it is
    at chance its mistakes are learnt again.
    """

    title = "Self-training"
    paper = "https://arxiv.org/abs/2010.02194"

    method: str = setting(
        "lora",
        "What trains, both times",
        choices=("lora", "prompt_based_fine_tuning", "bitfit", "soft_prompt", "adapter"),
    )
    steps: int = setting(120, "Updates of each training", low=1, high=5000)
    batch_size: int = setting(8, "Examples per update", low=1, high=256)
    confidence: float = setting(0.9, "Probability from which an answer counts", low=0, high=1)
    per_label: int = setting(100, "Texts of the pool taken for each label", low=1, high=5000)

    def stages(self, sizes: Sizes) -> tuple[Stage, ...]:
        if not sizes.pool:
            raise UserError(
                "Self-training needs texts without a label, and there are none. Add a file of them,"
                " or rows whose label is empty."
            )
        steps, texts = texts_trained(self._fit)
        training = Cost(steps=steps, trained=texts)
        return (
            Stage("Training on the labelled examples", training, self._first),
            Stage("Labelling the texts without a label", Cost(read=sizes.pool), self._ask),
            Stage("Training anew on both", training, self._again),
        )

    def learnt(self, stages: int) -> Learnt:
        last = AGAIN if stages >= AGAIN else FITTED
        return Learnt(last, self.method, self._fit.settings)

    @property
    def _fit(self) -> Fit:
        return Fit(self.method, {"steps": self.steps, "batch_size": self.batch_size})

    def _first(self, bench: Bench, number: int) -> Work:
        done = yield from fit(bench, number, self._fit, bench.material.labelled)
        return Outcome(f"Trained on {counted(len(bench.material.labelled), 'example')}.", done)

    def _ask(self, bench: Bench, number: int) -> Work:
        pool, answers = bench.material.pool, []
        with fitted(bench, FITTED, self._fit) as network:
            for first in range(0, len(pool), CHUNK):
                if bench.stop():
                    return Outcome("", done=False)
                yield Loading(f"text {first + 1} of {len(pool)}", time.time())
                rows = pool[first : first + CHUNK]
                scored = score(bench.model, network, bench.task, rows).scores
                answers += [_answer(bench, values(one, DEFAULT_RULE)) for one in scored]
        bench.keep(number, ANSWERS, answers)
        return Outcome(self._said(chosen(answers, self.confidence, self.per_label), answers))

    def _again(self, bench: Bench, number: int) -> Work:
        answers = bench.kept(ASKED, ANSWERS)
        taken = chosen(answers, self.confidence, self.per_label)
        found = [_example(bench.material.pool[at], answers[at][0], at) for at in taken]
        both = (*bench.material.labelled, *found)
        done = yield from fit(bench, number, self._fit, both)
        mine, others = len(bench.material.labelled), len(found)
        return Outcome(f"Trained on {counted(mine, 'example')} and {others} of the pool.", done)

    def _said(self, taken: Sequence[int], answers: Sequence[tuple[str, float]]) -> str:
        """How many were sure enough, and of which label."""
        said = f"{len(taken)} of {counted(len(answers), 'text')} are taken, each answered with a"
        said += f" probability of at least {self.confidence:g}"
        found = Counter(answers[at][0] for at in taken)
        named = ", ".join(f"{count} as {label}" for label, count in found.most_common())
        return f"{said}: {named}." if found else f"{said}; the second training changes nothing."


def chosen(answers: Sequence[tuple[str, float]], confidence: float, per_label: int) -> list[int]:
    """Which answers count, in the order of the rows: of each label at most so many, the surest
    first, and none below the confidence."""
    sure = [at for at, (_, probability) in enumerate(answers) if probability >= confidence]
    taken: Counter[str] = Counter()
    found = []
    for at in sorted(sure, key=lambda at: (-answers[at][1], at)):
        label = answers[at][0]
        if taken[label] < per_label:
            taken[label] += 1
            found.append(at)
    return sorted(found)


def _answer(bench: Bench, numbers: Sequence[float]) -> tuple[str, float]:
    """The label with the highest probability, and that probability."""
    best = max(range(len(numbers)), key=lambda index: numbers[index])
    return bench.task.labels[best], math.exp(numbers[best])


def _example(row: Mapping[str, str], label: str, place: int) -> Example:
    """A row of the pool with its answer; it stands in no line of the labelled file."""
    return Example(dict(row), label, -1 - place)


RECIPE = SelfTraining
