"""A model that ends the inference worker is not tried again at once."""

from playground.inference.lost import MOST, LostModels

ADA, BOB = "ada's address", "bob's"


def test_a_model_is_remembered_for_a_while():
    lost, over = LostModels(), LostModels(seconds=0.0)
    lost.remember(ADA, "owner/bad")
    over.remember(ADA, "owner/bad")

    assert lost.remembers(ADA, "owner/bad")
    assert not lost.remembers(ADA, "owner/good")
    assert not lost.remembers(BOB, "owner/bad")
    assert not over.remembers(ADA, "owner/bad")


def test_a_folder_that_was_mended_is_asked_again(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    lost = LostModels()
    lost.remember(ADA, str(tmp_path))
    assert lost.remembers(ADA, str(tmp_path))

    (tmp_path / "config.json").write_text("{ }")

    assert not lost.remembers(ADA, str(tmp_path))


def test_what_ships_and_what_names_none_are_never_held_against_anybody():
    lost = LostModels()
    for model in ("bundled", "bundled-masked", ""):
        lost.remember(ADA, model)

    assert not any(lost.remembers(ADA, model) for model in ("bundled", "bundled-masked", ""))


def test_few_are_remembered_at_a_time():
    lost = LostModels()
    for number in range(MOST + 1):
        lost.remember(ADA, f"owner/{number}")

    assert not lost.remembers(ADA, "owner/0")
    assert lost.remembers(ADA, f"owner/{MOST}")
