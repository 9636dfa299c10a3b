"""Our own scripts and styles: what is sent with the page, and what the page fetches from us."""

from pathlib import Path

import plotly

STATIC = Path(__file__).parent / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
FETCHED: dict[str, Path] = {"plotly.min.js": PLOTLY}  # served below /own/; nothing else is


def script(name: str) -> str:
    """The text of a script or style of ours, to be sent with the page."""
    return (STATIC / name).read_text(encoding="utf-8")


def styles() -> str:
    """Every style sheet of the page in order of its name."""
    return "\n".join(script(path.name) for path in sorted(STATIC.glob("*.css")))
