"""What visitors send lies in a folder of the home's own, and not for ever."""

from pathlib import Path

import pytest

from playground import limits
from playground.runs import sweeping
from playground.ui.http import uploads
from playground.ui.http.unread import Unread


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = uploads.uploads_folder(tmp_path)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(made))
    return made


def sent(folder: Path, name: str) -> Path:
    """A file of ten bytes in a folder of its own, as gradio puts it down."""
    (folder / name).mkdir()
    path = folder / name / "table.csv"
    path.write_text("x" * 10)
    sweeping.used(path, folder)
    return path


def test_the_folder_is_closed_to_others(folder):
    assert folder.stat().st_mode & 0o077 == 0


def test_what_was_sent_longest_ago_goes_where_there_is_no_more_room(folder, monkeypatch):
    first, second, third = (sent(folder, name) for name in "abc")
    monkeypatch.setattr(limits, "UPLOADS_BYTES", 25)

    uploads.sweep()

    assert (first.exists(), second.exists(), third.exists()) == (False, True, True)
    assert not first.parent.exists()


def test_a_folder_that_other_pages_use_too_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    (tmp_path / "gradio").mkdir()
    kept = [sent(tmp_path / "gradio", name) for name in "abc"]
    monkeypatch.setattr(limits, "UPLOADS_BYTES", 0)

    uploads.sweep()

    assert all(path.exists() for path in kept)


@pytest.mark.parametrize(("seconds", "kept"), [(3_600, True), (-1, False)])
def test_what_nobody_reads_is_deleted_after_a_while_by_no_clock_that_is_set(
    seconds, kept, folder, monkeypatch
):
    path = sent(folder, "a")
    unread = Unread()
    monkeypatch.setattr("time.monotonic", lambda: 1.0)
    unread.came("somebody", path, 10)
    monkeypatch.setattr("time.time", lambda: 1e12)
    monkeypatch.setattr(limits, "UPLOAD_SECONDS", seconds)

    assert unread.refusal("somebody") == ""
    assert path.exists() is kept


def test_a_file_that_several_have_sent_lies_here_until_all_have_read_it(folder):
    path, unread = sent(folder, "a"), Unread()
    for whose in ("ada", "bob", "bob"):
        unread.came(whose, path, 10)

    for whose, kept in (("ada", True), ("ada", True), ("bob", True), ("bob", False)):
        unread.read(whose, path)
        assert path.exists() is kept


def test_a_file_that_is_read_while_it_comes_again_is_there_for_whoever_sends_it(folder):
    path, unread = sent(folder, "a"), Unread()
    unread.came("ada", path, 10)

    with unread.coming():  # gradio has put it down, and has not said so yet
        unread.read("ada", path)
        assert path.exists()
        unread.came("bob", path, 10)

    assert path.exists()
    unread.read("bob", path)
    assert not path.exists()


def test_what_is_left_of_an_upload_that_broke_off_goes_with_the_last_on_its_way(folder):
    path, unread, broken = sent(folder, "a"), Unread(), folder / "tmp1"

    with unread.coming():
        with unread.coming():
            broken.write_text("half")
        assert broken.exists()

    assert path.exists()
    assert not broken.exists()


def test_one_file_of_a_room_counts_once_and_its_senders_each(folder, monkeypatch):
    path, unread = sent(folder, "a"), Unread()
    monkeypatch.setattr(limits, "UPLOADS_PER_ORIGIN_BYTES", 25)
    monkeypatch.setattr(limits, "UPLOADS_PER_ORIGIN", 4)

    for _ in range(4):
        assert unread.refusal("a room") == ""
        unread.came("a room", path, 10)

    assert unread.refusal("a room").startswith("4 files from your address (0 MB)")
