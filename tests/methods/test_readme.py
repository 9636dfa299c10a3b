"""The tables of the methods' README say what the methods say; a method that is not in them yet is
no fault, as a command writes them."""

import pytest

from tests.benchmarks import methods_readme
from tests.benchmarks.methods_readme import README, WORKS, by_title, markers, why
from tests.tiny import ARCHITECTURES

TEXT = README.read_text(encoding="utf-8")
TITLES = {card.title: card for card in by_title()}


def lines(name: str) -> list[str]:
    begin, end = markers(name)
    assert TEXT.count(begin) == TEXT.count(end) == 1
    return TEXT.partition(begin)[2].partition(end)[0].strip().splitlines()


def cells(line: str) -> list[str]:
    return line.strip("| ").split(" | ")


@pytest.mark.parametrize("name", ["methods", "accuracy", "costs"])
def test_every_line_is_one_that_the_command_prints(name: str) -> None:
    printed = getattr(methods_readme, name)().splitlines()
    assert len(lines(name)) > len(TITLES) // 2
    assert [line for line in lines(name) if line not in printed] == []


@pytest.mark.slow
def test_a_mark_is_what_the_method_says_of_the_architecture() -> None:
    head, _, *rest = lines("support")
    reasons = dict(line[2:].split(": ", 1) for line in rest if line.startswith("- "))
    rows = [cells(line) for line in rest if line.startswith("| ")]
    assert cells(head) == ["method", *ARCHITECTURES]
    assert len(rows) >= 23
    for title, *marks in rows:
        found = [None if mark == WORKS else reasons[mark] for mark in marks]
        assert found == [why(TITLES[title], on) for on in ARCHITECTURES], title


def test_every_method_has_its_row_whether_it_was_measured_or_not() -> None:
    for block in (methods_readme.methods(), methods_readme.accuracy(), methods_readme.costs()):
        first = [cells(line)[0] for line in block.splitlines()]
        assert all(any(title in cell for cell in first) for title in TITLES)
