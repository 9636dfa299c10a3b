"""Arms are told apart by their names, so every one has its own."""

from playground.comparisons.question import arm_name, run_names
from playground.runs.store import Store
from tests.runs import making


def test_a_run_never_takes_the_name_of_another_arm(tmp_path):
    store = Store(tmp_path)
    given = ["8-shot", "LoRA", "LoRA (2)", "LoRA", "zero-shot"]
    runs = tuple(store.visible(making.start(store, name=name), "") for name in given)

    names = run_names(runs)

    assert names == ("8-shot (2)", "LoRA", "LoRA (2)", "LoRA (3)", "zero-shot (2)")
    assert not set(names) & {arm_name(shots) for shots in (0, 1, 8)}


def test_a_run_never_takes_the_name_of_an_arm_with_the_nearest(tmp_path):
    store = Store(tmp_path)
    runs = (store.visible(making.start(store, name="8-shot nearest"), ""),)

    assert run_names(runs) == ("8-shot nearest (2)",)
    assert arm_name(8, nearest=True) == "8-shot nearest"
