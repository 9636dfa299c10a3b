"""Our own scripts and styles: what is sent with the page, and what the page fetches from us."""

from pathlib import Path

import plotly

UI = Path(__file__).parents[1]  # scripts and styles lie beside the widgets they belong to
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
FETCHED: dict[str, Path] = {"plotly.min.js": PLOTLY}  # served below /own/; nothing else is


def script(name: str) -> str:
    """The text of a script or style of ours, to be sent with the page; name: "runs/runs.js"."""
    return (UI / name).read_text(encoding="utf-8")


def styles() -> str:
    """Every style sheet of the page in order of its name."""
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(UI.glob("*/*.css"), key=_by_name)
    )


def _by_name(path: Path) -> str:
    return path.name
