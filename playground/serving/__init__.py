"""One resident frozen base and any number of finished runs on it, in one batch.

This module stays light: the page asks it which methods can share a batch.
"""

from pathlib import Path

INJECTIONS = Path(__file__).parent / "injections"


def mixable(method: str) -> bool:
    """Whether rows that use adapters of this method can share a batch with other tasks' rows.

    It can where what was learnt is put beside a frozen base: such a method has a file of its name
    in injections/. All others (all weights, biases, a mask) have a base of their own for each task,
    so their runs are asked one by one, each put on and taken off.
    """
    return (INJECTIONS / f"{method}.py").is_file() and method.isidentifier()
