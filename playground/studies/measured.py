"""What a run's own log says about how right it is, without asking it anything."""

from playground.events import Evaluated, Finished, Stopped
from playground.runs import log
from playground.runs.record import Record


def held_out_accuracy(record: Record) -> Evaluated | None:
    """The last look at held-out examples of the weights that were kept, else the first one there
    is; None where it never looked."""
    events = log.curve(log.everything(record.folder))
    looks = [one for one in events if isinstance(one, Evaluated) and one.part == "held_out"]
    ends = [one for one in events if isinstance(one, Finished | Stopped)]
    kept = [one for one in looks if not ends or one.step <= ends[-1].best_step]
    return kept[-1] if kept else next(iter(looks), None)
