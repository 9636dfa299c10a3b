"""README tells the truth: its map names every room, its commands and endpoints exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = "pip install -r tests/requirements.txt -c .ci/constraints.txt && python -m pytest -n 2"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BYTES = 8_192  # that a stranger reads to the end
PICTURE_BYTES = 200_000
LINK = re.compile(r"\]\(((?:[\w./-]|%20)+)(#[\w-]+)?\)")  # to a file of ours
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("README.md", ".github/*.md", "playground/*/README.md")
    for path in ROOT.glob(pattern)
)


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


def test_it_is_short() -> None:
    assert len(README.encode()) <= BYTES


def test_the_picture_stands_above_the_first_heading_and_is_small() -> None:
    before, *_ = README.split("\n## ")
    assert ".github/page.png" in [path for path, _ in LINK.findall(before)]
    assert (ROOT / ".github" / "page.png").stat().st_size < PICTURE_BYTES


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    broken = [path for path, part in LINK.findall(text) if not leads(ROOT / page, path, part)]
    assert broken == []


def leads(page: Path, path: str, part: str) -> bool:
    """Whether there is such a file, and a heading of it where the link names one."""
    target = page.parent / path
    if not part:
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return part[1:] in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
