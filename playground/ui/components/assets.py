"""Our own scripts and styles, as they are sent with the page."""

from pathlib import Path

UI = Path(__file__).parents[1]  # scripts and styles lie beside the widgets they belong to


def script(name: str) -> str:
    """The text of a script or style of ours, to be sent with the page; name: "runs/runs.js"."""
    return (UI / name).read_text(encoding="utf-8")


def style_sheets() -> str:
    """Every style sheet of the page in order of its name."""
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(UI.glob("*/*.css"), key=_by_name)
    )


def _by_name(path: Path) -> str:
    return path.name
