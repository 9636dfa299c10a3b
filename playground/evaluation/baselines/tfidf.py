"""What a task needs no language model for: word counts and logistic regression.

scikit-learn is imported by whoever fits, which is the process that asks; the page never does.
"""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.answers import LabelScores

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion, Pipeline

NAME = "TF-IDF"
STRENGTHS = (1.0, 10.0, 100.0)  # of C, the inverse of the penalty, that are tried
STRENGTH = 10.0  # where there is too little to choose by
FOLDS = 5
CHOSEN_BY = 500  # examples at most, so that choosing takes a moment
WORD = r"(?u)\b\w+\b"
LEAST = 1e-9  # probability of a label no example has: nothing is impossible
Row = Mapping[str, str]


@dataclass(frozen=True)
class Baseline:
    """A fitted one. `labels`: of its scores, in order; `columns`: the texts of a row."""

    labels: tuple[str, ...]
    columns: tuple[str, ...]
    pipeline: "Pipeline"

    @property
    def trainable(self) -> int:
        """Coefficients and intercepts."""
        judge = self.pipeline[-1]
        return judge.coef_.size + judge.intercept_.size

    @property
    def bytes(self) -> int:
        """What has to be kept: those, the weight of every word and the words themselves."""
        judge = self.pipeline[-1]
        numbers = judge.coef_.nbytes + judge.intercept_.nbytes
        for counts in self._counts:
            numbers += counts.idf_.nbytes + sum(len(word.encode()) for word in counts.vocabulary_)
        return numbers

    def ask(self, rows: Sequence[Row]) -> tuple[list[LabelScores], int, float]:
        """The log-probability of every label for each row, the words read, and the seconds."""
        started = time.perf_counter()
        known = {label: at for at, label in enumerate(self.pipeline.classes_)}
        found = self.pipeline.predict_proba(rows)
        shares = np.full((len(rows), len(self.labels)), LEAST)
        for place, label in enumerate(self.labels):
            if label in known:
                shares[:, place] = np.maximum(found[:, known[label]], LEAST)
        logs = np.log(shares / shares.sum(axis=1, keepdims=True)).tolist()
        ones = (1,) * len(self.labels)
        words = self._counts[0].build_tokenizer()
        count = sum(len(words(joined(row, self.columns))) for row in rows)
        scores = [LabelScores(tuple(row), ones, tuple(row)) for row in logs]
        return scores, count, time.perf_counter() - started

    @property
    def _counts(self) -> list["TfidfVectorizer"]:
        """Of each column that is read."""
        return [block[-1] for _, block in self.pipeline[0].transformer_list]


def fit(taught: Sequence[Example], labels: Sequence[str], columns: Sequence[str]) -> Baseline:
    """TF-IDF of words and pairs of words (1 + log of the count), and logistic regression.

    Every column has words of its own: one that stands in the question weighs nothing in the
    answer. A column in which no example has a word is not read. The penalty is squared; its
    strength has the lowest loss in a five-fold cross-validation on these very examples, and nothing
    else is looked at. Where that cannot be, as some label has fewer than five, C is 10. The same
    examples always give the same answers.
    Raises UserError when the examples hold no word or fewer than two labels.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    rows = [example.row for example in taught]
    truth = [example.label for example in taught]
    if len(set(truth)) < 2:
        raise UserError(f"{NAME} has fewer than two labels to tell apart. Label more examples.")
    read = [column for column in columns if any(re.search(WORD, row[column]) for row in rows)]
    if not read:
        raise UserError(f"{NAME} finds no word in the labelled texts to count.")
    pipeline = make_pipeline(_side_by_side(read), LogisticRegression(C=STRENGTH, max_iter=1000))
    if min(Counter(truth).values()) >= FOLDS:
        pipeline.set_params(logisticregression__C=_strength(pipeline, rows, truth))
    pipeline.fit(rows, truth)
    return Baseline(tuple(labels), tuple(columns), pipeline)


def joined(row: Row, columns: Sequence[str]) -> str:
    """The texts of a row, one a line."""
    return "\n".join(row[column] for column in columns)


def _side_by_side(columns: Sequence[str]) -> "FeatureUnion":
    """The words of each column, one block beside the other."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    blocks = [
        make_pipeline(
            FunctionTransformer(_texts, kw_args={"column": column}),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
        )
        for column in columns
    ]
    return FeatureUnion([(str(number), block) for number, block in enumerate(blocks)])


def _texts(rows: Sequence[Row], column: str) -> list[str]:
    return [row[column] for row in rows]


def _strength(pipeline: "Pipeline", rows: Sequence[Row], truth: Sequence[str]) -> float:
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    order = np.random.default_rng(0).permutation(len(rows))[:CHOSEN_BY]
    search = GridSearchCV(
        pipeline,
        {"logisticregression__C": STRENGTHS},
        scoring="neg_log_loss",
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=0),
        refit=False,
        error_score="raise",
    )
    try:
        search.fit([rows[i] for i in order], [truth[i] for i in order])
    except ValueError as error:
        if "vocabulary" not in str(error):
            raise
        return STRENGTH  # all words of some column are in a single fold
    return search.best_params_["logisticregression__C"]
