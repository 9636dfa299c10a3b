"""A run's events as the points and facts the page draws."""

from playground.events import Evaluated, Failed, Finished, Loading, Noted
from playground.ui.components.curves import parts, whole
from tests.runs.making import started, step, stopped


def right(number: int, part: str = "held_out", one_label: str = "") -> Evaluated:
    return Evaluated(number, part, accuracy=0.75, loss=0.5, n=16, one_label=one_label)


def test_every_event_finds_its_curve_or_its_fact():
    events = [Loading("the model", 0.0), started(), right(0), step(1), right(1, "validation")]
    before, going = parts(events)

    assert before.cut is None
    assert before.facts == {"doing": "the model"}
    assert going.cut == 0
    assert going.loss == [[1, 0.5, 1.0]]
    assert going.held_out == [[0, 0.75]]
    assert going.validation == [[1, 0.75]]
    assert (going.facts["steps"], going.facts["labels"], going.facts["trainable"]) == (9, 2, 10)


def test_a_resumed_run_forgets_the_steps_after_its_checkpoint():
    events = [started(), step(1), step(2), right(2), step(3), started(resumed_from=1), step(2)]
    run = whole(events)

    assert [point[0] for point in run.loss] == [1, 2]
    assert run.held_out == []
    assert run.facts["resumed_from"] == 1


def test_an_alarm_stands_until_the_run_gives_more_than_one_label_again():
    assert "“pos” to every example" in whole([right(5, one_label="pos")]).facts["alarm"]
    assert whole([right(5, one_label="pos"), right(6)]).facts["alarm"] == ""


def test_the_end_is_said_in_words():
    early = Finished(60, 12, 21.4, True, peak_bytes=1, adapter_bytes=2, steps_per_second=1.0)
    late = Finished(60, 60, 21.4, False, peak_bytes=1, adapter_bytes=2, steps_per_second=1.0)

    assert whole([early]).facts["ending"].startswith("finished early at step 60")
    assert whole([early]).facts["ending"].endswith("kept step 12")
    assert whole([late]).facts["ending"] == "finished: 60 steps in 21 s"
    assert whole([stopped(7)]).facts["ending"] == "stopped at step 7; what it learnt is kept"
    assert whole([stopped(0)]).facts["ending"] == "stopped before it began"
    assert whole([Failed("no room. Take less.")]).facts["ending"] == "no room. Take less."
    assert whole([Noted("only 3 examples")]).facts["note"] == "only 3 examples"
