"""Whole arms asked in the background, and what is kept of their answers."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from playground import limits
from playground.comparisons import arms
from playground.comparisons.comparisons import Comparisons
from playground.comparisons.question import Question, subject
from playground.errors import UserError
from playground.executors.processes import Processes
from playground.inference.client import InferenceClient
from playground.inference.line import WHO, Who
from playground.runs import changes
from playground.runs.spec import RunSpec
from playground.runs.store import Store
from tests.runs.making import TASK, happened, start, started, stopped, table
from tests.waiting import until

PROMPTS = Question(shots=(0, 1, 2), spec=RunSpec(TASK, labels_per_class=4), table=table())


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def comparisons(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the parrot looks for its files
    client = InferenceClient(tmp_path, Processes(tmp_path, fork=False), "tests.inference.parrot")
    made = Comparisons(store, client)
    yield made
    made.close()
    client.close()


def finished(store, name="", content="weights", **changed):
    """A run that has an adapter."""
    run_id = start(store, name=name, **changed)
    folder = store.visible(run_id, changed.get("owner", "")).folder
    (folder / "adapter").mkdir()
    (folder / "adapter" / "adapter_model.safetensors").write_text(content)
    happened(folder, started(), stopped(4))
    return run_id


def asked(tmp_path):
    return (tmp_path / "order").read_text().splitlines()


def test_prompting_arms_need_no_run_and_are_done_one_by_one(comparisons):
    key = comparisons.request(PROMPTS)
    found = comparisons.wait(key, None)

    assert [arm.name for arm in found.arms] == ["zero-shot", "one-shot", "2-shot"]
    assert {arm.n for arm in found.arms} == {16}
    progress = comparisons.progress(key)
    assert progress.over
    assert [(arm.done, arm.total, arm.state) for arm in progress.arms] == [(16, 16, "done")] * 3
    assert found.arms[0].tokens_per_example == 3.0


def test_an_arm_with_the_nearest_may_show_every_labelled_example_and_no_draw_moves_it(
    comparisons, tmp_path
):
    question = dataclasses.replace(PROMPTS, shots=(0, 2), nearest=(2, 64))
    key = comparisons.request(question)
    found = comparisons.wait(key, None)
    before = asked(tmp_path)

    assert [arm.name for arm in found.arms] == [
        *("zero-shot", "2-shot", "2-shot nearest", "8-shot nearest"),
    ]
    assert [(arm.shots, arm.nearest) for arm in found.arms] == [
        *((0, False), (2, False), (2, True), (8, True)),
    ]
    zero, drawn, *nearest = (arm.bytes_per_task for arm in found.arms)
    assert zero == 0 < drawn < nearest[0] == nearest[1], "all labelled texts have to be kept"
    shown = comparisons.demonstrations(key)["2-shot"]
    words = [one.row["text"] + TASK.label_words[one.label] for one in shown]
    assert drawn == len("".join(words).encode())
    assert list(comparisons.demonstrations(key)) == ["zero-shot", "2-shot"]
    other = comparisons.request(dataclasses.replace(question, shots=(0,), seed=9))
    assert [arm.name for arm in comparisons.wait(other, None).arms[1:]] == [
        *("2-shot nearest", "8-shot nearest"),
    ]
    assert asked(tmp_path) == before, "nothing was asked anew"


@pytest.mark.parametrize("nearest", [(0,), (65,), (2, 2), (True,), (-1,)])
def test_a_number_of_nearest_that_cannot_be_is_refused(comparisons, nearest):
    with pytest.raises(UserError, match="shots"):
        comparisons.request(dataclasses.replace(PROMPTS, nearest=nearest))


def test_runs_are_compared_on_the_held_out_rows_they_share(comparisons, store):
    runs = (finished(store, "LoRA"), finished(store, "LoRA", settings={"rank": 2}))

    found = comparisons.wait(comparisons.request(Question(runs, shots=(0,))), "total")

    assert [arm.name for arm in found.arms] == ["zero-shot", "LoRA", "LoRA (2)"]
    assert [arm.run_id for arm in found.arms] == ["", *runs]
    assert (found.arms[1].trainable, found.arms[1].bytes_per_task) == (10, 2)
    assert found.rule == "total"


def test_the_same_question_is_asked_once_and_known_after_a_restart(comparisons, store, tmp_path):
    run = finished(store)
    question = Question((run,), shots=(0,))
    first = comparisons.wait(comparisons.request(question), None)
    before = asked(tmp_path)
    again = Comparisons(
        store, InferenceClient(tmp_path, Processes(tmp_path, fork=False), "tests.inference.parrot")
    )

    assert again.wait(again.request(question), None) == first
    assert asked(tmp_path) == before
    again.close()


def test_answers_are_asked_anew_when_the_adapter_changed_or_the_file_is_broken(
    comparisons, store, tmp_path
):
    run = finished(store, content="weights")
    question = Question((run,), shots=())
    comparisons.wait(comparisons.request(question), None)
    (first,) = (tmp_path / "answers").iterdir()
    first.write_text('{"name": "cut o')
    again = Comparisons(store, comparisons.client)
    again.wait(again.request(question), None)
    assert first.read_text().endswith("}"), "the broken file was written anew"
    count = len(asked(tmp_path))

    adapter = store.visible(run, "").folder / "adapter" / "adapter_model.safetensors"
    adapter.write_text("other weights")
    again.wait(again.request(question), None)

    assert len(asked(tmp_path)) > count
    assert len(list((tmp_path / "answers").iterdir())) == 2
    again.close()


def test_another_draw_of_demonstrations_is_another_question(comparisons, tmp_path):
    first = comparisons.request(dataclasses.replace(PROMPTS, shots=(0, 2)))
    second = comparisons.request(dataclasses.replace(PROMPTS, shots=(0, 2), seed=5))
    for key in (first, second):
        comparisons.wait(key, None)

    assert first != second
    assert len(list((tmp_path / "answers").iterdir())) == 3, "zero-shot is the same in both"


def test_more_shots_than_examples_are_as_many_as_there_are(comparisons):
    few = dataclasses.replace(PROMPTS, shots=(0, 8, 16))

    found = comparisons.wait(comparisons.request(few), None)

    assert [arm.name for arm in found.arms] == ["zero-shot", "8-shot"]
    assert found.arms[1].shots == 8


def test_runs_on_other_data_are_not_compared(comparisons, store):
    run, other = finished(store, "one"), finished(store, "two", seed=5)
    with pytest.raises(UserError, match="'one' and 'two' were not given the same held-out"):
        comparisons.request(Question((run, other)))

    more = dataclasses.replace(TASK, label_words={**TASK.label_words, "none": "neither"})
    other = finished(store, "three", task=more)
    with pytest.raises(UserError, match="has the labels 'pos', 'neg', 'three' 'pos', 'neg', 'no"):
        comparisons.request(Question((run, other)))


def test_labels_in_another_order_are_put_in_that_of_the_first_run(comparisons, store):
    flipped = dataclasses.replace(TASK, label_words=dict(reversed(TASK.label_words.items())))
    runs = (finished(store, "one"), finished(store, "two", task=flipped))

    found = comparisons.wait(comparisons.request(Question(runs, shots=())), None)

    assert found.labels == TASK.labels
    plans = arms.plans(subject(Question(runs, shots=()), store), Question(runs, shots=()))
    assert [plan.task.labels for plan in plans] == [TASK.labels] * 2


def test_a_run_that_has_learnt_nothing_cannot_be_asked(comparisons, store):
    run = start(store, name="new")
    with pytest.raises(UserError, match="'new' is queued"):
        comparisons.request(Question((run,)))

    changes.stop(store.visible(run, ""))
    with pytest.raises(UserError, match="Resume it"):
        comparisons.request(Question((run,)))


def test_another_owners_run_cannot_be_asked(comparisons, store):
    run = finished(store, owner="ada's secret token")

    with pytest.raises(UserError, match="There is no run"):
        comparisons.request(Question((run,), owner="bob's secret token"))
    assert comparisons.request(Question((run,), owner="ada's secret token"))


@pytest.mark.parametrize("shots", [(-1,), (65,), (True,), (1.5,), (8, 8)])
def test_a_number_of_shots_that_is_none_is_refused(comparisons, shots):
    with pytest.raises(UserError, match="shots"):
        comparisons.request(dataclasses.replace(PROMPTS, shots=shots))


def test_an_arm_that_fails_says_why_and_a_new_request_tries_again(comparisons, tmp_path):
    refused = {"text": "die-once:seen", "label": "neg"}
    rows = (*PROMPTS.table.rows[:-1], refused, {**refused, "text": "refuse"})
    spoilt = dataclasses.replace(PROMPTS.table, rows=rows, lines=tuple(range(len(rows))))
    question = dataclasses.replace(PROMPTS, table=spoilt, shots=(0, 1))
    key = comparisons.request(question)
    progress = until(lambda: (found := comparisons.progress(key)).over and found)

    assert [(arm.state, arm.message) for arm in progress.arms] == [("failed", "No, thank you.")] * 2
    assert (tmp_path / "seen").exists(), (
        "the process died on the way, and the chunk was tried again"
    )
    with pytest.raises(UserError, match=r"No arm has answered yet\. No, thank you"):
        comparisons.comparison(key, None)
    with pytest.raises(UserError, match="No, thank you"):
        comparisons.wait(key, None)
    assert not comparisons.progress(comparisons.request(question)).over


@pytest.mark.parametrize("value", [None, [1], {"a": 1}])
def test_a_run_with_settings_that_none_can_be_is_told_before_it_is_asked(store, value):
    run = store.visible(finished(store, "LoRA", settings={"rank": 2}), "")
    damaged = dataclasses.replace(run.spec, settings={"rank": value})

    with pytest.raises(UserError, match="'LoRA' is damaged: its setting rank is"):
        arms.run_adapter(dataclasses.replace(run, spec=damaged))


def test_a_key_nobody_knows_is_told(comparisons):
    with pytest.raises(UserError, match="not known any more"):
        comparisons.progress("nothing")


def test_a_chunk_comes_first_that_is_small_and_then_larger_ones(comparisons, tmp_path):
    comparisons.wait(comparisons.request(dataclasses.replace(PROMPTS, shots=(0,))), None)

    assert [line.rsplit(" ", 1)[1] for line in asked(tmp_path)] == ["8", "8"]


def test_the_baseline_comes_last_and_takes_its_rows_at_once(comparisons, store, tmp_path):
    run = finished(store, "TF-IDF")
    question = Question((run,), shots=(0,), baseline=True)
    found = comparisons.wait(key := comparisons.request(question), None)

    kinds = [(arm.name, arm.kind) for arm in found.arms]
    assert kinds == [("zero-shot", "prompt"), ("TF-IDF (2)", "run"), ("TF-IDF", "baseline")]
    assert asked(tmp_path)[-1].endswith(" 16")
    assert list(comparisons.demonstrations(key)) == ["zero-shot"]


def test_the_baseline_is_fitted_anew_on_other_labelled_examples(store):
    one = Question(shots=(), spec=RunSpec(TASK, labels_per_class=4), table=table(), baseline=True)
    two = dataclasses.replace(one, spec=RunSpec(TASK, labels_per_class=3))
    plans = [arms.plans(subject(question, store), question)[0] for question in (one, two)]

    assert plans[0].key != plans[1].key
    assert plans[0].scoring([]).train == plans[0].train
    assert len(plans[0].train) == 8
    assert not set(map(str, plans[0].train)) & set(map(str, plans[0].examples))


def test_a_prompt_through_the_chat_template_is_asked_anew_and_its_run_too(store):
    said = dataclasses.replace(TASK, chat=True)
    question = Question(shots=(0,), spec=RunSpec(TASK, labels_per_class=4), table=table())
    spoken = dataclasses.replace(question, spec=RunSpec(said, labels_per_class=4))
    (one,), (other,) = (arms.plans(subject(q, store), q) for q in (question, spoken))

    assert one.key != other.key
    assert other.scoring([]).arm.task.chat
    assert not one.scoring([]).arm.task.chat


def test_the_baseline_needs_labelled_examples(store):
    question = Question(shots=(), spec=RunSpec(TASK), baseline=True)

    with pytest.raises(UserError, match="TF-IDF needs labelled examples"):
        arms.plans(subject(question, store), question)


@contextmanager
def asking_from(origin: str) -> Iterator[None]:
    """What is requested inside comes from this address."""
    before = WHO.set(Who(origin))
    yield
    WHO.reset(before)


def much(number: int, owner: str, rows: int = 24) -> Question:
    """Another question for every number, of an owner."""
    spec = RunSpec(TASK, labels_per_class=4, seed=number)
    return Question(shots=(0, 1, 2), spec=spec, table=table(rows), owner=owner, seed=number)


def test_who_asks_much_holds_nobodys_first_answers_up(comparisons, tmp_path):
    with asking_from("ada's address"):
        first = comparisons.request(much(0, "ada's token"))
        until((tmp_path / "order").exists)
        more = [comparisons.request(much(n, f"ada's token {n}")) for n in range(1, 5)]
    with asking_from("bob's address"):
        one = comparisons.request(much(9, "bob's token"))
    comparisons.wait(one, None)

    waiting = [key for key in (first, *more) if not comparisons.progress(key).over]
    assert len(waiting) >= 3, "whoever came last and asked least has been served in between"


def test_a_page_that_looks_again_need_not_hold_the_line(comparisons):
    before = WHO.set(Who("ada's address", present=lambda: False))  # the event is over
    key = comparisons.request(much(0, "ada's token"))
    WHO.reset(before)

    assert until(lambda: comparisons.progress(key).over)


@pytest.mark.parametrize(("owners", "said"), [(1, "of your comparisons"), (9, "your address")])
def test_more_comparisons_than_one_asker_may_have_are_refused(
    comparisons, monkeypatch, owners, said
):
    monkeypatch.setattr(limits, "COMPARISONS_PER_OWNER", 2)
    monkeypatch.setattr(limits, "COMPARISONS_PER_ORIGIN", 3)
    waits = [{"text": f"wait:never {n}", "label": ("pos", "neg")[n % 2]} for n in range(24)]
    held_up = dataclasses.replace(table(), rows=tuple(waits))

    def ask(number: int) -> str:
        question = much(number, f"an invented token {number % owners}")
        return comparisons.request(dataclasses.replace(question, table=held_up))

    with asking_from("ada's address"):
        keys = [ask(number) for number in range(2 if owners == 1 else 3)]
        with pytest.raises(UserError, match=said):
            ask(5)
        comparisons.let_go(keys[0])
        assert ask(5), "one that was let go does not count"


def test_what_is_too_large_is_refused_before_any_of_it_is_asked(comparisons, tmp_path):
    shots, nearest = tuple(range(33)), tuple(range(1, 33))
    with pytest.raises(UserError, match="65 arms are more than 64"):
        comparisons.request(dataclasses.replace(PROMPTS, shots=shots, nearest=nearest))
    large = dataclasses.replace(much(1, "ada's token", rows=4_000), shots=shots)
    with pytest.raises(UserError, match=r"33 arms on 2,000 held-out examples are 66,000 answers"):
        comparisons.request(large)
    assert not (tmp_path / "order").exists()


def test_what_was_let_go_rests_and_goes_on_where_it_was(comparisons, tmp_path):
    rows = [dict(row) for row in table(48).rows]
    waits = dataclasses.replace(table(48), rows=tuple(rows))
    question = dataclasses.replace(PROMPTS, shots=(0,), table=waits)
    key = comparisons.request(question)
    comparisons.let_go(key)
    until(lambda: not comparisons._questions.get(key).wanted)
    before = (tmp_path / "order").read_text() if (tmp_path / "order").exists() else ""

    comparisons.wait(key, None)

    asked_rows = [int(line.rsplit(" ", 1)[1]) for line in asked(tmp_path)]
    assert sum(asked_rows) == 40, "no row was asked twice"
    assert len(before.splitlines()) < len(asked_rows)


def test_a_stranger_makes_nobody_forget_a_comparison(comparisons, monkeypatch):
    monkeypatch.setattr(limits, "ASKED_QUESTIONS", 3)
    with asking_from("bob's address"):
        mine = comparisons.request(much(0, "bob's token"))
        comparisons.wait(mine, None)
    with asking_from("ada's address"):
        for number in range(1, 5):
            comparisons.let_go(comparisons.request(much(number, "ada's token")))

    assert comparisons.progress(mine).over
