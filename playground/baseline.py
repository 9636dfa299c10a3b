"""What a task needs no language model for: word counts and logistic regression.

scikit-learn is imported by whoever fits, which is the process that asks; the page never does.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from playground.answers import LabelScores
from playground.data.example import Example
from playground.errors import UserError

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

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
    """A fitted one. `labels`: of its scores, in order; `columns`: the texts it reads."""

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
        counts, judge = self.pipeline
        numbers = judge.coef_.nbytes + judge.intercept_.nbytes + counts.idf_.nbytes
        return numbers + sum(len(word.encode()) for word in counts.vocabulary_)

    def ask(self, rows: Sequence[Row]) -> tuple[list[LabelScores], int, float]:
        """The log-probability of every label for each row, the words read, and the seconds."""
        started = time.perf_counter()
        texts = [joined(row, self.columns) for row in rows]
        known = {label: at for at, label in enumerate(self.pipeline.classes_)}
        found = self.pipeline.predict_proba(texts)
        shares = np.full((len(texts), len(self.labels)), LEAST)
        for place, label in enumerate(self.labels):
            if label in known:
                shares[:, place] = np.maximum(found[:, known[label]], LEAST)
        logs = np.log(shares / shares.sum(axis=1, keepdims=True)).tolist()
        ones = (1,) * len(self.labels)
        words = self.pipeline[0].build_tokenizer()
        count = sum(len(words(text)) for text in texts)
        scores = [LabelScores(tuple(row), ones, tuple(row)) for row in logs]
        return scores, count, time.perf_counter() - started


def fit(taught: Sequence[Example], labels: Sequence[str], columns: Sequence[str]) -> Baseline:
    """TF-IDF of words and pairs of words (1 + log of the count), and logistic regression.

    The penalty is squared; its strength has the lowest loss in a five-fold cross-validation on
    these very examples, and nothing else is looked at. Where some label has fewer than five, C is
    10. The same examples always give the same answers.
    Raises UserError when the examples hold no word or fewer than two labels.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = [joined(example.row, columns) for example in taught]
    truth = [example.label for example in taught]
    if len(set(truth)) < 2:
        raise UserError(f"{NAME} has fewer than two labels to tell apart. Label more examples.")
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
        LogisticRegression(C=STRENGTH, max_iter=1000),
    )
    try:
        if min(Counter(truth).values()) >= FOLDS:
            pipeline.set_params(logisticregression__C=_strength(pipeline, texts, truth))
        pipeline.fit(texts, truth)
    except ValueError as error:
        if "vocabulary" not in str(error):
            raise
        raise UserError(f"{NAME} finds no word in the labelled texts to count.") from error
    return Baseline(tuple(labels), tuple(columns), pipeline)


def joined(row: Row, columns: Sequence[str]) -> str:
    """The texts of a row, one a line."""
    return "\n".join(row[column] for column in columns)


def _strength(pipeline: "Pipeline", texts: Sequence[str], truth: Sequence[str]) -> float:
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    order = np.random.default_rng(0).permutation(len(texts))[:CHOSEN_BY]
    search = GridSearchCV(
        pipeline,
        {"logisticregression__C": STRENGTHS},
        scoring="neg_log_loss",
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=0),
        refit=False,
    )
    search.fit([texts[i] for i in order], [truth[i] for i in order])
    return search.best_params_["logisticregression__C"]
