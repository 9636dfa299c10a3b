"""Cells of a CSV that no spreadsheet takes for a formula, and back."""

import re

# What a spreadsheet evaluates: these first, also in their wide forms, behind any apostrophes of
# the text's own, so that taking one apostrophe off gives back every text.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?%?")


def escaped(cell: str) -> str:
    """The cell, with an apostrophe in front where it would be evaluated. A number such as -1.5
    stays one: it is what it says."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """What the cell was before `escaped`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
