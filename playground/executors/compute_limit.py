"""A bound on what loading a model may compute, beyond which its process ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from playground import limits
from playground.runs.fingerprint import public_model

BOUNDED = find_spec("resource") is not None  # as on every system but Windows


@contextmanager
def bounded(model: str, seconds: int = limits.LOADING_SECONDS) -> Iterator[None]:
    """While open, the process may compute for so many seconds; then the system ends it, whatever
    it is in the middle of. Waiting, as for a download, is not counted.

    For a process that can be lost: a stranger's configuration may describe what takes for ever.
    The last line of its log then says why it ended.
    """
    if not BOUNDED:
        yield
        return
    import resource

    print(f"{public_model(model)} has to load within {seconds} s of computing", flush=True)
    before = resource.getrlimit(resource.RLIMIT_CPU)
    end = int(time.process_time()) + seconds
    lowest = min((limit for limit in before if limit != resource.RLIM_INFINITY), default=end)
    resource.setrlimit(resource.RLIMIT_CPU, (min(end, lowest), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)
