"""How right the answers are: results, comparisons, verdicts and baselines."""
