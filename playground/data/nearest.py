"""Which labelled examples are most like a text: demonstrations chosen for every question anew.

Liu et al. 2022, KATE: "What Makes Good In-Context Examples for GPT-3?" (arXiv:2101.06804);
Gao et al. 2021, LM-BFF (arXiv:2012.15723), section 6.2, filter by likeness too. scikit-learn is
imported by whoever looks for the nearest, which is the process that asks; the page never does.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from playground.data.example import Example
from playground.data.folding import folded

Row = Mapping[str, str]


class Nearest:
    """Finds the examples most like a row, by the cosine of their TF-IDF vectors (1 + log of a
    word's count, over the texts of all columns together).

    examples: to choose among. Of those equally like a row, an earlier one is nearer: give them
    with the labels taking turns, so that a row without a known word gets some of every label.
    columns: the texts of a row that count.
    """

    def __init__(self, examples: Sequence[Example], columns: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._examples = tuple(examples)
        self._columns = tuple(columns)
        texts = [self._text(example.row) for example in self._examples]
        self._same = np.array([folded(text) for text in texts], dtype=object)
        counts = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
        try:
            self._known = counts.fit_transform(texts)
            self._counts = counts
        except ValueError as error:
            if "vocabulary" not in str(error):
                raise
            self._counts = None  # no example holds a word: all are equally near

    def of(self, row: Row, count: int) -> tuple[Example, ...]:
        """The `count` examples nearest to the row, the nearest last, right before the question;
        fewer where there are no more. One that has the row's very text is never among them: it
        would give the answer away."""
        text = self._text(row)
        likeness = self._likeness(text)
        allowed = np.flatnonzero(self._same != folded(text))
        order = allowed[np.argsort(-likeness[allowed], kind="stable")]
        return tuple(self._examples[index] for index in order[: max(0, count)][::-1])

    def _likeness(self, text: str) -> np.ndarray:
        if self._counts is None:
            return np.zeros(len(self._examples))
        return (self._known @ self._counts.transform([text]).T).toarray()[:, 0]

    def _text(self, row: Row) -> str:
        return "\n".join(row[column] for column in self._columns)
