"""What every recipe owes: a card, its cost beforehand, and to be stopped anywhere."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from playground import recipes
from playground.errors import UserError
from playground.events import Event, Finished, StageFinished, StageStarted, Started, Step, Stopped
from playground.recipes.bench import Bench
from playground.recipes.running import carry_out, cost
from playground.runs import log
from tests.recipes.kitchen import MATERIAL, after, bench, short

NAMES = sorted(recipes.cards())
FILES = Path(recipes.__file__).parent


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def whole(name: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, list[Event]]:
    """The recipe carried out in one go."""
    at = bench(tmp_path_factory.mktemp(name))
    return at, list(carry_out(short(name), at))


def test_every_file_that_says_so_is_found_and_says_all_of_itself(name: str) -> None:
    card = recipes.cards()[name]
    found = [path.stem for path in FILES.glob("*.py") if "\nRECIPE = " in path.read_text()]
    assert sorted(found) == NAMES
    assert card.title
    assert card.about
    assert card.paper.startswith("https://")
    assert all(setting.help for setting in card.settings)
    made = recipes.create(name, {})
    assert {one.name: one.default for one in card.settings} == vars(made)
    assert (FILES / f"{name}.py").read_text().splitlines()[-1].startswith("RECIPE = ")


def test_its_settings_are_checked(name: str) -> None:
    with pytest.raises(UserError, match="has no setting 'magic'"):
        recipes.create(name, {"magic": 1})
    for setting in recipes.cards()[name].settings:
        if setting.high is not None:
            with pytest.raises(UserError, match=f"{setting.name} is"):
                recipes.create(name, {setting.name: type(setting.default)(setting.high * 2)})
    with pytest.raises(UserError, match="no recipe 'magic'"):
        recipes.create("magic", {})


def test_its_stages_come_in_order_and_each_ends_with_a_sentence(name: str, whole) -> None:
    at, events = whole
    stages = short(name).stages(at.sizes)
    begun = [event for event in events if isinstance(event, StageStarted)]
    ended = [event for event in events if isinstance(event, StageFinished)]

    assert [(one.stage, one.title) for one in begun] == [
        (number, stage.title) for number, stage in enumerate(stages, start=1)
    ]
    assert [one.stage for one in ended] == [one.stage for one in begun]
    assert all(one.said.endswith(".") for one in ended)
    order = [e.stage for e in events if isinstance(e, StageStarted | StageFinished)]
    assert order == sorted(order)


def test_the_cost_is_told_before_and_kept(name: str, whole) -> None:
    at, events = whole
    told = cost(short(name), at.sizes)
    steps = [event for event in events if isinstance(event, Step)]

    assert [one.step for one in steps] == list(range(1, len(steps) + 1))
    assert 0 < len(steps) <= told.steps
    assert told.seconds(10.0) == pytest.approx((3 * told.trained + told.read) / 10)
    assert [one.steps for one in events if isinstance(one, Started)] == [told.steps]


def test_it_ends_once_with_what_it_took(whole) -> None:
    *before, end = whole[1]
    steps = [event for event in before if isinstance(event, Step)]

    assert isinstance(end, Finished)
    assert not any(isinstance(event, Finished | Stopped) for event in before)
    assert (end.step, end.seconds >= steps[-1].seconds > 0) == (len(steps), True)


def test_what_it_learnt_is_an_adapter_of_a_method(name: str, whole) -> None:
    at, _ = whole
    assert learnt(name, at)
    assert not list(at.folder.rglob("checkpoint/*"))


def test_the_same_seed_does_the_same_and_another_seed_another(name: str, whole, tmp_path) -> None:
    for seed, alike in ((0, True), (1, False)):
        at = bench(tmp_path / str(seed), seed=seed)
        events = list(carry_out(short(name), at))
        assert (losses(events) == losses(whole[1])) is alike
        assert same(learnt(name, at), learnt(name, whole[0])) is alike


@pytest.mark.parametrize("looks", [2, 4, 7])
def test_it_stops_anywhere_and_goes_on_to_the_same_end(name: str, looks, whole, tmp_path) -> None:
    at = bench(tmp_path, after(looks))
    first = list(carry_out(short(name), at))
    assert isinstance(first[-1], Stopped)

    rest = list(carry_out(short(name), replace(at, stop=lambda: False)))

    assert isinstance(rest[-1], Finished)
    assert losses(first) + losses(rest) == losses(whole[1])
    assert losses(log.curve([*first, *rest])) == losses(whole[1])
    assert same(learnt(name, at), learnt(name, whole[0]))
    assert list(carry_out(short(name), at))[-1] == rest[-1], "nothing is left to do"


@pytest.mark.parametrize("stage", [2])
def test_killed_it_loses_no_stage_that_was_done(name: str, stage: int, whole, tmp_path) -> None:
    at, first = bench(tmp_path), []
    work = carry_out(short(name), at)
    for event in work:
        first.append(event)
        if isinstance(event, StageStarted) and event.stage == stage + 1:
            first.append(next(work))
            break
    work.close()

    rest = list(carry_out(short(name), at))

    assert next(e.stage for e in rest if isinstance(e, StageStarted)) == stage + 1
    assert losses(log.curve([*first, *rest])) == losses(whole[1])
    assert same(learnt(name, at), learnt(name, whole[0]))


def test_the_base_is_afterwards_what_it_was(name: str, whole) -> None:
    fresh = bench(Path()).model.network.state_dict()
    assert same(dict(whole[0].model.network.state_dict()), dict(fresh))


def test_held_out_rows_are_no_pool(name: str, tmp_path: Path) -> None:
    at = bench(tmp_path)
    leaking = replace(MATERIAL, pool=(*MATERIAL.pool, dict(MATERIAL.held_out[0].row)))

    with pytest.raises(UserError, match="1 rows without a label are held out too, as row 13"):
        list(carry_out(short(name), replace(at, material=leaking)))


def losses(events: list[Event]) -> list[tuple[int, float]]:
    return [(event.step, event.loss) for event in events if isinstance(event, Step)]


def learnt(name: str, at: Bench) -> dict[str, torch.Tensor]:
    found = short(name).learnt(len(short(name).stages(at.sizes)))
    return load_file(at.place(found.stage) / "adapter" / "adapter_model.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)
