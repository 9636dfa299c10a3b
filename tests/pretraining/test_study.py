"""The study on kilobytes: more and more tasks at equal tokens, then questions of other kinds."""

import json
from pathlib import Path

import pytest

from playground.pretraining import tokenizer
from playground.pretraining.__main__ import main, parser
from playground.pretraining.held_out_sets import SETS, questions
from playground.pretraining.mixture.registry import TASKS
from playground.pretraining.results import NAME, Results
from playground.pretraining.study_options import NEAR_TASKS, NEAR_TYPES
from playground.pretraining.task_draws import drawable, draws
from playground.studies import task_count
from tests.pretraining.asked import write_questions
from tests.pretraining.invented import texts, write_sets
from tests.pretraining.made import made_tokenizer

QUICK = ["--size", "tiny", "--length", "64", "--batch", "4", "--warm-up", "2"]
QUICK += ["--no-compile", "--precision", "float32"]
ASKED = ["--counts", "0", "1", "3", "--seeds", "0", "1", "--tokens", "2048", "--questions", "24"]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Text, labelled sets with questions, and a tokenizer."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "corpus").mkdir()
    by_kind: dict[str, list[str]] = {}
    for kind, words in texts(40):
        by_kind.setdefault(kind.removeprefix("text/"), []).append(json.dumps({"text": words}))
    for kind, lines in by_kind.items():
        (folder / "corpus" / f"{kind}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    write_questions(write_sets(folder / "sets"))
    tokenizer.save(made_tokenizer(), folder / tokenizer.NAME)
    return folder


def command(place: Path, out: Path, *more: str) -> list[str]:
    where = ["--text", place / "corpus", "--sets", place / "sets", "--tokenizer", place]
    return ["study", *map(str, where), "--out", str(out), *QUICK, *ASKED, *more]


@pytest.fixture(scope="module")
def out(place: Path) -> Path:
    """A folder with a whole study."""
    assert main(command(place, place / "out")) == 0
    return place / "out"


@pytest.mark.slow
def test_every_count_of_every_seed_is_a_line_trained_on_as_many_tokens(out: Path):
    lines = Results(out).lines()

    assert [(line["count"], line["seed"]) for line in lines] == [
        (count, seed) for seed in (0, 1) for count in (0, 1, 3)
    ]
    for line in lines:
        assert line["right"].keys() == line["sets"].keys() == SETS.keys()
        assert len(line["tasks"]) == line["count"]
        assert line["settings"]["tokens"] == 2048
    for folder in (out / "trained").iterdir():
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert record["plan"]["schedule"]["steps"] * 4 * 64 == 2048
        assert sum(record["data"]["parts"]["train"]) >= 2048, "no token is read twice"
    assert not list(out.rglob("*.safetensors.unfinished"))
    assert not list(out.glob("trained/*/state.safetensors")), "what is no longer needed goes"


@pytest.mark.slow
def test_only_the_drawn_tasks_and_text_are_read(out: Path):
    for line in Results(out).lines():
        (folder,) = (out / "packed").glob(f"{line['count']}-{line['seed']}-*")
        about = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
        prompted = {kind for kind in about["kinds"] if not kind.startswith("text/")}
        assert prompted == set(line["tasks"])
        assert any(kind.startswith("text/") for kind in about["kinds"])


@pytest.mark.slow
def test_what_is_there_is_left_alone_and_what_a_kill_took_is_found_again_the_same(place, out):
    before = (out / NAME).read_text(encoding="utf-8")
    assert main(command(place, out)) == 0
    assert (out / NAME).read_text(encoding="utf-8") == before

    whole = before.splitlines(keepends=True)
    (out / NAME).write_text("".join(whole[:-1]) + whole[-1][:40], encoding="utf-8")
    assert main(command(place, out)) == 0

    told, again = json.loads(whole[-1]), Results(out).lines()[-1]
    assert len(Results(out).lines()) == len(whole)
    assert {**told, "seconds": 0} == {**again, "seconds": 0}


@pytest.mark.slow
def test_networks_trained_otherwise_are_not_mixed_with_these(place, out, capsys):
    assert main(command(place, out, "--rate", "0.5")) == 2
    assert "rate" in capsys.readouterr().err


@pytest.mark.slow
def test_what_was_found_is_stored_and_read_again(out: Path, tmp_path: Path):
    assert main(["figures", "--study", str(out), "--out", str(tmp_path)]) == 0
    (found,) = task_count.stored(tmp_path)

    assert (found.counts, found.seeds) == ((0, 1, 3), (0, 1))
    lines = {(line["count"], line["seed"]): line for line in Results(out).lines()}
    assert found.of(3, "sst2") == {seed: lines[3, seed]["right"]["sst2"] for seed in (0, 1)}
    assert found.tasks[1] == tuple(lines[3, 1]["tasks"])
    (again,) = task_count.commands([found])
    given = parser().parse_args(again.replace("python -m playground.pretraining ", "").split())
    assert (given.counts, given.seeds, given.tokens) == ([0, 1, 3], [0, 1], 2048)
    assert str(out) not in json.dumps(found.to_json())


def test_the_few_tasks_are_among_the_many_and_none_is_near_to_what_is_asked(place: Path):
    given = parser().parse_args(command(place, place / "none", "--counts", "1", "4", "all"))
    names = drawable(given)
    drawn = list(draws(given, names))

    assert len(names) > 60
    assert not any(TASKS[name].type in NEAR_TYPES or name in NEAR_TASKS for name in names)
    by_seed = [[one.tasks for one in drawn if one.seed == seed] for seed in (0, 1)]
    for one, four, every in by_seed:
        assert (len(one), len(four), set(every)) == (1, 4, set(names))
        assert one == four[:1] == every[:1]
        assert four == every[:4]
    assert by_seed[0] != by_seed[1]


def test_the_held_out_names_are_those_of_tasks():
    assert {task.type for task in TASKS.values()} >= set(NEAR_TYPES)
    assert TASKS.keys() >= set(NEAR_TASKS)


def test_questions_are_balanced_as_far_as_a_set_goes(place: Path):
    found = questions(place / "sets", 12)

    for name, asked in found.items():
        labels = [example.label for example in asked.examples]
        counts = {labels.count(label) for label in SETS[name].words}
        assert len(labels) == 12
        assert max(counts) - min(counts) <= 1
        assert asked.about().chance == max(counts) / 12


def test_more_tasks_than_there_are_is_a_sentence(place: Path, capsys):
    assert main(command(place, place / "none", "--counts", "999")) == 2
    assert "999 tasks are asked for" in capsys.readouterr().err
