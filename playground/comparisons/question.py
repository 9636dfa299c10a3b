"""What is to be compared: arms over the same held-out examples."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

from playground import limits
from playground.data.table import Table
from playground.errors import UserError
from playground.evaluation.baselines import tfidf
from playground.runs.record import Record
from playground.runs.spec import RunSpec
from playground.runs.store import Store, read_examples
from playground.tasks.classification import Task
from playground.tasks.splits import Example, split

NAMES = {0: "zero-shot", 1: "one-shot"}


@dataclass(frozen=True)
class Question:
    """Which arms to ask. The runs say which examples, task and model; before there is any run,
    `spec` and `table` do. With both, the spec's task is what the prompting arms use.

    shots: one prompting arm for each, with that many demonstrations in all, drawn with `seed`.
    nearest: one more for each, with that many demonstrations chosen anew for every text: the
    labelled examples most like it, see data/nearest.py.
    owner: the token of who asks; runs nobody else may see need it.
    like: without runs and table, a run whose task, model and examples to take, over or not.
    baseline: an arm more, last: TF-IDF with logistic regression, fitted on the labelled examples.
    """

    run_ids: tuple[str, ...] = ()
    shots: tuple[int, ...] = (0, 1, 8)
    seed: int = 0
    spec: RunSpec | None = None
    table: Table | None = field(default=None, repr=False)
    owner: str = ""
    like: str = ""
    baseline: bool = False
    nearest: tuple[int, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a question is about, once its runs and its table have been looked up."""

    task: Task
    model: str
    labelled: tuple[Example, ...]
    held_out: tuple[Example, ...]
    runs: tuple[Record, ...]

    @cached_property
    def held_out_text(self) -> str:
        """The held-out examples as JSON, made once for all the arms."""
        rows = [[example.row, example.label] for example in self.held_out]
        return json.dumps(rows, sort_keys=True)


def subject(question: Question, store: Store) -> Subject:
    """The examples, the task, the model and the runs of a question.

    Without a run and without a table there are no examples: enough to ask one text zero-shot.
    Raises UserError when a run is missing or has learnt nothing yet, when two runs do not share
    labels or held-out examples, or when neither a run nor a spec is there.
    """
    if (number := _arms(question)) > limits.ARMS:
        raise UserError(f"{number} arms are more than {limits.ARMS}. Ask for fewer at a time.")
    _check_shots(question.shots, least=0)
    _check_shots(question.nearest, least=1)
    runs = tuple(usable(store.visible(id, question.owner)) for id in question.run_ids)
    if runs:
        return _about_runs(runs, question.spec)
    if question.like:
        run = readable(store.visible(question.like, question.owner))
        return Subject(run.spec.task, run.spec.model, *read_examples(run.folder), ())
    if question.spec is None:
        raise UserError("There is nothing to ask about. Pick a run, or a table and a task.")
    spec = question.spec
    if question.table is None:
        return Subject(spec.task, spec.model, (), (), ())
    parts = split(question.table, spec.task, spec.labels_per_class, spec.seed)
    return Subject(spec.task, spec.model, parts.labelled, parts.held_out, ())


def check_answers(question: Question, held_out: int) -> None:
    """Raises UserError for more work than one comparison may be, before any of it is done."""
    if (answers := _arms(question) * held_out) > limits.COMPARISON_ANSWERS:
        raise UserError(
            f"{_arms(question)} arms on {held_out:,} held-out examples are {answers:,} answers;"
            f" {limits.COMPARISON_ANSWERS:,} are possible in one comparison. Ask for fewer arms, or"
            " hold fewer rows out."
        )


def usable(run: Record) -> Record:
    """The run itself. Raises UserError while it has learnt nothing that could be asked."""
    if readable(run).usable:
        return run
    wait = "Wait until it has finished, or stop it to keep what it has learnt."
    raise UserError(
        f"The run {run.name!r} is {run.status} and has no adapter to ask."
        f" {'Resume it.' if run.over else wait}"
    )


def readable(run: Record) -> Record:
    """The run itself. Raises UserError when it cannot be read what the run is."""
    if run.readable:
        return run
    raise UserError(
        f"The run {run.name!r} is damaged: {run.damage}. Nothing can be done with it; delete it,"
        " and start it anew."
    )


def _about_runs(runs: tuple[Record, ...], spec: RunSpec | None) -> Subject:
    first = runs[0]
    labelled, held_out = read_examples(first.folder)
    for other in runs[1:]:
        _check_labels(first, other.spec.task.labels, repr(other.name))
        _check_held_out(first, held_out, other)
    if spec is None:
        return Subject(first.spec.task, first.spec.model, labelled, held_out, runs)
    _check_labels(first, spec.task.labels, "the task")
    task = in_order(spec.task, first.spec.task.labels)
    return Subject(task, first.spec.model, labelled, held_out, runs)


def in_order(task: Task, labels: tuple[str, ...]) -> Task:
    """The same task with its labels in this order, which is the one answers are compared in."""
    return replace(task, label_words={label: task.label_words[label] for label in labels})


def arm_name(shots: int, nearest: bool = False) -> str:
    """What a prompting arm is called."""
    return NAMES.get(shots, f"{shots}-shot") + (" nearest" if nearest else "")


def run_names(runs: tuple[Record, ...]) -> tuple[str, ...]:
    """One name for each run; a name used twice is numbered, since arms are told apart by it."""
    shots = range(limits.SHOTS + 1)
    taken = {tfidf.NAME, *(arm_name(n, near) for n in shots for near in (False, True))}
    names = []
    for run in runs:
        numbers = count(2)
        name = run.name
        while name in taken:
            name = f"{run.name} ({next(numbers)})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _arms(question: Question) -> int:
    asked = (question.shots, question.nearest, question.run_ids)
    return sum(map(len, asked)) + question.baseline


def _check_shots(shots: tuple[int, ...], least: int) -> None:
    for number in shots:
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise UserError(
                f"{number!r} is not a number of shots."
                f" Ask for {', '.join(map(str, range(least, 3)))}, …"
            )
        if number > limits.SHOTS:
            raise UserError(f"{number} shots are more than {limits.SHOTS}. Ask for fewer.")
    if len(set(shots)) < len(shots):
        raise UserError(f"Some number of shots is asked for twice: {list(shots)}. Leave one out.")


def _check_labels(first: Record, labels: tuple[str, ...], who: str) -> None:
    ours = first.spec.task.labels
    if set(ours) != set(labels):
        raise UserError(
            f"{first.name!r} has the labels {_some(ours)}, {who} {_some(labels)}."
            " Compare what shares its labels."
        )


def _check_held_out(first: Record, held_out: tuple[Example, ...], other: Record) -> None:
    """Arms are compared in pairs on the very same examples, so both runs must have them."""
    theirs = read_examples(other.folder)[1]
    if [(one.row, one.label) for one in held_out] != [(one.row, one.label) for one in theirs]:
        raise UserError(
            f"{first.name!r} and {other.name!r} were not given the same held-out examples"
            f" ({len(held_out)} of {first.about.table!r} and {len(theirs)} of"
            f" {other.about.table!r}). Compare runs made with the same table, columns, labels per"
            " class and seed."
        )


def _some(labels: tuple[str, ...]) -> str:
    return ", ".join(map(repr, labels[:6])) + (" …" if len(labels) > 6 else "")
