"""Ids from outside, and files that are whole or not there."""

import pytest

from playground.errors import UserError
from playground.runs import files


@pytest.mark.parametrize(
    "run_id", ["", "..", "../" * 8 + "etc", "a" * 15, "a/b" * 8, None, "a" * 99]
)
def test_text_that_cannot_be_an_id_never_becomes_a_path(run_id, tmp_path):
    with pytest.raises(UserError, match="There is no run"):
        files.run_folder(tmp_path, run_id)


def test_a_new_id_is_a_place_of_its_own(tmp_path):
    ids = {files.new_id() for _ in range(100)}

    assert len({files.run_folder(tmp_path, run_id) for run_id in ids}) == 100


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path):
    files.write(tmp_path / "name", "one")
    files.write(tmp_path / "name", "two")

    assert files.read(tmp_path / "name") == "two"
    assert [file.name for file in tmp_path.iterdir()] == ["name"]
    assert (tmp_path / "name").stat().st_mode & 0o077 == 0


def test_a_folder_takes_the_place_of_an_older_one(tmp_path):
    for text in ("old", "new"):
        (tmp_path / "draft").mkdir()
        (tmp_path / "draft" / "weights").write_text(text)
        files.replace_folder(tmp_path / "draft", tmp_path / "adapter")

    assert (tmp_path / "adapter" / "weights").read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["adapter"]
    assert files.folder_bytes(tmp_path / "adapter") == 3
    assert files.folder_bytes(tmp_path / "missing") == 0
