"""The Train tab's lists and lines, and what a press of its button does."""

from pathlib import Path

import pytest

from playground.api import Playground
from playground.errors import UserError
from playground.methods.cards import cards
from playground.methods.common.rates import OtherWay, Swept
from playground.models.catalogue import BUNDLED, CATALOGUE
from playground.runs.store import Store
from playground.tasks.classification import Task
from playground.ui.session.selection import Selection, visible_runs, whole
from playground.ui.train import method_list, model_picker
from playground.ui.train.method_list import FIRST, ordered
from playground.ui.words import methods as method_words
from playground.ui.words import train as words
from tests.runs.making import TASK, start, table

OWNER = "o" * 32


def selection(**changes: object) -> Selection:
    known = {"owner": OWNER, "table": table(), "task": TASK, "labels_per_class": 4, "seed": 0}
    return Selection(**{**known, "model": BUNDLED, **changes})


def test_lora_and_soft_prompt_come_first_and_every_method_is_there():
    names = [card.name for card in ordered()]

    assert tuple(names[: len(FIRST)]) == FIRST
    assert sorted(names) == sorted(cards())


def test_every_setting_of_every_method_is_drawn_with_its_default():
    said = method_list.list_payload()
    shelves = [said["first"], *(found for _, found in said["shelves"])]

    shown = {card["name"]: card["settings"] for shelf in shelves for card in shelf}

    assert sorted(shown) == sorted(cards())
    for card in cards().values():
        fields = {one["name"]: one for one in shown[card.name]}
        assert {name: one["default"] for name, one in fields.items()} == {
            setting.name: setting.default for setting in card.settings
        }
        assert fields["learning_rate"]["label"] == "Learning rate"


def test_a_card_is_read_in_paragraphs_without_the_sources_line_breaks():
    assert method_list.paragraphs("One\ntwo.\n\nThree\n  four.") == ["One two.", "Three four."]


def test_a_card_says_where_its_default_comes_from():
    card = cards()["lora"]
    default = card.setting("learning_rate").default
    points = [(default, 0.75, 3), (10 * default, 0.5, 1)]
    swept = Swept({"one": points, "two": points[:1]}, [OtherWay(60, False, 0.7, 1)])

    said = method_words.rate_source(card, swept)

    assert f"{default:g} 75.0%, {10 * default:g} 50.0% ({default:g} with 3 seeds" in said
    assert "60 steps 70.0% (one seed)" in said
    assert f"The default is {default:g}, with {card.setting('steps').default} steps" in said
    assert "from 125 M parameters on it is 0.0005" in said
    assert method_words.rate_source(card, Swept({}, [])) == method_words.NOT_SWEPT


def test_a_choice_is_what_was_ticked_in_the_order_of_the_page():
    ticked = {"ticked": ["ia3", "lora", "lora"], "settings": {"lora": {"rank": 2}}}
    choice = method_list.chosen(ticked)

    assert choice.ticked == ("lora", "ia3")
    assert choice.of("lora") == {"rank": 2}
    assert choice.of("ia3") == {}
    assert choice.in_sight == (*FIRST, "ia3")
    unfolded = method_list.chosen({**ticked, "unfolded": True})
    assert unfolded.in_sight == tuple(card.name for card in ordered())


@pytest.mark.parametrize(
    "sent",
    [None, "lora", {"ticked": "lora"}, {"ticked": ["magic", 3, None], "settings": [1]}],
)
def test_what_no_page_of_ours_sends_chooses_nothing(sent: object):
    assert method_list.chosen(sent) == method_list.Choice((), {}, False)


def test_the_empty_chart_is_as_long_as_the_longest_ticked_method():
    steps = {name: card.setting("steps").default for name, card in cards().items()}

    assert method_list.chosen({"ticked": ["lora"]}).steps() == steps["lora"]
    both = {"ticked": ["lora", "p_tuning"], "settings": {"p_tuning": {"steps": 7}}}
    assert method_list.chosen(both).steps() == steps["lora"]
    assert (
        method_list.chosen({**both, "settings": {"lora": {"steps": None}}}).steps()
        == steps["p_tuning"]
    )
    assert method_list.chosen(None).steps() == 100


def test_the_model_menu_starts_with_the_bundled_one_and_misses_none():
    ids = [model for _, model in model_picker.choices()]

    assert ids[0] == BUNDLED
    assert {card.id for card in CATALOGUE} <= set(ids)


def test_the_line_below_the_menu_says_family_size_and_licence():
    for card in CATALOGUE:
        line = model_picker.about(card.id)["text"]
        assert card.licence in line
        assert words.FAMILIES[card.family] in line
        assert (words.GATED in line) == card.gated
    assert words.OWN_MODEL in model_picker.about("somebody/something")["text"]


def test_memory_is_said_with_what_is_there():
    assert words.fits(200_000_000, 16_000_000_000) == "fits: needs 0.2 of 16 GB"
    assert words.fits(20_000_000_000, 16_000_000_000).startswith("does not fit: needs 20 of 16 GB")


@pytest.mark.parametrize(
    ("cost", "line"),
    [
        ((0.004, 97_000, None), "trains 0.4\u202f% · 97 kB"),
        ((0.34, 2_000_000, 21.0), "trains 34\u202f% · 2 MB · about 20 s"),
        ((1.0, 27_700_000, 130.0), "trains 100\u202f% · 27.7 MB · about 2 min"),
    ],
)
def test_a_methods_cost_is_one_line(cost: tuple, line: str):
    assert words.cost(*cost) == line


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_the_place_in_line_is_an_ordinal(number: int, said: str):
    assert words.ordinal(number) == said


def test_the_button_counts():
    assert [words.train_button(n) for n in (0, 1, 3)] == [
        "Tick a method to train",
        "Train 1 method",
        "Train 3 methods",
    ]


def test_a_run_stays_in_the_picture_only_on_the_selection_it_was_made_on(tmp_path: Path):
    store = Store(tmp_path)
    run = store.visible(start(store, OWNER), OWNER)

    assert selection().matches(run)
    assert not selection(seed=1).matches(run)
    assert not selection(model="somebody/something").matches(run)
    assert not selection(labels_per_class=5).matches(run)
    assert not selection(table=table(name="other.csv")).matches(run)
    assert not selection(task=Task("{text}", TASK.label_words, TASK.label_column)).matches(run)


def test_only_the_runs_that_are_there_and_may_be_seen_are_found(tmp_path: Path):
    with Playground(tmp_path) as playground:
        run_id = start(Store(tmp_path), OWNER)
        (run,) = visible_runs(playground, [run_id, "gone"], OWNER)
        assert run.id == run_id
        assert visible_runs(playground, [run_id], "s" * 32) == []


def test_a_seed_that_is_no_number_is_said_in_a_sentence():
    assert whole(3) == 3
    for typed in (None, 1.5, "3", True):
        with pytest.raises(UserError, match="whole number"):
            whole(typed)
