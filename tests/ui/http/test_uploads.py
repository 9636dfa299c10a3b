"""What visitors send lies in a folder of the home's own, and not for ever."""

from pathlib import Path

import pytest

from playground import limits
from playground.runs import sweeping
from playground.ui.http import uploads


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
    one = uploads.Uploads(lambda scope, receive, send: None)
    one._lying[path] = ("somebody", 10, 0.0)
    monkeypatch.setattr("time.monotonic", lambda: 1.0)
    monkeypatch.setattr("time.time", lambda: 1e12)
    monkeypatch.setattr(limits, "UPLOAD_SECONDS", seconds)

    assert one._refusal("somebody") == ""
    assert path.exists() is kept
