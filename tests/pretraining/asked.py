"""Invented questions of the sets that the study holds out, in their form and under their names."""

import json
from pathlib import Path

from playground.pretraining.held_out_sets import SETS

_ABOUT = ("window", "garden", "letter", "bottle", "engine", "ladder")


def write_questions(folder: Path) -> Path:
    """Six of every label, beside the sets that are there already."""
    for name, wording in SETS.items():
        path = folder / name / f"{wording.part}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"text": f"That {about} again, said the {word} one.", "label": label}
            for about in _ABOUT
            for label, word in wording.words.items()
        ]
        path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return folder
