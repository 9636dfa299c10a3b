"""Objects and lists inside a value by the kind they ought to be, empty where they are another."""

Record = dict[str, object]


def record_in(value: object) -> Record:
    """The object that a value is, {} for anything else."""
    return value if isinstance(value, dict) else {}


def list_in(value: object) -> list[object]:
    """The list that a value is, [] for anything else."""
    return value if isinstance(value, list) else []
