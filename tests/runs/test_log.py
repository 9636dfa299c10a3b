"""events.jsonl: whole lines, a cursor in bytes, a torn end."""

from playground.events import Noted
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
