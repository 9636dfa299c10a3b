"""The process that trains one run: `python -m playground.executors.worker`.

It does its slow imports, loads the bundled model, says so, and waits on stdin for one line: the
run's folder and the device. Without a line it ends when its parent does; with one it no longer
needs anybody.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from playground import limits, methods
from playground.events import Event, Failed, Finished, Loading, Noted, Queued, Stopped
from playground.executors.base import Assignment
from playground.executors.codec import from_json
from playground.executors.compute_limit import bounded
from playground.executors.failures import Reported
from playground.methods import Method, cards
from playground.methods.common import rates
from playground.methods.common.heads import words_for
from playground.models.answer_words import AnswerWords
from playground.models.catalogue import BUNDLED
from playground.models.chat import Chat
from playground.models.classes import classes_of
from playground.models.devices import choose_device
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.runs import files, log
from playground.runs.fingerprint import public_model
from playground.runs.locks import Lock
from playground.runs.made import Made
from playground.runs.process_logs import shorten
from playground.runs.record import CHECKPOINT
from playground.runs.spec import RunSpec
from playground.runs.store import read_examples
from playground.scoring.probe import probed
from playground.tasks.splits import validation_slice
from playground.training import Plan, TrainingData, train

DRAFT, RESERVE = ".adapter", "reserve"  # in the run's folder, while it trains
LOCK_PATIENCE = 5.0  # seconds; whoever changes a run in the queue holds its lock for less


def main() -> None:
    """Wait for a run and serve it; then end, so that nothing of it is left for the next."""
    os.umask(0o077)  # what libraries write is for nobody else to read
    bundled = load(BUNDLED)
    print("ready", flush=True)
    if line := sys.stdin.readline():
        run = from_json(Assignment, json.loads(line))
        serve(Path(run.folder), run.device, bundled, _print_into)


def serve(
    folder: Path,
    device: str,
    bundled: LanguageModel,
    begin: Callable[[Path], None] = lambda log: None,
) -> None:
    """Train the run in this folder, unless another worker has it or it has left the queue.

    bundled: that model, which training may change: a worker serves one run. begin: called with the
    run's own log once the run is ours, before anything else.
    """
    lock = Lock(folder / "lock")
    if not folder.is_dir() or not lock.acquire(LOCK_PATIENCE):
        return
    if isinstance(log.last(folder / "events.jsonl"), Queued):
        begin(folder / "worker.log")
        writer = log.Writer(folder / "events.jsonl")
        with Reported(lambda message: _fail(folder, writer, message)):
            lock.note(f"{os.getpid()} {device}")
            files.write(folder / RESERVE, " " * limits.RESERVE_BYTES)
            for event in run_events(folder, device, bundled):
                writer.append(event)
                shorten(folder / "worker.log", limits.LOG_BYTES)
            _tidy(folder, event)
    lock.release()


def _fail(folder: Path, writer: log.Writer, message: str) -> None:
    """Say that the run has failed; on a full disk there is room for that in what was reserved."""
    with contextlib.suppress(OSError):
        for name in (RESERVE, DRAFT):
            files.remove(folder / name)
    writer.append(Failed(message))


def _tidy(folder: Path, end: Event) -> None:
    """Remove what nobody needs any more: a finished run is never resumed."""
    with contextlib.suppress(OSError):  # then the next server does it
        files.remove(folder / RESERVE)
        if isinstance(end, Finished):
            files.remove(folder / CHECKPOINT)


def run_events(folder: Path, device: str, bundled: LanguageModel | None = None) -> Iterator[Event]:
    """All that happens to a run; what it learnt is in place before the event that ends it.

    device: "" for the best there is. bundled: that model, when it is loaded already.
    """
    spec = Made.read(folder).spec
    yield Loading(f"the model {public_model(spec.model)}", time.time())
    chosen = torch.device(device) if device else choose_device()
    warm = bundled if spec.model == BUNDLED and bundled is not None else None
    with bounded(spec.model):
        model = warm if warm and warm.device == chosen else load(spec.model, chosen)
        noted = probed(model)
    yield from map(Noted, noted)
    torch.manual_seed(spec.seed)
    settings = rates.settled(spec.method, spec.settings, model.parameters)
    method = methods.create(spec.method, settings)
    words = words_for(method, model, spec.task)
    network = method.build(model, words)
    objective = str(settings.get("objective", cards.SHARED["objective"].default))
    plan = Plan.of(method, spec.seed, objective, folder / CHECKPOINT)
    prompt_facts = _prompt_facts(model, spec, words) if classes_of(network) is None else {}
    files.write_json(folder / "facts.json", {**_facts(model, plan), **prompt_facts})
    for event in train(network, model, _data(folder, spec, words), plan, _stop(folder)):
        if isinstance(event, Stopped) and not os.path.lexists(folder / "stop"):
            yield Noted(f"The run was stopped after {limits.RUN_SECONDS // 3600} hours.")
        if isinstance(event, Finished | Stopped):
            event = replace(event, adapter_bytes=_save(method, network, folder))
        yield event


def _data(folder: Path, spec: RunSpec, words: AnswerWords) -> TrainingData:
    labelled, held_out = read_examples(folder)
    train_part, validation = validation_slice(labelled, spec.seed)
    return TrainingData(spec.task, words, train_part, validation, held_out)


def _facts(model: LanguageModel, plan: Plan) -> dict[str, Any]:
    """What a script has to know to make the run again, and only a loaded model could tell."""
    chosen = {name: value for name, value in asdict(plan).items() if name != "checkpoint"}
    every = next(step for step in range(1, plan.steps + 1) if plan.evaluates(step))
    return {
        "family": model.family.name,
        "start_ids": model.start_ids,
        "end_ids": model.end_ids,
        "decoder_start": model.decoder_start,
        "max_length": model.max_length,
        "plan": {**chosen, "evaluate_every": every},
    }


def _prompt_facts(model: LanguageModel, spec: RunSpec, words: AnswerWords) -> dict[str, Any]:
    """The same of the label words, and of a prompt that goes through a chat template."""
    facts = {"words": words.ids, "lead": words.lead}
    return {**facts, "chat": Chat.of(model, spec.task).told()} if spec.task.chat else facts


def _stop(folder: Path) -> Callable[[], bool]:
    """Whether the run is to end now: somebody said so, or it has taken all the time there is.

    Ends the process when the run's folder is gone: nobody can ever see what it would learn.
    """
    deadline = time.monotonic() + limits.RUN_SECONDS
    stop = folder / "stop"

    def ends() -> bool:
        if not folder.is_dir():
            raise SystemExit("the folder of the run is gone")
        return os.path.lexists(stop) or time.monotonic() > deadline

    return ends


def _save(method: Method, network: torch.nn.Module, folder: Path) -> int:
    """Keep what was learnt, whole or not at all. Returns its bytes on disk."""
    files.remove(folder / DRAFT)  # of a worker that was killed here
    draft = files.private_folder(folder / DRAFT)
    method.save(network, draft)
    files.replace_folder(draft, folder / "adapter")
    return files.folder_bytes(folder / "adapter")


def _print_into(path: Path) -> None:
    """From now on what anything prints goes to the run's own log, and nobody need listen."""
    sys.stdout.flush()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)


if __name__ == "__main__":
    main()
