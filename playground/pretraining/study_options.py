"""The options of the study: zero-shot against the number of training tasks."""

import argparse
from pathlib import Path

from playground.pretraining import options
from playground.studies.task_count import FOLDER

ALL = "all"
# What the sets asked about are near to: sentiment, opinion, intents and kinds of questions.
NEAR_TYPES = ("sentiment", "emotion", "banking", "intent", "snips", "question")
# Tasks of other types that sort texts in the same ways, if under other names.
NEAR_TASKS = (
    "by_sentiment", "by_question_kind", "by_service", "by_act", "dialogue_service", "dialogue_act",
)  # fmt: skip


def study(commands: options.Commands) -> None:
    one = commands.add_parser(
        "study",
        help="stage 2 with 1, 4, 16, … tasks; then zero-shot on other kinds of task",
    )
    _what(one)
    one.add_argument(
        "--base", type=Path, help="folder of a training on text; fresh weights, if not given"
    )
    one.add_argument("--size", choices=options.SIZES, default="mini")
    one.add_argument(
        "--counts",
        nargs="+",
        type=_count,
        default=[0, 1, 4, 16, 64, ALL],
        help="of tasks; 0 is text alone (0 1 4 16 64 all)",
    )
    one.add_argument(
        "--seeds",
        nargs="+",
        type=int,
        default=[0, 1, 2],
        help="each draws tasks in an order of its own, the few among the many (0 1 2)",
    )
    one.add_argument(
        "--tokens", type=int, default=3_000_000, help="trained on in each stage 2 (%(default)s)"
    )
    one.add_argument(
        "--questions", type=int, default=300, help="asked of each held-out set (%(default)s)"
    )
    one.add_argument("--types-held-out", nargs="+", default=list(NEAR_TYPES), help="(%(default)s)")
    one.add_argument(
        "--tasks-held-out", nargs="*", default=list(NEAR_TASKS), help="besides (%(default)s)"
    )
    one.add_argument("--device", help="cpu, cuda, cuda:1, …; the best there is, if not given")
    options.how(one)


def figures(commands: options.Commands) -> None:
    one = commands.add_parser("figures", help="store what the study found, for the page to draw")
    one.add_argument("--study", type=Path, required=True, help="folder that study wrote")
    one.add_argument("--out", type=Path, default=FOLDER, help="folder for them (the package's own)")


COMMANDS = (study, figures)


def _what(one: argparse.ArgumentParser) -> None:
    """What is read and where everything is kept."""
    options.text(one)
    one.add_argument("--sets", type=Path, required=True, help="folder of labelled sets")
    one.add_argument("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    one.add_argument(
        "--out",
        type=Path,
        required=True,
        help="folder for what is packed, trained and found; the same command goes on from there",
    )
    one.add_argument(
        "--share-text", type=float, default=0.3, help="share of plain text (%(default)s)"
    )


def _count(given: str) -> int | str:
    if given == ALL:
        return ALL
    if (count := int(given)) < 0:
        raise ValueError(given)
    return count
