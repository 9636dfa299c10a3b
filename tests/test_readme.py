"""README tells the truth: its map names every room, its commands and endpoints exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = "pip install -r tests/requirements.txt -c .ci/constraints.txt && python -m pytest -n 2"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def described(folder: Path) -> str:
    """The line of the map for a room: its name and the first sentence of its docstring."""
    told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    name = folder.relative_to(ROOT).as_posix() + "/"
    return f"{name:<28}{' '.join(told.split(chr(10) * 2)[0].split())}".rstrip()


def the_map() -> list[str]:
    """Every room of playground/, as it stands in README."""
    return [described(file.parent) for file in sorted((ROOT / "playground").glob("*/__init__.py"))]


def test_the_map_names_every_room_with_its_own_first_sentence():
    assert the_map()
    assert [line for line in the_map() if line not in README.splitlines()] == []


@pytest.mark.parametrize(
    "command",
    [
        "pip install -r requirements.txt && python app.py",
        TESTS,
    ],
)
def test_the_commands_stand_alone_on_a_line(command):
    assert command in README.splitlines()


def test_ci_calls_the_test_command_of_the_readme():
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_space_gets_the_gradio_that_is_required():
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = next(line for line in README.splitlines() if line.startswith("sdk_version:"))
    major, minor, _ = version.split(":")[1].strip().split(".")
    assert f"gradio>={major}.{minor}" in required
