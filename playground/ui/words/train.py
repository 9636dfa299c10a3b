"""What the Train tab says."""

from playground.evaluation.verdict import percent
from playground.events import Finished, Stopped
from playground.limits import LIVE_HELD_OUT
from playground.models.catalogue import ModelCard

MODEL = "Model"
MODEL_HELP = "Or type an id of the Hugging Face Hub, or a folder"
BUNDLED_MODEL = "bundled"
OWN_MODEL = "A model of your own choice"
COUNTING_MEMORY = "counting the memory it needs …"
TICK_TO_COUNT = "Tick a method to see whether it fits into memory"
GATED = "gated: needs an account that was let in"
FAMILIES = {
    "causal": "causal (writes on)",
    "masked": "masked (fills gaps)",
    "seq2seq": "sequence-to-sequence (reads, then answers)",
}
NOT_COUNTED = "not counted"
NO_METHOD = "Tick a method to train"
TO_COMPARE = "Next: compare →"

LOG = "Log scale"
SMOOTH = "Smooth"
EMPTY = "Press Train: the curves appear here, against what prompting alone gets right."
HOW_TO_READ = "How to read this"
EXPLANATION = (
    "Loss says how surprised the model is by the right label word, in nats: 0 is certainty, and the"
    " dotted line is what blind guessing costs. Accuracy is the share of examples the model has"
    " never learnt from that it answers right: the points are measured while a run trains, on at"
    f" most {LIVE_HELD_OUT} of them, and the level lines are prompting without any training, on all"
    " of them."
    " Small open markers are the run's own validation examples, which decide when it stops early."
)
CONNECTION_LOST = "Connection lost, trying again."
UNREACHED = "The server could not be reached. Try again."
NOT_SEEN = "This run is not yours to see, or it was deleted."

STATES = {
    "queued": "waiting",
    "starting": "starting",
    "running": "training",
    "stopping": "stopping after this step",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "died": "its process ended unexpectedly; Resume goes on from where it was",
    "damaged": "damaged",
}


def state(status: str, position: int, damage: str = "") -> str:
    """A run's status in words; `position` in the queue, 1 is next; `damage`: what is wrong."""
    if status != "queued":
        return STATES[status] + (f": {damage}" if damage else "")
    return "waiting, next in line" if position <= 1 else f"waiting, {ordinal(position)} in line"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def ending(event: Finished | Stopped) -> str:
    """How a run came to its end."""
    if isinstance(event, Stopped) and not event.step:
        return "stopped before it began"
    if isinstance(event, Stopped):
        return f"stopped at step {event.step:,}; what it learnt is kept"
    text = f"finished: {event.step:,} steps in {seconds(event.seconds)}"
    if event.early:
        text = f"finished early at step {event.step:,}, as validation got clearly worse"
    return text + (f"; kept step {event.best_step:,}" if event.best_step != event.step else "")


def one_label(step: int, label: str) -> str:
    """The alarm for a run that answers the same to everything, "" where it does not."""
    return f"At step {step:,} it answers “{label}” to every example." if label else ""


def train_button(count: int) -> str:
    if count == 0:
        return NO_METHOD
    return "Train 1 method" if count == 1 else f"Train {count} methods"


def fits(needed: int, available: int) -> str:
    """Whether training fits into memory, both in bytes."""
    there = f"{gigabytes(needed)} of {gigabytes(available)} GB"
    if needed <= available:
        return f"fits: needs {there}"
    return f"does not fit: needs {there}. Pick a smaller model or another method"


def gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f}" if count < 10e9 else f"{count / 1e9:.0f}"


def cost(share: float, size: int, time: float | None) -> str:
    """A method's cost in a line: share of the weights that train, bytes per task, seconds."""
    parts = [f"trains {share_text(share)}", bytes_text(size)]
    return " · ".join(parts + ([about(time)] if time is not None else []))


def share_text(share: float) -> str:
    if share >= 0.095:
        return percent(share)
    return f"{100 * share:.2g}\u202f%"


def bytes_text(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def seconds(duration: float) -> str:
    """Seconds as a person would say them."""
    if duration < 60:
        return f"{max(1, round(duration))} s"
    if duration < 3600:
        return f"{int(duration // 60)} min {round(duration % 60)} s"
    return f"{int(duration // 3600)} h {round(duration % 3600 / 60)} min"


def about(duration: float) -> str:
    """A guess at seconds, not more exact than it is."""
    if duration < 60:
        return f"about {max(5, 5 * round(duration / 5))} s"
    return (
        f"about {max(1, round(duration / 60))} min"
        if duration < 5400
        else f"about {seconds(duration)}"
    )


def data_line(table: str, labels_per_class: int | None, seed: int) -> str:
    """What the methods learn from, in a line."""
    many = (
        "all labelled examples" if labels_per_class is None else f"{labels_per_class} of each label"
    )
    return f"Learns from “{table}”: {many}, seed {seed}"


def model_choice(entry: ModelCard) -> str:
    """A model of the catalogue as one choice of the menu."""
    family = FAMILIES[entry.family].split(" (")[0]
    said = family in entry.title
    parts = [entry.title, "" if said else family, "gated" if entry.gated else ""]
    return " · ".join(part for part in parts if part)


def about_model(entry: ModelCard) -> str:
    """What the catalogue knows of a model, in a line."""
    parts = [
        f"{FAMILIES[entry.family]}, {short_count(entry.parameters)} parameters",
        f"licence {entry.licence}",
        f"download {bytes_text(entry.download_bytes)}" if entry.download_bytes else "",
        GATED if entry.gated else "",
        entry.note,
    ]
    return " · ".join(part for part in parts if part)


def short_count(number: float) -> str:
    for unit, size in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.0f}"
