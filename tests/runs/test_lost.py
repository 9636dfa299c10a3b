"""A model that ends the asking process is not tried again at once."""

from playground.runs.lost import MOST, Lost


def test_a_model_is_remembered_for_a_while():
    lost, over = Lost(), Lost(seconds=0.0)
    lost.remember("owner/bad")
    over.remember("owner/bad")

    assert lost.remembers("owner/bad")
    assert not lost.remembers("owner/good")
    assert not over.remembers("owner/bad")


def test_a_folder_that_was_mended_is_asked_again(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    lost = Lost()
    lost.remember(str(tmp_path))
    assert lost.remembers(str(tmp_path))

    (tmp_path / "config.json").write_text("{ }")

    assert not lost.remembers(str(tmp_path))


def test_what_ships_and_what_is_no_model_are_never_held_against_anybody():
    lost = Lost()
    for model in ("bundled", "bundled-masked", None, 3):
        lost.remember(model)

    assert not any(lost.remembers(model) for model in ("bundled", "bundled-masked", None, 3))


def test_few_are_remembered_at_a_time():
    lost = Lost()
    for number in range(MOST + 1):
        lost.remember(f"owner/{number}")

    assert not lost.remembers("owner/0")
    assert lost.remembers(f"owner/{MOST}")
