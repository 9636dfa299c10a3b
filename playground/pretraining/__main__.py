"""The command line, python -m playground.pretraining: from text to a model, and a study."""

import argparse
import sys
import time
from pathlib import Path

from playground.errors import UserError
from playground.pretraining import options, study_options

ABOUT = """Make a small language model of your own, in five commands:

  tokenizer  learn a vocabulary from text
  pack       turn text (stage 1) or the mixture of prompted tasks (stage 2) into tokens on disk
  train      a causal or a masked network on what was packed, in a time or a number of steps
  export     write what ships: bfloat16 safetensors, tokenizer, model card, checksums
  measure    ask an exported model about labelled examples, without a demonstration

and two that find out whether more tasks in the mixture help with tasks of other kinds:

  study      train the same stage 2 with more and more tasks; ask each network zero-shot
  figures    store what the study found, for the page to draw

A whole recipe, with text in corpus/ and labelled sets in sets/:

  python -m playground.pretraining tokenizer --text corpus --out made/tokenizer
  python -m playground.pretraining pack --text corpus --tokenizer made/tokenizer --out made/text
  python -m playground.pretraining pack --stage 2 --text corpus --sets sets \\
      --tokenizer made/tokenizer --out made/mixture --tokens 30000000
  python -m playground.pretraining train --data made/text --out made/one --minutes 60
  python -m playground.pretraining train --stage 2 --data made/mixture --start-from made/one \\
      --out made/two --minutes 60
  python -m playground.pretraining export --run made/two --out made/model

A training that was stopped or killed goes on with the same command and --resume."""


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    whole = argparse.ArgumentParser(
        prog="python -m playground.pretraining",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True)
    for add in (_tokenizer, _pack, _train, _export, _measure, *study_options.COMMANDS):
        add(commands)
    return whole


def _tokenizer(commands: options.Commands) -> None:
    one = commands.add_parser("tokenizer", help="learn a vocabulary from text")
    options.text(one)
    one.add_argument("--out", type=Path, required=True, help="folder for tokenizer.json")
    one.add_argument(
        "--pieces", type=int, default=8192, help="size of the vocabulary (%(default)s)"
    )
    one.add_argument(
        "--characters",
        type=int,
        default=50_000_000,
        help="of text to learn from at most; more hardly changes anything (%(default)s)",
    )


def _pack(commands: options.Commands) -> None:
    one = commands.add_parser("pack", help="turn documents into tokens on disk")
    options.text(one)
    _stage(one, "1: the text alone; 2: the mixture of prompted tasks and text")
    one.add_argument("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    one.add_argument("--out", type=Path, required=True, help="folder for the shards")
    one.add_argument("--tokens", type=int, help="to pack, about; all the text, if not given")
    one.add_argument(
        "--held-out", type=float, default=0.005, help="share never trained on (%(default)s)"
    )
    one.add_argument("--skip", type=int, default=0, help="texts to pass over first (%(default)s)")
    one.add_argument(
        "--sets",
        type=Path,
        help="folder of labelled sets: what measures is kept out of the text; stage 2 needs it,"
        " and learns from those whose licence allows it",
    )
    one.add_argument("--tasks", nargs="+", help="stage 2: names of the tasks; all, if not given")
    one.add_argument(
        "--share-text", type=float, default=0.3, help="stage 2: share of plain text (%(default)s)"
    )
    one.add_argument(
        "--emphasis",
        type=options.type_times,
        nargs="+",
        default=(),
        metavar="TYPE=TIMES",
        help="stage 2: types of task that come more or less often, as in sentiment=4",
    )
    one.add_argument("--seed", type=int, default=0, help="of the mixture (%(default)s)")


def _train(commands: options.Commands) -> None:
    one = commands.add_parser("train", help="train a network on what was packed")
    one.add_argument("--data", type=Path, required=True, help="folder that pack wrote")
    one.add_argument("--out", type=Path, required=True, help="folder for state and events.jsonl")
    _stage(one, "decides the defaults of the settings below")
    one.add_argument("--family", choices=("causal", "masked"), default="causal")
    one.add_argument("--size", choices=options.SIZES, default="small")
    one.add_argument(
        "--start-from",
        type=Path,
        help="folder of a training, or of a model, whose weights to begin with",
    )
    length = one.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="end within them, all sittings together")
    length.add_argument("--steps", type=int, help="end after them")
    one.add_argument("--resume", action="store_true", help="go on from the state in --out")
    one.add_argument("--device", help="cpu, cuda, cuda:1, …; the best there is, if not given")
    options.how(one)
    one.add_argument("--seed", type=int, default=0, help="of weights and order (%(default)s)")


def _export(commands: options.Commands) -> None:
    one = commands.add_parser("export", help="write a model to ship")
    one.add_argument("--run", type=Path, required=True, help="folder that train wrote")
    one.add_argument("--out", type=Path, required=True, help="folder for the model")
    one.add_argument("--name", help="title of the card; the folder's name, if not given")
    one.add_argument("--licence", default="cc-by-sa-4.0", help="of the weights (%(default)s)")
    one.add_argument("--sources", type=Path, help="Markdown file: whom the text is from")
    one.add_argument("--tables", type=Path, help="Markdown file: what was measured")
    one.add_argument(
        "--average",
        type=Path,
        help="folder of a training, or of a model, to write the mean of the weights with: what a"
        " training forgot of what it began with comes back",
    )
    one.add_argument(
        "--share", type=float, default=0.5, help="of that mean, from 0 to 1 (%(default)s)"
    )


def _measure(commands: options.Commands) -> None:
    one = commands.add_parser("measure", help="zero-shot accuracy on labelled examples")
    one.add_argument("--model", type=Path, required=True, help="folder that export wrote")
    one.add_argument("--examples", type=Path, required=True, help='.jsonl with "label" and texts')
    one.add_argument("--template", required=True, help="text with holes, as in 'Review: {text}'")
    one.add_argument(
        "--words", nargs="+", required=True, metavar="LABEL=WORD", help="as in 0=negative"
    )
    one.add_argument("--most", type=int, default=1000, help="examples asked about (%(default)s)")


def _stage(one: argparse.ArgumentParser, told: str) -> None:
    one.add_argument("--stage", type=int, choices=(1, 2), default=1, help=f"{told} (%(default)s)")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 2 with a sentence on stderr for what the caller can mend."""
    began = time.monotonic()
    given = parser().parse_args(arguments)
    # So late, so that --help need not wait for torch.
    from playground.pretraining import commands, study

    try:
        if given.command == "study":
            study.study(given)
        elif given.command == "figures":
            study.figures(given)
        else:
            commands.run(given, began)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
