"""What the Data tab says."""

from playground import limits
from playground.evaluation.verdict import percent
from playground.models.catalogue import CHAT_MEASURED
from playground.ui.words.shell import counted

SOURCES = {"sample": "Sample", "upload": "Upload", "paste": "Paste", "hub": "Hub"}
WHERE_FROM = "Where from"
SAMPLE = "Sample"
UPLOAD = "Your file"
UPLOAD_HELP = (
    "CSV, TSV, JSON, JSONL, Parquet or XLSX, one example a row, also as .zip or .gz, at most"
    f" {limits.FILE_BYTES // 1_000_000} MB. Only you see it; it is kept while there is room."
)
PASTE = "Paste rows"
PASTE_HELP = "The first line names the columns, as copied from a spreadsheet or a CSV file"
PASTE_EXAMPLE = "text,label\nA dull, lifeless film.,negative\nI laughed all the way home.,positive"
PASTE_BUTTON = "Read these rows"
HUB = "Dataset of the Hugging Face Hub"
HUB_HELP = "Its name, as in stanfordnlp/sst2. This needs the internet."
HUB_CONFIGURATION = "Configuration (may stay empty)"
HUB_SPLIT = "Split (may stay empty)"
HUB_BUTTON = "Fetch it"
SIGN_IN = "Sign in with Hugging Face"
SIGN_OUT = "Sign out ({})"
SIGN_IN_HELP = (
    "Signed in, you can fetch data sets that only you may read. What lets you in is used for that"
    " request alone and is not kept."
)

TEXT_COLUMNS = "Text column(s)"
LABEL_COLUMN = "Label column"
SPLIT_COLUMN = "Split"
NO_SPLIT_COLUMN = "at random"
LABELS_PER_CLASS = "Labelled examples for each label"
LABELS_PER_CLASS_HELP = "These are learnt from; the other rows are held out to measure on"
ALL_LABELLED = "Use every labelled row: 70 % to learn from, 30 % held out"
SEED = "Seed"

WHAT_IS_IN_IT = "What is in it"
FIRST_ROWS = "First rows"
NO_PROBLEMS = "Nothing stands out: every row has a text and a label."
SEVERITY = {"error": "Problem", "warning": "Careful", "note": "Note"}
SEVERITY_MARK = {"error": "✗", "warning": "!", "note": "i"}

TASK = "Say the task in words"
TEMPLATE = "Template"
TEMPLATE_HELP = "A column's name in braces is filled from the row; the answer follows at the end"
INSTRUCTION = "Instruction, put first (may stay empty)"
LABEL_WORDS = "Label words"
LABEL_WORDS_HELP = "The word the model answers for each label. Double-click a word to change it."
LABEL_WORDS_HEAD = ("label in your data", "word the model answers")
GUESS = "Guess the task anew"
WILL_READ = "The model will read"
PREVIOUS_ROW = "← Previous"
NEXT_ROW = "Next →"
COUNTING = "Counting tokens: the model is loading …"
TO_TRAIN = "Next: train →"
ANSWER_SLOT = "answer"
READING = "Reading …"
CHAT = "Send it through the model's chat template"
CHAT_HELP = (
    "As a user's turn that the label word answers, the way the model was taught to talk. Training,"
    " prompting and asking then all do so; a classifier head reads the text alone. Off at first, as"
    f" it took more than it brought. {CHAT_MEASURED}."
)
WORDS_FINE = "Every label word is one token of the model, and none is a foregone conclusion."

BALANCE = "Rows for each label"
LENGTHS = "Length of the texts, in words"


def has_been_read(name: str) -> str:
    return f"{name} is read; the page now works on it."


def still_here(name: str) -> str:
    return f"{name}, which you brought before, is still here."


def split_by(column: str) -> str:
    return f"by column {column}"


def summary(rows: int, labels: int, set_aside: str) -> str:
    start = f"{counted(rows, 'row')} · {counted(labels, 'label')}"
    return f"{start} · {set_aside}" if set_aside else start


def set_aside(duplicates: int, conflicts: int, left_out: int) -> str:
    """What was put away before splitting, or an empty text."""
    parts = [
        counted(duplicates, "duplicate") + " set aside" if duplicates else "",
        counted(conflicts, "row") + " with conflicting labels left out" if conflicts else "",
        counted(left_out, "row") + " without text or known label left out" if left_out else "",
    ]
    return " · ".join(part for part in parts if part)


def split_sentence(labelled: int, held_out: int) -> str:
    return f"{counted(labelled, 'example')} to learn from, {held_out:,} held out to measure on."


def row_place(index: int, rows: int) -> str:
    return f"Row {index + 1:,} of {rows:,}"


def tokens_sentence(tokens: int, room: int, cut: bool) -> str:
    fits = f"{counted(tokens, 'token')} of the {room:,} the model can read at once"
    return f"{fits}; the text was shortened to fit." if cut else fits + "."


def balance_alt(counts: dict[str, int]) -> str:
    said = ", ".join(f"{label} {count}" for label, count in list(counts.items())[:12])
    return f"{BALANCE}: {said}" + (" and more" if len(counts) > 12 else "")


def lengths_alt(shortest: int, middle: int, longest: int) -> str:
    return f"{LENGTHS}: from {shortest} to {longest}, half of them at most {middle}"


def more_labels(hidden: int) -> str:
    return f"and {counted(hidden, 'more label')}"


def prior(share: float) -> str:
    """What the word gets when the text is N/A: even would be 1 / labels."""
    return f"{percent(share)} without any text"
