"""A run's adapter merged into its base, as a zip that needs nothing but transformers."""

import zipfile
from pathlib import Path

from playground.comparisons.arms import run_adapter
from playground.errors import UserError
from playground.inference.client import BULK, InferenceClient
from playground.inference.requests import MergeAdapter
from playground.methods import cards
from playground.reports.adapter_zip import file_name, texts_of
from playground.runs import exports, files
from playground.runs.drafts import draft
from playground.runs.facts import AUTO_CLASSES, facts
from playground.runs.record import Record
from playground.runs.store import read_examples

CHECKED = 8  # held-out texts that both must answer alike
HOW = "\n## How to use it\n"  # the last part of a run's card


def mergeable(method: str) -> bool:
    """Whether what a method learns can be merged into the weights, exactly."""
    card = cards.cards().get(method)
    return card is not None and card.merges


def export_merged(record: Record, home: Path, client: InferenceClient) -> Path:
    """The zip, made anew: weights in safetensors, configuration, tokenizer, card and task.

    Raises UserError for a method that cannot be merged exactly.
    """
    _check(record)
    with draft(home) as place:
        difference = _merge(record, client, place / "model")
        _pack(place / "model", _texts(record, home, difference), place / "zip")
        name = f"{file_name(record.name)}-merged.zip"
        return exports.keep(home, place / "zip", record.id, "merged", name)


def _check(record: Record) -> None:
    method = record.spec.method
    if mergeable(method):
        return
    if (record.folder / "adapter" / "config.json").is_file():
        raise UserError(
            f"The run {record.name!r} keeps a whole model already, so there is nothing to fold in."
            " Its own download is that model."
        )
    title = cards.cards()[method].title if method in cards.cards() else method
    raise UserError(
        f"{title} adds what no weight of the base can hold, so it cannot be folded in exactly."
        " Download the adapter and use it on the base."
    )


def _merge(record: Record, client: InferenceClient, into: Path) -> float:
    """Have the model written; the largest difference found, in nats."""
    spec = record.spec
    _, held_out = read_examples(record.folder)
    rows = tuple(example.row for example in held_out[:CHECKED])
    request = MergeAdapter(spec.task, run_adapter(record), rows, str(into), model=spec.model)
    return client.submit(request, priority=BULK).result().difference


def _texts(record: Record, home: Path, difference: float) -> dict[str, str]:
    texts, auto = texts_of(record, home), AUTO_CLASSES[facts(record)["family"]]
    about, _, _ = texts["README.md"].rpartition(HOW)
    usage = (
        "The adapter is folded into the weights: this is a whole model, as fast as its base.\n\n"
        f"```\nfrom transformers import {auto}, AutoTokenizer\n\n"
        f'model = {auto}.from_pretrained("FOLDER_OF_THIS_FILE")\n'
        'tokenizer = AutoTokenizer.from_pretrained("FOLDER_OF_THIS_FILE")\n```\n\n'
        f"On up to {CHECKED} held-out texts its label scores differ from those of base and adapter"
        f" by {difference:.1e} nats at most.\n"
    )
    about = about.replace("library_name: peft", "library_name: transformers", 1)
    return {**texts, "README.md": f"{about}{HOW}\n{usage}"}


def _pack(folder: Path, texts: dict[str, str], path: Path) -> None:
    """Weights do not get smaller, so they are stored as they are."""
    with exports.archive(path) as archive:
        for file in files.plain_files(folder):
            stored = file.suffix == ".safetensors"
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.write(file, file.relative_to(folder).as_posix(), compress_type=kind)
        for name, text in texts.items():
            archive.writestr(name, text)
