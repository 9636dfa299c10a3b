"""What the page says about each method, read from its source without importing torch."""

import ast
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
class MethodCard:
    name: str  # of its file, and in a RunSpec
    title: str
    paper: str
    summary: str  # one line: what trains
    about: str  # the docstring: what it does, the equation, where the defaults come from
    settings: tuple[Setting, ...]  # its own, then those it shares with others
    tier: str = "main"  # "more": one of the less common ones
    merges: bool = False  # whether the update can be merged into the weights, exactly
    head: bool = False  # whether it answers by a classifier head, which reads no label words
    paper_rate: tuple[float, float] | None = (
        None  # a learning rate, of a model of so many parameters
    )

    def setting(self, name: str) -> Setting:
        return next(setting for setting in self.settings if setting.name == name)


SHARED = {  # of every method that answers with label words
    "objective": Setting(
        "objective",
        "str",
        "label words",
        "The softmax of the loss: over the label words alone, or over all words",
        choices=("label words", "all words"),
    )
}


@cache
def cards() -> dict[str, MethodCard]:
    """The card of every method file, by name: those of every folder on this package's path."""
    package = importlib.import_module("playground.methods")
    files = [path for folder in package.__path__ for path in Path(folder).glob("*.py")]
    found = {}
    for path in sorted(files, key=lambda path: path.stem):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        chosen = _assigned(tree.body).get("METHOD")
        if isinstance(chosen, ast.Name):
            found[path.stem] = _card(path.stem, tree, chosen.id)
    return found


def checked(name: str, settings: Mapping[str, Value]) -> dict[str, Value]:
    """Every setting of a method, those given checked, the others at their default.

    Raises UserError for a method or setting that is not there and for a value out of its range.
    """
    card = cards().get(name)
    if card is None:
        raise UserError(f"There is no method {name!r}. Choose one of {', '.join(cards())}.")
    known = {setting.name: setting for setting in card.settings}
    unknown = [key for key in settings if key not in known]
    if unknown:
        raise UserError(
            f"{card.title} has no setting {unknown[0]!r}. Its settings are {', '.join(known)}."
        )
    return {
        key: _value(setting, settings[key]) if key in settings else setting.default
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
    if setting.low is None or setting.high is None:
        return True
    return setting.low <= float(given) <= setting.high  # False for a nan


def _card(name: str, tree: ast.Module, class_name: str) -> MethodCard:
    kinds = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    body = kinds[class_name].body
    known = _assigned(body)
    head = "head" in known and ast.literal_eval(known["head"])
    return MethodCard(
        name=name,
        title=ast.literal_eval(known["title"]),
        paper=ast.literal_eval(known["paper"]),
        summary=_summary(ast.get_docstring(tree) or ""),
        about=ast.get_docstring(kinds[class_name]) or "",
        settings=(*_settings(body), *(() if head else SHARED.values())),
        tier=ast.literal_eval(known["tier"]) if "tier" in known else "main",
        merges="merges" in known and ast.literal_eval(known["merges"]),
        head=head,
        paper_rate=ast.literal_eval(known["paper_rate"]) if "paper_rate" in known else None,
    )


def _summary(docstring: str) -> str:
    """The first paragraph of a method's file, without the title before its colon."""
    return " ".join(docstring.split("\n\n")[0].split()).partition(": ")[2].rstrip(".")


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _settings(body: list[ast.stmt]) -> list[Setting]:
    found = []
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
            name = ast.unparse(node.target)
            default, help = (ast.literal_eval(given) for given in node.value.args)
            options = {one.arg: ast.literal_eval(one.value) for one in node.value.keywords}
            low, high = options.get("low"), options.get("high")
            choices = tuple(options.get("choices") or ())
            kind = ast.unparse(node.annotation)
            found.append(Setting(name, kind, default, help, low, high, choices))
    return found
