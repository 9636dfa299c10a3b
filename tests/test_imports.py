"""Imports point one way, and each library is known in one room only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "playground"
# Each room may import those above it, and itself.
ROOMS = (
    ("errors", "events", "limits", "metrics", "host_token"),
    ("cards",),
    ("data",),
    ("tasks",),
    ("models",),
    ("optim",),
    ("evaluation",),
    ("methods", "scoring"),
    ("training", "interpret", "serving"),
    ("recipes",),
    ("runs",),
    ("executors",),
    ("inference",),
    ("comparisons",),
    ("studies",),
    ("pretraining", "reports"),
    ("api",),
    ("",),  # playground/__init__.py: the public names
    ("ui",),
    ("app",),
)
# Within ui/, too; what stands on one line knows nothing of each other.
UI_ROOMS = (
    ("__init__", "words"),
    ("components", "http"),
    ("session",),
    ("studies",),
    ("data", "train", "compare", "runs", "tasks"),
    ("endpoints",),
    ("page",),
    ("launch",),
)
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
ONLY_IN = {"gradio": {"ui"}, "plotly": {"ui"}, "peft": {"methods"}}
NEVER_IN = {"data": {"torch", "transformers", "peft"}, "ui": {"torch", "transformers", "datasets"}}
UI_RANK = {room: rank for rank, rooms in enumerate(UI_ROOMS) for room in rooms}
LATE = {"datasets"}  # imported inside the function that needs it, or in a process of its own
OWN_PROCESS = {"playground.data.hub_stream"}  # started with -m, never imported
FILES = sorted([*PACKAGE.rglob("*.py"), ROOT / "app.py"])


@pytest.mark.parametrize("room", RANK)
def test_the_files_of_a_room_import_only_what_they_may(room):
    of_the_room = [path for path in FILES if room_of(path) == room]

    assert [fault for path in of_the_room for fault in faults(path, room)] == []


def test_every_file_is_in_a_room_that_the_design_names():
    assert {room_of(path) for path in FILES} <= set(RANK)


def faults(path: Path, room: str) -> Iterator[str]:
    """The imports that a file may not have, each with its line and why."""
    for module, line in imported(path):
        place = f"{path.relative_to(ROOT)}:{line} imports {module}"
        library = module.split(".")[0]
        if library == "playground":
            other = own_room(module)
            if module.startswith(tuple(OWN_PROCESS)):
                yield f"{place}, which is to be started"
            if other != room and RANK[other] >= RANK[room]:
                yield f"{place}, against the grain"
            continue
        if room not in ONLY_IN.get(library, {room}):
            yield f"{place}, which is not known here"
        if library in NEVER_IN.get(room, ()):
            yield f"{place}, which is too heavy here"
        if library in LATE and module_name(path) not in OWN_PROCESS:
            yield f"{place} at the top"


def test_within_the_page_imports_point_one_way_too():
    inside = [path for path in FILES if PACKAGE / "ui" in path.parents]
    assert inside
    assert [fault for path in inside for fault in ui_faults(path)] == []


def ui_faults(path: Path) -> Iterator[str]:
    room = ui_room(module_name(path))
    for module, line in imported(path):
        other = ui_room(module)
        if room == "__init__" or other in (None, room):  # the first only starts gradio fast
            continue
        if UI_RANK[other] >= UI_RANK[room]:
            yield f"{path.relative_to(ROOT)}:{line} imports {module}, against the grain"


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Modules imported when the file is, with their lines; what only a type checker reads is
    left out."""
    nodes = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            checked = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            nodes += [] if checked else list(ast.iter_child_nodes(node))


def ui_room(module: str) -> str | None:
    """The room of ui/ a module is in; None for all that is not of ui/."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["playground", "ui"] and len(parts) > 2 else None


def room_of(path: Path) -> str:
    if path == ROOT / "app.py":
        return "app"
    return own_room(module_name(path))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def own_room(module: str) -> str:
    """The room a module is in; "" is playground/__init__.py, the public names."""
    first = module.split(".")[1] if "." in module else ""
    is_file = (PACKAGE / first).is_dir() or (PACKAGE / f"{first}.py").is_file()
    return first if is_file and first != "__init__" else ""
