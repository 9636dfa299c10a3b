"""Training: a generator of events."""

from playground.training.loop import train
from playground.training.plan import Plan, TrainingData

__all__ = ["Plan", "TrainingData", "train"]
