"""Options that several commands have; nothing heavy is imported to read or explain them."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
SIZES = ("tiny", "mini", "small", "base", "large")


def type_times(given: str) -> tuple[str, float]:
    """TYPE=TIMES as the two."""
    name, equals, times = given.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"give TYPE=TIMES, as in sentiment=4, not {given!r}")
    try:
        return name, float(times)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{times!r} is no number") from error


def text(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--text",
        type=Path,
        nargs="+",
        required=True,
        help='files or folders: .txt, .jsonl with a "text" a line, either also .xz',
    )


def how(one: argparse.ArgumentParser) -> None:
    """What has a default that the stage or the device decides, and how it is told and kept."""
    one.add_argument("--length", type=int, help="tokens of a window (512; stage 2: 1024)")
    one.add_argument(
        "--batch", type=int, help="windows of one update (12; stage 2: 6; on a GPU 8 times that)"
    )
    one.add_argument("--micro-batch", type=int, help="of them run at once (all)")
    one.add_argument("--rate", type=float, help="peak learning rate (2e-3; stage 2: 1.5e-3)")
    one.add_argument("--warm-up", type=int, help="steps until the peak (100; stage 2: 50)")
    one.add_argument(
        "--decay",
        type=float,
        help="last share in which the rate falls to 0 (0: a stage 2 follows; stage 2: 0.2)",
    )
    one.add_argument(
        "--answer-weight", type=float, default=3.0, help="of a token of an answer (%(default)s)"
    )
    one.add_argument("--precision", choices=("float32", "bfloat16"), help="what the device likes")
    one.add_argument(
        "--compile", action=argparse.BooleanOptionalAction, help="torch.compile (where it can)"
    )
    one.add_argument(
        "--threads", type=int, help="of a CPU; 1 is faster than 2 beside other work (all)"
    )
    one.add_argument("--evaluate-every", type=int, default=250, help="steps (%(default)s)")
    one.add_argument("--checkpoint-minutes", type=float, default=3.0, help="(%(default)s)")
