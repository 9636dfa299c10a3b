"""What the Compare tab says."""

from playground.comparisons.question import arm_name
from playground.evaluation.comparison import Arm
from playground.evaluation.verdict import p_value, percent
from playground.ui.words.shell import counted

STARTING = "Asking the model: the first answers come in a few seconds …"
RUNS = "Runs"
RUNS_HELP = "Finished or stopped runs on the same examples"
NO_RUNS = "None yet: train one in the Train tab"
SHOTS = "Demonstrations in the prompt (k shots)"
ONE_SHOT = "One-shot too"
NEAREST = "The nearest too"
NEAREST_HELP = "One arm more: for every text, the k labelled examples most like it"
RULE = "Scoring rule"
RULE_HELP = "How a label word's probability is counted; nothing is asked anew"
REDRAW = "Draw other demonstrations"

ACCURACY = "Accuracy"
ACCURACY_HELP = "Bars: 95 % intervals. Dotted line: always giving the commonest label."
EVERY_ARM = "Every arm"
EXAMPLES = "Examples"
CONFUSION = "Confusions"
CONFUSION_ARM = "Arm"
DEMONSTRATIONS = "Demonstrations"
NO_DEMONSTRATIONS = "There are no demonstrations without labelled examples."

TRY = "Try it"
TRY_HELP = "Type any text: every arm answers at once"
TRY_PLACEHOLDER = "Type a text …"
ASK = "Ask every arm"
ASKING = "Asking …"
TRY_EMPTY = "Answers appear here, with the very prompt that was sent."

TRY_WORDS = {
    "prompt": "The prompt it read",
    "written": "What it would write on its own",
    "others": "other labels",
}

HEAD = {
    "arm": "Arm",
    "accuracy": "Right",
    "macro_f1": "Macro-F1",
    "seconds": "Time per example",
    "trainable": "Trainable parameters",
    "bytes": "Stored per task",
    "difference": "Against zero-shot",
}
HEAD_HELP = {
    "accuracy": "Share of held-out examples answered right, with its 95 % Wilson interval",
    "macro_f1": "Mean over the labels of F1, so that rare labels count as much as common ones",
    "difference": "Difference in percentage points, with the p-value of the exact McNemar test",
}
STATES = {
    "waiting": "next in line",
    "asking": "asking",
    "done": "done",
    "failed": "could not be asked",
}
FILTERS = {"all": "all", "fixed": "fixed", "broken": "broken", "wrong": "both wrong"}
RIGHT, WRONG = "right", "wrong"
TEXTS = {
    "text": "Text",
    "from": "From",
    "to": "to",
    "truth": "Truth",
    "right": RIGHT,
    "wrong": WRONG,
    "none": "No example here.",
    "earlier": "← Earlier",
    "later": "Later →",
    "lost": "The examples could not be fetched. Try again.",
    "more": "show all of it",
}


def accuracy(arm: Arm) -> str:
    return percent(arm.accuracy)


def interval(arm: Arm) -> str:
    low, high = arm.interval
    return f"{100 * low:.0f} to {100 * high:.0f}\u202f%"


def difference(arm: Arm) -> str:
    """Points gained over zero-shot and whether chance could do that; "" for zero-shot itself."""
    if arm.difference_to_zero_shot is None or arm.p_value_to_zero_shot is None:
        return ""
    points = 100 * arm.difference_to_zero_shot
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return f"{sign}{abs(points):.1f} points ({p_value(arm.p_value_to_zero_shot)})"


def time(seconds: float) -> str:
    """Seconds per example, in a unit one can read."""
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def note(arm: Arm) -> str:
    """What a reader of an arm's numbers should know besides."""
    parts = [
        "word counts and logistic regression, no language model" if arm.kind == "baseline" else "",
        f"{counted(arm.dropped, 'demonstration')} left out, too long" if arm.dropped else "",
        f"{counted(arm.cut, 'text')} shortened to fit" if arm.cut else "",
        "demonstrations chosen for each text" if arm.nearest else "",
        f"answers “{arm.one_label}” to {percent(arm.majority_share)}" if arm.one_label else "",
    ]
    return " · ".join(part for part in parts if part)


def asking(names: list[str]) -> str:
    return "Still asking: " + ", ".join(names) + "." if names else ""


def waiting_for(names: list[str]) -> str:
    """Runs that will join the comparison once they are over."""
    return f"{', '.join(names)} will join when trained." if names else ""


def demonstrations(shots: int, seed: int, nearest: int = 0) -> str:
    """nearest: of the arm that chooses anew for every text, 0 without such an arm."""
    text = f"The {counted(shots, 'demonstration')} before every question, draw {seed}"
    return text + (
        f". “{arm_name(nearest, nearest=True)}” shows other ones to every text, the most alike last"
        " (cosine of TF-IDF): its prompt under “Try it” has them."
        if nearest
        else ""
    )


def forest_alt(sentence: str) -> str:
    return f"Accuracy of each arm with its 95 % interval. {sentence}"


def confusion_alt(arm: str, right: int, n: int) -> str:
    return f"Confusion matrix of {arm}: truth down, answer across; {right} of {n} are right"


def asked_of(tokens: int, seconds: float, dropped: int, cut: bool) -> str:
    """What one answer took."""
    parts = [
        counted(tokens, "token"),
        time(seconds),
        f"{counted(dropped, 'demonstration')} left out" if dropped else "",
        "text shortened" if cut else "",
    ]
    return " · ".join(part for part in parts if part)
