"""Which tokens a masked network has to fill in: some of the text, and the answers of prompts."""

from dataclasses import dataclass

import numpy as np

from playground.pretraining.tokenizer import MASK_ID, PAD_ID, SPECIAL, START_ID

TEXT_SHARE = 0.3  # of plain text (Wettig et al. 2023, arXiv:2202.08005)
PROMPTED_SHARE = 0.15  # of a window with prompts in it, which are whole when they are asked
EARLIER_SHARE = 0.3  # of the answers that others follow: the rest stay, to be read as examples
LONG = 8  # tokens; of a longer answer only half is masked
# Behind this share of the masked answers up to EXTRA tokens are masked too, be it those of the next
# document: the playground shows as many masks as its longest label word has tokens, and where their
# number tells how long the answer is, that word is the answer to everything.
LONGER_SHARE = 0.7
EXTRA = 5


@dataclass(frozen=True)
class Masked:
    """rows: (count,) positions to predict; weights: (count,), 0 where a row only fills up."""

    ids: np.ndarray
    rows: np.ndarray
    weights: np.ndarray


def masked(
    ids: np.ndarray, answers: np.ndarray, answer_weight: float, random: np.random.Generator
) -> Masked:
    """A window with masks. Always round(TEXT_SHARE * length) rows, so that shapes stay the same.

    The last answer of every prompt is masked, as it is when the playground asks. Nothing but
    <mask> is ever put in place of a token: that is all a masked prompt ever shows.
    """
    most = round(TEXT_SHARE * len(ids))
    asked, behind = _asked(ids, answers, random)
    text = np.setdiff1d(np.flatnonzero((ids >= len(SPECIAL)) & ~answers), behind)
    share = PROMPTED_SHARE if answers.any() else TEXT_SHARE
    asked = random.permutation(asked)[:most]
    behind = behind[: most - len(asked)]
    room = min(round(share * len(text)), most - len(asked) - len(behind))
    drawn = random.permutation(text)[:room]
    rows = np.concatenate([asked, behind, drawn]).astype(np.int64)
    weights = np.ones(len(rows), np.float32)
    weights[: len(asked)] = answer_weight
    shown = ids.copy()
    shown[rows] = MASK_ID
    spare = most - len(rows)
    return Masked(shown, np.pad(rows, (0, spare)), np.pad(weights, (0, spare)))


def _asked(
    ids: np.ndarray, answers: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the answers to be filled in, and of what is masked behind them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], answers.astype(np.int8), [0]])))
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    prompt = np.cumsum(ids == START_ID)
    asked: list[int] = []
    behind: list[int] = []
    for number, (first, end) in enumerate(spans):
        last = number + 1 == len(spans) or prompt[spans[number + 1][0]] != prompt[first]
        if not last and random.random() >= EARLIER_SHARE:
            continue
        inside = np.arange(first, end)
        if len(inside) > LONG:
            inside = np.sort(random.permutation(inside)[: len(inside) // 2])
        asked.extend(inside)
        if random.random() < LONGER_SHARE:
            behind.extend(_behind(ids, end, int(random.integers(1, EXTRA + 1))))
    kept = [place for place in behind if not answers[place]]
    return np.array(asked, np.int64), np.array(kept, np.int64)


def _behind(ids: np.ndarray, end: int, most: int) -> list[int]:
    """Up to `most` positions from `end`, before the filling of the window."""
    return [place for place in range(end, min(end + most, len(ids))) if ids[place] != PAD_ID]
