"""Figures that were measured, as JSON: what the tables are made from."""

from pathlib import Path

HERE = Path(__file__).parent
ACCURACY, COSTS = HERE / "methods_accuracy.json", HERE / "methods_costs.json"
