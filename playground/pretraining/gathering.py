"""The documents that are packed: text, or the mixture, without what the models are measured on."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from playground.errors import UserError
from playground.pretraining import mixture, text
from playground.pretraining.document import Document
from playground.pretraining.mixture.contamination import Overlap, measured_sets
from playground.pretraining.mixture.sets import read_sets
from playground.pretraining.records import OverlapCounts


@dataclass(frozen=True)
class Gathered:
    """documents: read once, in order. checks: by what was looked at, what was left out of it."""

    documents: Iterator[Document]
    checks: dict[str, Overlap]

    @staticmethod
    def of(given: argparse.Namespace) -> "Gathered":
        """By the options of the command pack. Raises UserError for a stage 2 that lacks some."""
        measured = measured_sets(given.sets or given.out)
        checks = {"text": Overlap(measured)}
        texts = islice(text.mixed(text.files(given.text)), given.skip, None)
        clean = checks["text"].clean(texts)
        if given.stage == 1:
            return Gathered(text.documents(clean), checks)
        if given.sets is None:
            raise UserError("Stage 2 needs the labelled sets it learns from: give --sets.")
        checks["labelled sets"] = Overlap(measured)
        read_sets(given.sets, checks["labelled sets"].keeps)  # only to count
        documents = mixture.documents(
            given.sets, clean, given.seed, given.share_text, given.tasks, dict(given.emphasis)
        )
        return Gathered(documents, checks)

    def overlap(self) -> dict[str, OverlapCounts]:
        """What was found so far, for pack.json and the card."""
        return {
            source: {
                "looked at": check.seen,
                "left out": check.dropped_texts,
                "by set": {name: check.dropped[name] for name in check.names},
            }
            for source, check in self.checks.items()
        }
