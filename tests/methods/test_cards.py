"""The cards a page shows: read from source, equal to the real thing, and light."""

import dataclasses
import re
import subprocess
import sys

import pytest

from playground.errors import UserError
from playground.methods import METHODS, create
from playground.methods.cards import SHARED, cards, checked


@pytest.mark.parametrize("name", list(METHODS))
def test_a_card_says_what_importing_the_method_says(name: str) -> None:
    card, method = cards()[name], METHODS[name]
    own = [setting for setting in card.settings if setting.name not in SHARED]
    assert (card.title, card.paper) == (method.title, method.paper)
    assert card.tier == getattr(method, "tier", "main")
    assert card.tier in ("main", "more")
    assert card.head == getattr(method, "head", False)
    assert card.about.split() == method.__doc__.split()
    for setting, field in zip(own, dataclasses.fields(method), strict=True):
        assert (setting.name, setting.default) == (field.name, field.default)
        assert setting.kind == type(field.default).__name__
        found = {key: getattr(setting, key) for key in ("help", "low", "high", "choices")}
        assert found == dict(field.metadata)


@pytest.mark.parametrize("name", list(METHODS))
def test_a_default_lies_within_its_own_range(name: str) -> None:
    assert checked(name, {}) == {one.name: one.default for one in cards()[name].settings}
    for setting in cards()[name].settings:
        assert checked(name, {setting.name: setting.default}), setting.name


@pytest.mark.parametrize("name", list(METHODS))
def test_a_card_names_its_source(name: str) -> None:
    card = cards()[name]
    assert card.paper.startswith("https://")
    assert card.about
    assert {"learning_rate", "steps", "batch_size"} <= {s.name for s in card.settings}


def test_reading_the_cards_imports_neither_torch_nor_peft() -> None:
    code = (
        "import sys; from playground.methods.cards import cards; assert cards();"
        "sys.exit(bool({'torch', 'peft', 'transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"rank": 0}, "rank is 0. Choose a number from 1 to 64"),
        ({"rank": "8"}, "rank is '8'"),
        ({"rank": True}, "rank is True"),
        ({"rank": 8.5}, "rank is 8.5"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"placement": "everywhere"}, "Choose one of attention, feed-forward, all linear"),
        ({"rnak": 8}, "LoRA has no setting 'rnak'. Its settings are rank, alpha"),
    ],
)
def test_a_wrong_setting_is_a_sentence_with_the_value_and_the_way_out(
    settings: dict, said: str
) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        checked("lora", settings)


def test_an_unknown_method_is_named_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no method 'magic'\. Choose one of .*adapter, .*lora"):
        checked("magic", {})


def test_a_text_too_long_for_a_setting_is_refused() -> None:
    with pytest.raises(UserError, match="text has 5,000 characters"):
        checked("soft_prompt", {"text": "a" * 5000})


def test_numbers_from_sliders_and_json_take_the_setting_s_kind() -> None:
    method = create("lora", {"rank": 4.0, "alpha": 8, "objective": "all words"})
    assert (method.rank, method.alpha) == (4, 8.0)
    assert isinstance(method.rank, int)
    assert isinstance(method.alpha, float)


def test_only_what_answers_with_label_words_has_a_choice_of_what_competes_with_them() -> None:
    assert {"classifier_head", "linear_probe"} <= {n for n, card in cards().items() if card.head}
    for card in cards().values():
        assert ("objective" in {one.name for one in card.settings}) == (not card.head)
    with pytest.raises(UserError, match="Linear probe has no setting 'objective'"):
        checked("linear_probe", {"objective": "label words"})


def test_a_run_whose_head_was_given_that_choice_can_still_be_opened() -> None:
    assert create("linear_probe", {"steps": 3, "objective": "label words"}).steps == 3
