"""What the Runs tab says."""

from playground.evaluation.verdict import percent
from playground.ui.words.shell import counted

TITLE = "Your runs"
EMPTY = "No run yet. Train one in tab 2: it is listed here, also after you have closed this page."
LOADING = "Looking for your runs …"
COLUMNS = ("Run", "Data", "Model", "Status", "Held-out right", "Cost", "When")
TICK = "Choose"
NO_TICK = (
    "Choose a run above to open it or take it away; choose several to lay their curves over each"
    " other."
)

OPEN = "Open"
DOWNLOAD = "Download adapter"
DOWNLOAD_MERGED = "Download merged model"
CODE = "Show the code"
HIDE_CODE = "Hide the code"
LINK = "Copy a link"
UNSHARE = "Stop sharing"
RESUME = "Resume"
DELETE = "Delete …"
DELETE_SURE = "Delete for good"
KEEP = "Keep"
RENAME = "Rename"
NEW_NAME = "Name"
LINK_BOX = "Whoever has this link can look at the run"
CODE_BOX = "The same run with plain transformers and peft"
PACKING = "Packing the adapter …"
MERGING = "Folding the adapter into the weights, and checking that the answers stay the same …"
SHARED = "shared"
SHARED_WITH_YOU = "shared with you"
DELETED = "Deleted."
RENAMED = "Renamed."
RESUMED = "Back in the queue; it goes on from where it was."
UNSHARED = "Only you see it now."
LOSS = "Loss, in nats per answer"
ACCURACY = "Held-out accuracy while training"
DIFFERENCES = "Where their settings differ"
SETTINGS = "Its settings"
SAME = "all the same"
RATE_BY_SIZE = "by the model's size, once it is loaded"
SETTING = "setting"
CHAT = {False: "not used", True: "the prompt is sent through it"}
DEFAULT_ALL = "all"


def chosen(names: list[str]) -> str:
    """The headline above the actions."""
    if len(names) == 1:
        return names[0]
    return f"{counted(len(names), 'run')}: {', '.join(names)}"


def damaged(name: str, damage: str) -> str:
    return f"“{name}” is damaged: {damage}. What cannot be mended can be deleted."


def sure(names: list[str]) -> str:
    which = f"“{names[0]}”" if len(names) == 1 else counted(len(names), "run")
    return f"Delete {which} for good, with what was learnt? This cannot be undone."


def right(accuracy: float, n: int) -> str:
    return f"{percent(accuracy)} of {n:,}"


def downloaded(name: str) -> str:
    return f"“{name}” is on its way to your downloads. Nothing came? Press the button again."


def linked(count: int) -> str:
    them = "it" if count == 1 else "them"
    return f"The link is copied. Whoever has it can look at {them}, not change {them}."
