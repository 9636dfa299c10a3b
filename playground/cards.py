"""What a file says of itself: title, docstring and settings, read from its source without running
it, so that a page can list what takes seconds to import."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.errors import UserError
from playground.limits import TEMPLATE_CHARACTERS

Value = bool | int | float | str
KINDS = {"bool": bool, "int": int, "float": float, "str": str}


@dataclass(frozen=True)
class Setting:
    """One widget. `kind`: "bool", "int", "float" or "str"; `choices`: () when anything goes."""

    name: str
    kind: str
    default: Value
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """The class that the last line of a file names. assigned: what its body gives a plain name."""

    name: str  # of the file
    file_about: str  # the docstring of the file
    about: str  # the docstring of the class
    assigned: Mapping[str, ast.expr]
    settings: tuple[Setting, ...]

    def literal(self, name: str, default: Any = None) -> Any:
        """The value of a name, which is to be a literal; the default where there is none."""
        return ast.literal_eval(self.assigned[name]) if name in self.assigned else default


@dataclass(frozen=True)
class Card:
    """What is said of something that has a file of its own. paper: an address, "" for none."""

    name: str  # of its file
    title: str
    paper: str
    about: str
    settings: tuple[Setting, ...]


def setting(
    default: Value,
    help: str,  # shadows the builtin nobody needs here: the word a widget uses
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] | None = None,
) -> Any:
    """A field that becomes a widget: give literals only, `sources` reads them."""
    metadata = {"help": help, "low": low, "high": high, "choices": tuple(choices or ())}
    return field(default=default, metadata=metadata)


def sources(folder: Path, constant: str) -> dict[str, Source]:
    """Of every file of the folder whose top has `constant = Class`, what that class says, by the
    file's name."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        chosen = _assigned(tree.body).get(constant)
        if isinstance(chosen, ast.Name):
            kinds = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
            body = kinds[chosen.id]
            found[path.stem] = Source(
                path.stem,
                ast.get_docstring(tree) or "",
                ast.get_docstring(body) or "",
                _assigned(body.body),
                tuple(_settings(body.body)),
            )
    return found


def cards_in(folder: Path, constant: str) -> dict[str, Card]:
    """The cards of a folder's files, by name."""
    return {
        name: Card(name, one.literal("title"), one.literal("paper", ""), one.about, one.settings)
        for name, one in sources(folder, constant).items()
    }


def checked_of(
    kind: str, cards: Mapping[str, Card], name: str, settings: Mapping[str, Value]
) -> dict[str, Value]:
    """Every setting of the one of this name, those given checked, the others at their default.

    kind: what it is one of, as "recipe". Raises UserError for a name or a setting that is not
    there and for a value out of its range.
    """
    card = cards.get(name)
    if card is None:
        raise UserError(f"There is no {kind} {name!r}. Choose one of {', '.join(cards)}.")
    return checked_values(card.title, card.settings, settings)


def checked_values(
    title: str, settings: Sequence[Setting], given: Mapping[str, Value]
) -> dict[str, Value]:
    """Every setting, those given checked, the others at their default. title: whose they are.

    Raises UserError for one that is not there and for a value out of its range.
    """
    known = {setting.name: setting for setting in settings}
    unknown = [key for key in given if key not in known]
    if unknown:
        raise UserError(
            f"{title} has no setting {unknown[0]!r}. Its settings are {', '.join(known)}."
        )
    return {
        key: _value(setting, given[key]) if key in given else setting.default
        for key, setting in known.items()
    }


def _value(setting: Setting, given: Value) -> Value:
    kind = KINDS[setting.kind]
    if kind is int and isinstance(given, float) and given.is_integer():
        given = int(given)  # sliders and JSON give 8.0
    if kind is float and isinstance(given, int) and not isinstance(given, bool):
        given = float(given)
    if type(given) is not kind:
        raise UserError(f"{setting.name} is {given!r}; it takes a value like {setting.default!r}.")
    if isinstance(given, str) and len(given) > TEMPLATE_CHARACTERS:
        raise UserError(
            f"{setting.name} has {len(given):,} characters; {TEMPLATE_CHARACTERS:,} are possible."
            " Shorten it."
        )
    if setting.choices and given not in setting.choices:
        raise UserError(f"{setting.name} is {given!r}. Choose one of {', '.join(setting.choices)}.")
    if not _within(setting, given):
        raise UserError(
            f"{setting.name} is {given!r}. Choose a number from {setting.low:g} to"
            f" {setting.high:g}."
        )
    return given


def _within(setting: Setting, given: Value) -> bool:
    if setting.low is None or setting.high is None or isinstance(given, str):
        return True
    return setting.low <= given <= setting.high  # False for a nan


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _settings(body: list[ast.stmt]) -> list[Setting]:
    found = []
    for node in body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        if isinstance(node.value, ast.Call):
            default, help = (ast.literal_eval(given) for given in node.value.args)
            options = {str(one.arg): ast.literal_eval(one.value) for one in node.value.keywords}
            low, high = options.get("low"), options.get("high")
            choices = tuple(options.get("choices") or ())
            kind = ast.unparse(node.annotation)
            found.append(Setting(node.target.id, kind, default, help, low, high, choices))
    return found
