"""Damaged uploads of every format: does each end in a table or a sentence, and what does it cost?

    python -m tests.benchmarks.uploads [--number 1000] [--seed 0]

Prints one table: how many were read and refused, what raised anything but a UserError or broke its
reader, the most CPU seconds and memory of a single read (its process alone, from its start), and
the answers without a sentence. Ends with 1 where a figure is not as it should be.
"""

import argparse
import random
import resource
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playground.data.reading import read
from playground.data.table import Table
from playground.errors import UserError
from tests.benchmarks.mutations import mutated

SECONDS, MEGABYTES = 10.0, 500.0  # that one read may take


@dataclass(frozen=True)
class Ending:
    """How one read ended: as "table", "refusal" or "exception"; seconds: of computing."""

    format: str
    end: str
    said: str
    seconds: float


def endings(number: int, seed: int, folder: Path) -> list[Ending]:
    """How so many reads ended. Files that end in an exception stay in the folder."""
    dice = random.Random(seed)
    found = []
    for i in range(number):
        name, content = mutated(dice)
        path = folder / f"{i}-{name.replace(' ', '-')}"
        path.write_bytes(content)
        before = _computed()
        end, said = _ending(path)
        found.append(Ending(name, end, said, _computed() - before))
        if end != "exception":
            path.unlink()
    return found


def memory() -> float:
    """The most that any reader so far held at once, in MB. A reader counts what held this process
    when it was started, so this is an upper bound."""
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def without_sentence(found: list[Ending]) -> list[Ending]:
    return [
        one for one in found if not (len(one.said) > 20 and one.said.rstrip("”)").endswith("."))
    ]


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ending(path: Path) -> tuple[str, str]:
    try:
        table = read(path)
    except UserError as error:
        return ("exception" if "broke off" in str(error) else "refusal"), str(error)
    except Exception as error:  # what is counted here
        return "exception", f"{type(error).__name__}: {error}."
    return "table", _shortest(table)


def _shortest(table: Table) -> str:
    """The shortest thing that is said of a table, with its way out."""
    said = [f"{p.message} {p.way_out}" for p in table.problems if p.message and p.way_out]
    whole = len(said) == len(table.problems) and len(table.rows) == len(table.lines) > 0
    return min(said, key=len, default="It was read without a problem.") if whole else ""


def report(found: list[Ending], megabytes: float) -> str:
    """The table that is printed."""
    ends = Counter(one.end for one in found)
    slowest = max(found, key=lambda one: one.seconds)
    rows = [
        ("uploads", f"{len(found):,} of {len({one.format for one in found})} formats"),
        ("read as a table", f"{ends['table']:,}"),
        ("refused with a sentence", f"{ends['refusal']:,}"),
        ("exceptions other than UserError", f"{ends['exception']:,}"),
        ("answers without a sentence", f"{len(without_sentence(found)):,}"),
        ("most CPU seconds of a read", f"{slowest.seconds:.2f} ({slowest.format})"),
        ("most memory of a read", f"{megabytes:.0f} MB"),
    ]
    return "\n".join(f"{name:<34}{value}" for name, value in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="uploads-"))
    found = endings(chosen.number, chosen.seed, folder)
    print(report(found, memory()))
    bad = [one for one in found if one.end == "exception"] + without_sentence(found)
    for one in bad[:20]:
        print(f"{one.format}: {one.said[:300]}")
    if bad:
        print(f"The uploads that broke a reader are in {folder}.")
    else:
        folder.rmdir()
    slow = max(one.seconds for one in found) > SECONDS
    sys.exit(bool(bad) or slow or memory() > MEGABYTES)


if __name__ == "__main__":
    main()
