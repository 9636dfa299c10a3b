"""The status of a run, and what a page may show of it."""

import pytest

from playground.events import Failed, Finished, Loading, Noted, Queued
from playground.runs.record import status, without_paths
from tests.runs.making import started, step, stopped

FINISHED = Finished(9, 9, 1.0, False, 1, 1, 9.0)


@pytest.mark.parametrize(
    ("last", "locked", "stop", "expected"),
    [
        (Queued(1.0), False, False, "queued"),
        (Queued(1.0), True, False, "starting"),
        (Loading("the model", 1.0), True, False, "starting"),
        (started(), True, False, "running"),
        (step(3), True, False, "running"),
        (step(3), True, True, "stopping"),
        (step(3), False, False, "died"),
        (step(3), False, True, "died"),
        (Loading("the model", 1.0), False, False, "died"),
        (Noted("a word"), False, False, "died"),
        (FINISHED, False, False, "finished"),
        (FINISHED, True, False, "finished"),
        (stopped(3), False, True, "stopped"),
        (Failed("why"), True, False, "failed"),
    ],
)
def test_the_status_follows_from_the_last_event_and_the_lock(last, locked, stop, expected):
    assert status(last, locked, stop) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('File "/home/ada/work/x.py", line 3', 'File "x.py", line 3'),
        ("see ~/models/big/config.json.", "see config.json."),
        ("loss 1/2 and/or 3/4", "loss 1/2 and/or 3/4"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("mkdir /srv/data/: denied", "mkdir …: denied"),
    ],
)
def test_paths_of_the_machine_are_cut_to_their_last_part(text, shown):
    assert without_paths(text) == shown
