"""README tells the truth: its map names every file, its commands and endpoints exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = "pip install -r tests/requirements.txt -c .ci/constraints.txt && python -m pytest -n 2"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def described(path: Path) -> str:
    """The line of the map for a file: its name and the first sentence of its docstring."""
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return f"{path.name:<28}{' '.join(told.split(chr(10) * 2)[0].split())}".rstrip()


def the_map() -> str:
    """Every Python file of playground/, by folder, as it stands in README."""
    lines = []
    folders = [ROOT / "playground", *sorted((ROOT / "playground").rglob("*/"))]
    for folder in folders:
        files = [file for file in sorted(folder.glob("*.py")) if described(file).strip()]
        if files and folder.name != "__pycache__":
            lines.append(f"{folder.relative_to(ROOT).as_posix()}/")
            lines += [f"  {described(file)}" for file in files]
    return "\n".join(lines)


def test_the_map_names_every_file_with_its_own_first_sentence():
    missing = [line for line in the_map().splitlines() if line not in README.splitlines()]
    assert not missing, "\n".join(missing)
    assert the_map() in README


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
