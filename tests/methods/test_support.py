"""README's table of methods and architectures says what the methods say."""

from pathlib import Path

from tests.methods.cases import Case, refusals, supported
from tests.methods.support import BEGINS, ENDS, REFUSED, WORKS, block
from tests.tiny import ARCHITECTURES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_readme_has_the_table_that_the_command_prints() -> None:
    assert README.count(BEGINS) == README.count(ENDS) == 1
    assert BEGINS + README.split(BEGINS)[1].split(ENDS)[0] + ENDS == block()


def test_every_method_and_every_architecture_has_its_mark() -> None:
    rows = [line for line in block().splitlines() if line.startswith("| ")]
    marks = [cell for row in rows[2:] for cell in row.strip("| ").split(" | ")[1:]]
    of_defaults = [case for case in (*supported(), *refusals()) if not case.settings]

    assert len(marks) == len(of_defaults)
    assert marks.count(WORKS) == sum(not case.settings for case in supported())
    assert marks.count(REFUSED) == sum(not case.settings for case in refusals())
    assert rows[0] == f"| method | {' | '.join(ARCHITECTURES)} |"


def test_a_refused_pair_is_listed_with_its_reason() -> None:
    assert Case("bitfit", (), "llama") in refusals()
    (line,) = [line for line in block().splitlines() if line.startswith("- BitFit")]
    assert "llama" in line.split(":")[0]
    assert line.endswith(".")
