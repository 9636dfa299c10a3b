"""Every kind of tokenizer with every ending of a template and every place of a typed mark.

    python -m tests.benchmarks.pieces

The suite tries a few of these combinations. Prints one line for each kind, and what fails.
"""

from collections.abc import Callable, Sequence

from tests.models.kinds import KINDS
from tests.models.test_pieces import ENDINGS, check_question
from tests.models.test_plain_text import AROUND, check_typed


def failing(kind: str, check: Callable[[str, str], None], tried: Sequence[str]) -> list[str]:
    """What of `tried` does not hold for a kind of tokenizer."""
    found = []
    for one in tried:
        try:
            check(kind, one)
        except AssertionError:
            found.append(f"{check.__name__}({kind!r}, {one!r})")
    return found


def main() -> None:
    for kind in KINDS:
        found = failing(kind, check_question, tuple(ENDINGS)) + failing(kind, check_typed, AROUND)
        print(kind, "fails: " + ", ".join(found) if found else "holds", flush=True)


if __name__ == "__main__":
    main()
