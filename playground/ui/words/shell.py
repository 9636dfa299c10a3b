"""What the head of the page and the ways between its tabs say."""

NAME = "Tuning playground"
TABS = {
    "data": "1 Data",
    "train": "2 Train",
    "compare": "3 Compare",
    "runs": "4 Runs",
    "tasks": "5 Tasks",
}

CHIPS = {"device": "Device", "model": "Model", "data": "Data", "queue": "Queue"}
DEVICE_UNKNOWN = "finding out …"
DEVICE_MISSING = "cannot be asked"
QUEUE_UNKNOWN = "cannot be read"
QUEUE_EMPTY = "nothing runs"

PROJECTOR = "Projector"
PROJECTOR_HELP = "Bigger type, for a room"
THEME_HELP = "Switch between light and dark"
LIGHT = "Light"
DARK = "Dark"


def data_chip(name: str, rows: int, labels: int) -> str:
    return f"{name} · {counted(rows, 'row')} · {counted(labels, 'label')}"


def device_chip(name: str, available: int) -> str:
    """`available`: bytes of its memory that are free; 0 where that is not known."""
    return f"{name} · {available / 1e9:.1f} GB free" if available else name


def queue_chip(running: int, waiting: int, first: int | None) -> str:
    """`first`: the visitor's best place in line, 1-based; None when they do not wait."""
    if not running and not waiting:
        return QUEUE_EMPTY
    parts = [f"{running} running"] + ([f"{waiting} waiting"] if waiting else [])
    if first is not None:
        parts.append("you are next" if first == 1 else f"you are number {first}")
    return ", ".join(parts)


def counted(number: int, thing: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
