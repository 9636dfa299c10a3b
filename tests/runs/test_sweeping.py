"""A home does not grow without end, and no clock takes anything away."""

import os
import zipfile
from pathlib import Path

import pytest

from playground import limits
from playground.data.building import assembled
from playground.errors import UserError
from playground.events import Finished
from playground.runs import changes, drafts, exports, files, sweeping
from playground.runs.kept_tables import KeptTables
from playground.runs.locks import Lock
from playground.runs.process_logs import open_log, shorten
from playground.runs.quotas import Quota
from playground.runs.store import Store
from tests.runs.making import happened, start, started, stopped

ADA, BOB, ADDRESS = "ada's secret token", "bob's secret token", "203.0.113.7"
DAY = 86_400 * 10**9  # nanoseconds
FINISHED = Finished(9, 9, 1.0, False, 1, 1, 9.0)


def over(store: Store, owner: str = "", origin: str = "") -> str:
    run_id = start(store, owner, origin)
    happened(store.folder / run_id, started(), stopped(0))
    return run_id


def test_an_owner_keeps_so_many_runs_and_a_further_one_is_refused_with_the_way_out(tmp_path):
    store = Store(tmp_path, Quota(runs=3))
    kept = [over(store, ADA, ADDRESS) for _ in range(3)]

    with pytest.raises(UserError, match="Delete some in the Runs tab"):
        start(store, ADA, ADDRESS)
    assert start(store, BOB, ADDRESS), "others may"
    changes.delete(store.owned(kept[0], ADA), store)
    assert start(store, ADA, ADDRESS)
    assert {one.id for one in store.own(ADA)} >= set(kept[1:]), "nothing is deleted by itself"


def test_invented_owners_of_one_address_keep_no_more_than_that_address_may(tmp_path):
    store = Store(tmp_path, Quota(runs=2, near_runs=6))
    for number in range(6):
        over(store, f"invented owner {number}", ADDRESS)

    with pytest.raises(UserError, match="Your address's 6 runs"):
        start(store, "one more invented", ADDRESS)
    assert start(store, "one more invented", "198.51.100.2")
    assert start(store), "a script of this machine"


def test_an_owners_runs_take_their_share_of_the_disk_and_the_largest_are_named(tmp_path):
    store = Store(tmp_path, Quota(share=1e-12))
    run_id = over(store, ADA)
    changes.rename(store.owned(run_id, ADA), "the large one")

    with pytest.raises(UserError, match=r"the largest: 'the large one' \("):
        start(store, ADA)
    assert start(store, BOB)


def lain(folder: Path, *sizes: int) -> list[Path]:
    """Files of these sizes, each used later than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, size in enumerate(sizes):
        path = folder / f"{number}.json"
        path.write_bytes(b"x" * size)
        sweeping.used(path, folder)
        found.append(path)
    return found


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in files.plain_files(folder))


def test_what_was_used_longest_ago_goes_first_and_the_latest_stays(tmp_path):
    first, *_ = lain(tmp_path / "tables", 10, 10, 10, 10)
    sweeping.used(first, tmp_path / "tables")

    sweeping.keep_within(tmp_path / "tables", room=29)
    assert left(tmp_path / "tables") == ["0.json", "3.json"]
    sweeping.keep_within(tmp_path / "tables", room=0)
    assert left(tmp_path / "tables") == ["0.json"], "the one in use"


@pytest.mark.parametrize("shift", [-DAY, DAY, -10_000 * DAY])
def test_a_clock_that_is_wrong_takes_nothing_away(shift, tmp_path):
    lain(tmp_path / "tables", 10, 10, 10)
    for path in files.plain_files(tmp_path / "tables"):  # as a clock set back or ahead leaves them
        stamp = max(0, os.lstat(path).st_mtime_ns + shift)
        os.utime(path, ns=(stamp, stamp))
    (latest,) = lain(tmp_path / "tables", 11)

    sweeping.sweep(tmp_path)
    assert len(left(tmp_path / "tables")) == 3
    sweeping.keep_within(tmp_path / "tables", room=11)
    assert left(tmp_path / "tables") == [latest.name], "used last, whatever the stamps say"


def test_tables_are_kept_by_use_and_not_by_time(tmp_path):
    table = assembled("t", ("text", "label"), [{"text": "a", "label": "b"}], (2,))
    KeptTables(tmp_path).save("id", table)
    (path,) = (tmp_path / "tables").iterdir()
    os.utime(path, ns=(0, 0))

    assert KeptTables(tmp_path).load("id") == table
    path.write_text("[" * 100_000)
    assert KeptTables(tmp_path).load("id") is None


def test_a_run_has_one_zip_of_a_kind_and_none_once_it_is_deleted(tmp_path):
    store = Store(tmp_path)
    run_id = over(store, ADA)
    made = (("adapter", "first.zip"), ("adapter", "second.zip"), ("merged", "second-merged.zip"))
    for kind, name in made:
        with drafts.draft(tmp_path) as place:
            with exports.archive(place / "zip") as archive:
                archive.writestr("a", "b")
            path = exports.keep(tmp_path, place / "zip", run_id, kind, name)
        assert path.name == name
        assert zipfile.is_zipfile(path)
        assert path.stat().st_mode & 0o077 == 0

    assert not [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]
    assert left(tmp_path / "exports") == ["second-merged.zip", "second.zip"]
    assert left(tmp_path / "drafts") == []
    changes.delete(store.owned(run_id, ADA), store)
    assert not files.entries(tmp_path / "exports")


def test_what_a_killed_process_left_goes_but_not_what_somebody_is_making(tmp_path):
    (tmp_path / "drafts" / "left").mkdir(parents=True)
    (tmp_path / "drafts" / "left" / "file").write_text("x")
    (tmp_path / "drafts" / "link").symlink_to(tmp_path)

    with drafts.draft(tmp_path) as place:
        (place / "file").touch()
        sweeping.sweep(tmp_path)
        assert (place / "file").exists()
    sweeping.sweep(tmp_path)

    assert files.entries(tmp_path / "drafts") == []
    assert tmp_path.is_dir()


def test_a_finished_run_keeps_no_checkpoint_and_one_that_may_go_on_does(tmp_path):
    store = Store(tmp_path)
    for end, kept in ((FINISHED, False), (stopped(4), True)):
        folder = store.folder / start(store)
        (folder / "checkpoint").mkdir()
        (folder / "checkpoint" / "state.safetensors").touch()
        (folder / "old-name.zip").touch()
        happened(folder, started(), end)
        lock = Lock(folder / "lock")
        lock.acquire()
        sweeping.tidy(folder)
        assert (folder / "checkpoint").exists(), "somebody is at it"
        lock.release()

        sweeping.tidy(folder)

        assert (folder / "checkpoint").exists() is kept
        assert not (folder / "old-name.zip").exists()
        assert (folder / "spec.json").exists()


def test_a_log_is_cut_down_to_its_end_while_somebody_writes_to_it(tmp_path):
    with open_log(tmp_path / "asking.log") as log:
        for number in range(1_000):
            log.write(b"line %d\n" % number)
        log.flush()
        shorten(tmp_path / "asking.log", 4_000)
        log.write(b"the last\n")

    text = (tmp_path / "asking.log").read_text()
    assert text.endswith("line 999\nthe last\n")
    assert len(text) <= 1_100


def test_the_queue_is_in_the_order_of_coming_though_the_clock_was_set_back(tmp_path, monkeypatch):
    store = Store(tmp_path)
    runs = []
    for now in (2e9, 1e9, 1.5e9):
        monkeypatch.setattr("time.time", lambda now=now: now)
        runs.append(start(store))

    assert [one.id for one in store.line(store.all())] == runs


def test_a_disk_that_is_nearly_full_begins_no_run(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "FREE_BYTES", 2**62)
    monkeypatch.setattr(limits, "FREE_SHARE", 1.0)
    store = Store(tmp_path)

    with pytest.raises(UserError, match="of the server's disk are free"):
        start(store)
    assert store.all() == []
    monkeypatch.undo()
    monkeypatch.setattr(limits, "HOME_RUNS", 1)
    start(store)
    with pytest.raises(UserError, match="they are all there"):
        start(store)
