"""The Runs tab offers the merged model where merging is exact."""

from pathlib import Path

import gradio as gr

from playground.api import Playground
from playground.ui.runs.handlers import Handlers
from playground.ui.runs.widgets import build_widgets
from playground.ui.words import runs as words
from tests.serving.homes import made_home
from tests.ui.tasks.test_tab import OWNER, shared_of


def test_the_merged_model_is_offered_for_one_run_whose_method_folds_in(tmp_path: Path) -> None:
    runs = made_home(tmp_path, OWNER)
    offered = {}
    with Playground(tmp_path) as playground, gr.Blocks():
        handlers = Handlers(shared_of(playground), build_widgets(playground))
        button = handlers.widgets.actions.fetch_merged
        for name, run_id in runs.items():
            chosen = {"chosen": [run_id], "ticks": 1}
            offered[name] = handlers.choose({"owner": OWNER}, chosen)[button].interactive
        both = {"chosen": [runs["film lora"], runs["two texts"]], "ticks": 2}
        several = handlers.choose({"owner": OWNER}, both)[button].interactive

    assert button.value == words.DOWNLOAD_MERGED
    assert offered == {name: name in ("film lora", "two texts") for name in runs}
    assert not several
