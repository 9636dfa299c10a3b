"""A model that ends the asking process is not tried again at once."""

from playground.inference.lost import MOST, Lost

ADA, BOB = "ada's address", "bob's"


def test_a_model_is_remembered_for_a_while():
    lost, over = Lost(), Lost(seconds=0.0)
    lost.remember(ADA, "owner/bad")
    over.remember(ADA, "owner/bad")

    assert lost.remembers(ADA, "owner/bad")
    assert not lost.remembers(ADA, "owner/good")
    assert not lost.remembers(BOB, "owner/bad")
    assert not over.remembers(ADA, "owner/bad")


def test_a_folder_that_was_mended_is_asked_again(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    lost = Lost()
    lost.remember(ADA, str(tmp_path))
    assert lost.remembers(ADA, str(tmp_path))

    (tmp_path / "config.json").write_text("{ }")

    assert not lost.remembers(ADA, str(tmp_path))


def test_what_ships_and_what_is_no_model_are_never_held_against_anybody():
    lost = Lost()
    for model in ("bundled", "bundled-masked", None, 3):
        lost.remember(ADA, model)

    assert not any(lost.remembers(ADA, model) for model in ("bundled", "bundled-masked", None, 3))


def test_few_are_remembered_at_a_time():
    lost = Lost()
    for number in range(MOST + 1):
        lost.remember(ADA, f"owner/{number}")

    assert not lost.remembers(ADA, "owner/0")
    assert lost.remembers(ADA, f"owner/{MOST}")
