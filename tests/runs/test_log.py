"""events.jsonl: whole lines, a cursor in bytes, a torn end."""

import math
import resource
from dataclasses import replace

import pytest

from playground import limits
from playground.events import Noted, Step, to_line
from playground.runs import log
from tests.runs.making import started, step


def test_a_reader_gets_what_is_new_since_its_cursor(tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, Noted("one"))
    first, cursor = log.read(path)
    log.append(path, Noted("two – with a dash"))
    second, end = log.read(path, cursor)

    assert first == [Noted("one")]
    assert second == [Noted("two – with a dash")]
    assert log.read(path, end) == ([], end)


def test_at_most_so_many_events_come_at_once_and_none_is_lost(tmp_path):
    path = tmp_path / "events.jsonl"
    for number in range(5):
        log.append(path, Noted(str(number)))

    first, cursor = log.read(path, most=3)
    rest, _ = log.read(path, cursor, most=3)

    assert [event.text for event in first + rest] == list("01234")
    assert len(first) == 3


def test_a_line_torn_by_a_kill_is_left_out_and_cut_off_by_the_next_writer(tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, Noted("whole"))
    with path.open("a") as file:
        file.write('{"event": "Noted", "te')

    seen, cursor = log.read(path)
    assert seen == [Noted("whole")]
    assert log.last(path) == Noted("whole")
    log.append(path, Noted("after"))
    assert log.read(path, cursor)[0] == [Noted("after")]


def test_a_cursor_that_is_not_the_end_of_a_line_starts_over(tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, Noted("one"))

    for cursor in (3, 10_000, -5):
        assert log.read(path, cursor)[0] == [Noted("one")], cursor


def test_a_run_without_a_log_has_no_events(tmp_path):
    assert log.read(tmp_path / "events.jsonl", 7) == ([], 0)
    assert log.last(tmp_path / "events.jsonl") is None


def test_the_curve_leaves_out_steps_that_a_resumed_run_took_anew():
    events = [started(), step(1), step(2), step(3), started(2), step(3), step(4)]

    kept = [event.step for event in log.curve(events) if hasattr(event, "step")]

    assert kept == [1, 2, 3, 4]


HALF = '{"event": "Step", "step": 2, "lo'
DAMAGES = {
    "half a line and a whole one in its place": HALF,
    "half a line": HALF + "\n",
    "NULs": "\0" * 50 + "\n",
    "NULs before a whole line": "\0" * 50,
    "an unknown event": '{"event": "Unknown", "text": "x"}\n',
    "a long line": "x" * 3_000_000 + "\n",
    "a long line without an end": "x" * 3_000_000,
    "a number": "3\n",
    "deep nesting": "[" * 100_000 + "\n",
    "many beginnings": '{"event": ' * 50_000 + "\n",
    "bytes that are no text": b"\xff\xfe\xff",
    "another type": '{"event": "Step", "step": "2", "loss": 1, "learning_rate": 1, "seconds": 1}\n',
    "more than time has": '{"event": "Queued", "time": 1e999}\n',
    "more than there are": f'{{"event": "Step", "step": {10**400}, "loss": 1.0}}\n',
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_whole_events_before_and_after_damage_are_read_and_it_is_said_once(damage, tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, Noted("before"))
    _, early = log.read(path)
    with path.open("ab") as file:
        file.write(damage if isinstance(damage, bytes) else damage.encode())
        file.write((to_line(step(7)) + to_line(Noted("after"))).encode())

    everything, cursor = log.read(path)

    assert everything == [Noted("before"), log.DAMAGE, step(7), Noted("after")]
    assert log.read(path, early)[0] == everything[1:], "a cursor from before stays valid"
    assert log.read(path, cursor) == ([], cursor)
    assert log.last(path) == Noted("after")
    log.append(path, step(8))
    assert log.read(path, cursor)[0] == [step(8)]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_last_event_is_the_last_whole_one_however_much_comes_after_it(damage, tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, step(1))
    with path.open("ab") as file:
        file.write(damage if isinstance(damage, bytes) else damage.encode())

    assert log.last(path) == step(1)
    log.append(path, step(2))
    assert [event for event in log.read(path)[0] if event != log.DAMAGE] == [step(1), step(2)]


def test_a_long_event_is_read_as_any_other(tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, Noted("x" * 100_000))

    assert log.last(path) == Noted("x" * 100_000)
    assert log.read(path)[0] == [Noted("x" * 100_000)]


def test_a_line_without_end_is_read_no_further_than_logs_are(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "EVENT_BYTES", 100)
    monkeypatch.setattr(limits, "EVENTS_BYTES", 1_000)
    with (tmp_path / "events.jsonl").open("w+b") as file:
        file.truncate(1_000_000)

        assert len(log._line(file)) == 100
        assert file.tell() == 1_000


def test_a_write_that_a_full_disk_cut_short_is_taken_back(tmp_path):
    path = tmp_path / "events.jsonl"
    writer = log.Writer(path)
    writer.append(Noted("before"))
    size, limits = path.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            writer.append(Noted("as long as does not fit"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.stat().st_size == size
    with path.open("a") as file:
        file.write(HALF)  # of a writer that could not even take it back
    writer.append(Noted("after"))
    writer.close()
    assert (HALF + "\n").encode() in path.read_bytes(), "on a fresh line"

    assert log.read(path)[0] == [Noted("before"), log.DAMAGE, Noted("after")]


def test_a_diverged_loss_is_an_event_like_any_other(tmp_path):
    path = tmp_path / "events.jsonl"
    log.append(path, replace(step(1), loss=float("nan")))

    assert math.isnan(log.read(path)[0][0].loss)
    assert isinstance(log.last(path), Step)
