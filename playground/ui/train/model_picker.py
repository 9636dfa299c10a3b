"""The model picker: what the catalogue knows, as choices and as a line."""

from playground.models.catalogue import BUNDLED, CATALOGUE, FOLDERS, card
from playground.ui.components.notice import Notice, notice_text
from playground.ui.words import train as words


def choices() -> list[tuple[str, str]]:
    """(what is shown, model id), the bundled models first."""
    entries = sorted(CATALOGUE, key=lambda entry: entry.id not in FOLDERS)
    shown = [(words.model_choice(entry), entry.id) for entry in entries]
    return shown if card(BUNDLED) else [(words.BUNDLED_MODEL, BUNDLED), *shown]


def about(model: str, memory: str = "") -> Notice:
    """Family, size, licence and whether one must be let in; and whether it fits, once counted."""
    entry = card(model)
    known = words.about_model(entry) if entry else words.OWN_MODEL
    return notice_text(f"{known}\n{memory or words.COUNTING_MEMORY}", "quiet")
