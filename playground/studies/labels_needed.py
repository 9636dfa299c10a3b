"""How many labelled examples a method needs: one run for every number of labels and every seed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from playground.cards import setting
from playground.data.problem import counted
from playground.errors import UserError
from playground.limits import GROUP_RUNS
from playground.methods.cards import cards
from playground.runs.group import Group, GroupSpec
from playground.runs.spec import RunSpec
from playground.studies.finding import Figure, Finding, Point, Series
from playground.studies.intervals import mean_interval, points, tenths
from playground.studies.measured import held_out_accuracy

BySeed = Mapping[int, float]  # accuracy


@dataclass(frozen=True)
class LabelsNeeded:
    """The method is trained from the base on 1, 2, 4, … labelled examples of each label, each time
    anew, and asked about the held-out ones. With one seed the examples for 8 are among those for
    16, so that more is more of the same; every seed draws others (learning curves as in Le Scao &
    Rush 2021, arXiv:2103.08493).

    The answer compares each number with the largest, seed by seed: where the interval of that
    difference has 0 in it, more labels are not shown to help. That is not the same as that they do
    not: few seeds, or few held-out examples, show little. Accuracy is that on the examples a run
    looks at while it trains.
    """

    title = "How many labels do I need?"
    paper = "https://arxiv.org/abs/2103.08493"

    most: int = setting(64, "Labelled examples of each label, at most", low=2, high=1024)
    seeds: int = setting(3, "Times everything is repeated with other examples", low=1, high=10)

    def group(self, base: RunSpec) -> GroupSpec | None:
        sizes = self._sizes
        if len(sizes) * self.seeds > GROUP_RUNS:
            raise UserError(
                f"{len(sizes)} numbers of labels with {self.seeds} seeds are"
                f" {len(sizes) * self.seeds} runs; {GROUP_RUNS} are possible. Choose fewer seeds."
            )
        runs = tuple(
            replace(base, labels_per_class=size, seed=base.seed + seed, name=_name(size, seed))
            for seed in range(self.seeds)
            for size in sizes
        )
        return GroupSpec(runs, self.title)

    def finding(self, group: Group | None) -> Finding:
        found: dict[int, dict[int, float]] = defaultdict(dict)
        for record in group.runs if group else ():
            measured = held_out_accuracy(record) if record.status == "finished" else None
            size = record.spec.labels_per_class
            if measured is not None and size is not None:
                found[size][record.spec.seed] = measured.accuracy
        by_size = dict(sorted(found.items()))
        line = [_point(size, by_seed) for size, by_seed in by_size.items()]
        return Finding(
            answer=_answer(_method(group), by_size),
            figure=Figure(
                "labelled examples of each label",
                "held-out examples answered right",
                (Series(_method(group), tuple(line)),) if line else (),
            ),
            heads=("labels", "mean", "low", "high", "seeds"),
            rows=tuple(
                (int(one.x), one.y, _cell(one.low), _cell(one.high), len(one.each)) for one in line
            ),
            done=sum(map(len, by_size.values())),
            total=group.total if group else 0,
        )

    @property
    def _sizes(self) -> list[int]:
        """1, 2, 4, … and the largest."""
        doubled = [2**power for power in range(self.most.bit_length()) if 2**power < self.most]
        return [*doubled, self.most]


def _answer(method: str, by_size: Mapping[int, BySeed]) -> str:
    if not by_size:
        return "No run has finished yet."
    sizes = list(by_size)
    few, many = sizes[0], sizes[-1]
    seeds = max(map(len, by_size.values()))
    after, low, high = mean_interval(tuple(by_size[many].values()))
    if few == many:
        return f"With {_labels(few)} {method} gets {tenths(after)} right; one number says no more."
    before, _, _ = mean_interval(tuple(by_size[few].values()))
    around = ""
    if low is not None and high is not None:
        around = f" (95\u202f% interval {tenths(low)} to {tenths(high)})"
    said = (
        f"{method} gets {tenths(before)} right with {_labels(few)}, {tenths(after)}{around} with"
        f" {many}, in the mean over {counted(seeds, 'seed')}."
    )
    return f"{said} {_enough(by_size)}"


def _enough(by_size: Mapping[int, BySeed]) -> str:
    """From which number on more labels are not shown to help."""
    *fewer, many = by_size
    gains = {size: _gain(by_size[size], by_size[many]) for size in fewer}
    if any(gain is None or gain[1] is None for gain in gains.values()):
        return "With one seed, that is a hint at most: more seeds say how sure it is."
    tied = []
    for size in reversed(fewer):
        mean, low, high = gains[size] or (0.0, None, None)
        if low is None or high is None or low > 0:
            break
        tied.append((size, f"{points(mean)} points ({points(low)} to {points(high)})"))
    if not tied:
        last = fewer[-1]
        mean = (gains[last] or (0.0, None, None))[0]
        return f"{many} still get {points(mean)} points more than {last}: more may help further."
    size, gain = tied[-1]
    return f"From {size} on more are not shown to help: {many} get {gain} more."


def _gain(few: BySeed, many: BySeed) -> tuple[float, float | None, float | None] | None:
    """What the seeds that have both gain, and the 95 % interval of the mean; None without one."""
    both = [many[seed] - few[seed] for seed in few if seed in many]
    return mean_interval(both) if both else None


def _point(size: int, by_seed: BySeed) -> Point:
    each = tuple(by_seed[seed] for seed in sorted(by_seed))
    return Point(size, *mean_interval(each), each)


def _method(group: Group | None) -> str:
    name = group.runs[0].spec.method if group and group.runs else ""
    return cards()[name].title if name in cards() else "The method"


def _name(size: int, seed: int) -> str:
    return f"{_labels(size)}, seed {seed}"


def _labels(size: int) -> str:
    return f"{counted(size, 'example')} per label"


def _cell(share: float | None) -> str | float:
    return "" if share is None else share


STUDY = LabelsNeeded
