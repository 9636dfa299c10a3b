"""What the commands do with their options."""

import argparse
import dataclasses
import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import torch
from transformers import PreTrainedModel

from playground.errors import UserError
from playground.events import to_line
from playground.pretraining import (
    architectures,
    beginning,
    checkpoint,
    history,
    measuring,
    packing,
    settings,
    text,
    windows,
)
from playground.pretraining import export as exporting
from playground.pretraining import tokenizer as tokenizers
from playground.pretraining.averaging import Averaged
from playground.pretraining.card import Words
from playground.pretraining.gathering import Gathered
from playground.pretraining.loop import pretrain
from playground.pretraining.plan import Place, Plan, check_same
from playground.pretraining.progress import Progress
from playground.pretraining.records import PackRecord, TrainingRecord


def run(given: argparse.Namespace, began: float) -> None:
    """Do what was asked for. began: what time.monotonic() showed when the process began."""
    if given.command == "train":
        train(given, began)
    else:
        {"tokenizer": tokenizer, "pack": pack, "export": export, "measure": measure}[given.command](
            given
        )


def tokenizer(given: argparse.Namespace) -> None:
    texts = (words for _, words in text.mixed(text.files(given.text)))
    made = tokenizers.train(_at_most(texts, given.characters), given.pieces)
    tokenizers.save(made, given.out / tokenizers.NAME)
    print(f"{made.get_vocab_size():,} pieces in {given.out / tokenizers.NAME}")


def pack(given: argparse.Namespace) -> None:
    about = packed(given)
    for kind, counts in about["kinds"].items():
        print(f"{kind}: {counts['documents']:,} documents, {counts['tokens']:,} tokens")
    print(", ".join(f"{part}: {sum(shards):,} tokens" for part, shards in about["parts"].items()))


def packed(given: argparse.Namespace) -> PackRecord:
    """Pack, and return what was written of what."""
    made = tokenizers.load(given.tokenizer)
    wanted = packing.Wanted(given.tokens, given.held_out)
    gathered = Gathered.of(given)
    about = packing.pack(gathered.documents, made, given.out, wanted)
    packing.note(given.out, {**about, "overlap": gathered.overlap()})
    shutil.copyfile(_tokenizer_file(given.tokenizer), given.out / tokenizers.NAME)
    return about


def train(given: argparse.Namespace, began: float) -> None:
    data = windows.opened(given.data)
    device = settings.device(given.device)
    plan = settings.plan(given, device)
    settings.prepare(device, given.threads)
    about: TrainingRecord = {
        "family": given.family,
        "size": given.size,
        "vocabulary": data.about["vocabulary"],
        "stage": given.stage,
        "continued": beginning.model_name(given.start_from),
        "data": data.about,
    }
    _begin_or_go_on(given, about, plan)
    network = _network(given, about)
    torch.nn.Module.to(network, device)
    stop = _Stop()
    progress = Progress(plan)
    with open(given.out / history.EVENTS, "a", encoding="utf-8") as log:
        for event in pretrain(network, data, plan, Place(given.out, began=began), stop.asked):
            log.write(to_line(event))
            log.flush()
            progress.show(event)


def export(given: argparse.Namespace) -> None:
    words = Words(
        given.name or given.out.name,
        given.licence,
        *(file.read_text(encoding="utf-8").strip() if file else "" for file in _written(given)),
    )
    other = Averaged(given.average, given.share) if given.average else None
    out = exporting.export(given.run, given.out, words, other)
    for path in sorted(out.iterdir()):
        print(f"{path.stat().st_size:>12,}  {path.name}")


def measure(given: argparse.Namespace) -> None:
    pairs = [pair.partition("=") for pair in given.words]
    found = measuring.zero_shot(
        given.model,
        given.template,
        {label: word for label, _, word in pairs},
        measuring.examples(given.examples, given.most),
    )
    print(json.dumps(dataclasses.asdict(found)))


class _Stop:
    """Says whether somebody asked to stop: Ctrl-C, or a polite kill."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._want)

    def asked(self) -> bool:
        return self.wanted

    def _want(self, number: int, frame: object) -> None:
        self.wanted = True


def _begin_or_go_on(given: argparse.Namespace, about: TrainingRecord, plan: Plan) -> None:
    begun = (given.out / history.RUN).is_file()
    same = {name: value for name, value in about.items() if name in (*beginning.SAME, "data")}
    same |= plan.data_order()
    if begun and not given.resume:
        raise UserError(
            f"{given.out} holds a training already. Add --resume to go on with it, or give another"
            " --out."
        )
    earlier = beginning.earlier(given.start_from)
    if begun:
        before = history.read(given.out)
        check_same({**before["plan"], **before}, same)
        earlier = before["earlier"]
    history.begin(given.out, about, plan, earlier)
    shutil.copyfile(given.data / tokenizers.NAME, given.out / tokenizers.NAME)


def _network(given: argparse.Namespace, about: TrainingRecord) -> PreTrainedModel:
    network = architectures.build(given.family, given.size, about["vocabulary"], given.seed)
    if given.start_from and not (given.out / checkpoint.LATEST).is_file():
        beginning.put(given.start_from, network, about)
    return network


def _at_most(texts: Iterator[str], characters: int) -> Iterator[str]:
    for words in texts:
        if characters <= 0:
            return
        characters -= len(words)
        yield words


def _tokenizer_file(path: Path) -> Path:
    return path / tokenizers.NAME if path.is_dir() else path


def _written(given: argparse.Namespace) -> tuple[Path | None, Path | None]:
    return given.sources, given.tables
