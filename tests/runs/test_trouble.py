"""Trouble with the home is told in a sentence, and never more than that."""

import contextlib
import errno
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from playground import Playground
from playground.errors import UserError
from playground.executors.failures import Reported, sentence
from playground.runs import trouble
from playground.runs.kept_tables import KeptTables
from playground.runs.locks import is_held
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from playground.training import checkpoint
from playground.training.checkpoint import Learnt, Position
from tests.executors.test_queue import Hall
from tests.runs.making import TASK, happened, start, started, step, stopped, table
from tests.waiting import until

SPEC = RunSpec(TASK, labels_per_class=4)


@contextlib.contextmanager
def no_room(size: int = 0) -> Iterator[None]:
    """No file may become longer than this, which is as near as a test comes to a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def acts(playground: Playground, run_id: str) -> dict:
    """Everything that writes to the home."""
    return {
        "start": lambda: playground.start(SPEC, table()),
        "resume": lambda: playground.resume(run_id),
        "rename": lambda: playground.rename(run_id, "another"),
        "export": lambda: playground.export(run_id),
    }


def learnt(home: Path) -> str:
    """A stopped run with something to take away."""
    store = Store(home)
    run_id = start(store)
    folder = store.folder / run_id
    happened(folder, started(), step(1), stopped(1))
    (folder / "adapter").mkdir()
    (folder / "adapter" / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    plan = dict.fromkeys(("objective", "steps", "batch_size", "learning_rate"), 1)
    plan |= dict.fromkeys(("weight_decay", "schedule", "warmup", "evaluate_every", "patience"), 1)
    facts = {"family": "causal", "start_ids": [], "end_ids": [], "max_length": 9, "plan": plan}
    (folder / "facts.json").write_text(str(facts).replace("'", '"'))
    return run_id


@pytest.mark.parametrize("act", ["start", "resume", "rename", "export"])
def test_a_full_disk_is_told_and_nothing_is_lost_or_left(act, tmp_path):
    run_id = learnt(tmp_path)
    with Playground(tmp_path, Hall(())) as playground:
        before = playground.record(run_id)
        with no_room(), pytest.raises(UserError, match="larger than this system allows"):
            acts(playground, run_id)[act]()

        assert [one.status for one in playground.runs()] == ["stopped"]
        assert playground.record(run_id).events() == before.events()
        assert not [path for path in tmp_path.rglob(".*")]
        assert not list((tmp_path / "drafts").glob("*"))
        assert acts(playground, run_id)[act]() != before, "once there is room again"


def test_a_home_that_is_gone_is_told_and_the_server_can_still_be_closed(tmp_path):
    home = tmp_path / "home"
    run_id = learnt(home)
    hall = Hall(())
    with Playground(home, hall) as playground:
        shutil.rmtree(home)
        looks = {"runs": playground.runs, "queue": playground.queue, "tasks": playground.tasks}
        looks |= {"record": lambda: playground.record(run_id)}
        looks |= {"events": lambda: playground.events(run_id)}
        looks |= {"follow": lambda: next(playground.follow(run_id))}
        for look in (looks | acts(playground, run_id)).values():
            with pytest.raises(UserError, match="not there any more"):
                look()
    assert hall.closed


def test_a_home_that_is_gone_is_not_made_again_by_what_is_kept_beside_runs(tmp_path):
    KeptTables(tmp_path / "gone").save("a" * 22, table())

    assert not (tmp_path / "gone").exists()


def test_what_cannot_be_a_home_is_told_with_the_way_out(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "runs").touch()

    for home in ("file", "file/below", "ring", "taken"):
        with pytest.raises(UserError, match="PLAYGROUND_HOME") as error:
            Playground(tmp_path / home)
        assert str(tmp_path) not in str(error.value)


def test_closing_closes_all_though_one_part_fails(tmp_path):
    class Stuck(Hall):
        def close(self) -> None:
            raise RuntimeError("stuck")

    playground = Playground(tmp_path, Stuck(()))
    playground.start(SPEC, table())
    until(lambda: is_held(tmp_path / "scheduler.lock"))
    with pytest.raises(RuntimeError, match="stuck"):
        playground.close()

    assert not is_held(tmp_path / "scheduler.lock"), "another server takes over"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk that holds the runs is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "is full"),
        (OSError(errno.EROFS, "Read-only file system"), "may not write"),
        (RuntimeError("Error: I/O error: No space left on device (os error 28)"), "is full"),
    ],
)
def test_whoever_meets_a_full_disk_says_the_same(error, said):
    assert said in sentence(error)
    if isinstance(error, OSError):
        with pytest.raises(UserError, match=said), trouble.told():
            raise error


def test_a_checkpoint_that_does_not_fit_leaves_the_one_before(tmp_path):
    weight = torch.nn.Parameter(torch.ones(4_000))
    kept = Learnt({"w": weight}, torch.optim.AdamW([weight]), {}, {})
    checkpoint.write(tmp_path, Position("float32", 8, step=3), kept)

    with no_room(2_000), pytest.raises(Exception, match="os error") as error:
        checkpoint.write(tmp_path, Position("float32", 8, step=4), kept)

    assert "larger than this system allows" in sentence(error.value)
    assert checkpoint.read_position(tmp_path).step == 3
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.NAME]


def test_the_home_is_closed_to_others_again_and_nothing_else_is(tmp_path):
    run_id = learnt(tmp_path)
    outside = tmp_path / "not-ours"
    outside.touch(mode=0o644)
    (tmp_path / "asking.log").touch(mode=0o644)
    (tmp_path / "runs" / run_id / "link").symlink_to(outside)
    for path in (tmp_path / "runs").rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    tmp_path.chmod(0o755)

    Playground(tmp_path).close()

    ours = [tmp_path / "asking.log", *(tmp_path / "runs").rglob("*")]
    assert not [path for path in ours if not path.is_symlink() and path.stat().st_mode & 0o077]
    assert (outside.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777) == (0o644, 0o755)


def test_nothing_is_followed_out_of_the_home(tmp_path):
    outside = tmp_path / "outside"
    (outside / "adapter").mkdir(parents=True)
    (outside / "adapter" / "kept").write_text("secret")
    home = tmp_path / "home"
    run_id = learnt(home)
    folder = home / "runs" / run_id
    for name in ("secret.txt", "folder"):
        (folder / "adapter" / name).symlink_to(outside)
    (home / "exports").mkdir()
    (home / "exports" / run_id).symlink_to(outside)
    with Playground(home, Hall(())) as playground:
        zipped = playground.export(run_id)
        assert b"secret" not in zipped.read_bytes()
        assert home in zipped.resolve().parents
        (folder / "checkpoint").symlink_to(outside)
        playground.delete(run_id)

    assert (outside / "adapter" / "kept").read_text() == "secret"


def test_a_panic_of_a_library_is_told_and_ends_no_process():
    class Panic(BaseException):
        """What a library's Rust part raises."""

    said = []
    with Reported(said.append):
        raise Panic("index out of bounds")

    assert "index out of bounds" in said[0]
    with pytest.raises(SystemExit), Reported(said.append):
        raise SystemExit
    assert len(said) == 1
