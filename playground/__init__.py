"""Train, ask and compare: prompting and parameter-efficient tuning of language models."""
