"""Scores of every architecture of the catalogue with every kind of tokenizer are those of plain
forward passes over whole texts, tokenised in one go."""

from dataclasses import replace
from functools import cache

import pytest
import torch
from transformers import AutoConfig, PreTrainedModel

from playground.data.example import Example
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.models.loading import AUTO_CLASSES
from playground.scoring import score
from playground.tasks.classification import Task, with_demonstrations
from tests.models.kinds import KINDS, MASKED, here, read_by
from tests.tiny import CAUSAL, SEQ2SEQ, family_of
from tests.tiny import MASKED as MASKED_SIZES

pytestmark = here

LENGTH = 400
# Every kind on one architecture of each family, and every architecture with kinds of few pieces:
# the others are tried by tests/benchmarks/architectures.py --every-tokenizer.
FEW = ("llama-legacy", "llama-new", "gemma-like")
CASES = (
    *(("llama", kind) for kind in KINDS),
    *((name, kind) for name in ("gpt_neox", "gpt2", "qwen2", "qwen3") for kind in FEW),
    *(("bert", kind) for kind in MASKED),
    *(
        (name, kind)
        for name in ("distilbert", "roberta", "modernbert")
        for kind in ("albert", "xlmr")
    ),
    *(("t5", kind) for kind in ("t5", "xlmr", "llama-legacy")),
    *(("bart", kind) for kind in ("roberta", "xlmr")),
)
TASK = Task(
    "Review: {text}\nIt was",
    {"p": "positive", "n": "not good", "g": "good film", "h": "good"},
    "label",
    "Say what it is",
)
SHOWN = (Example({"text": "a moving film"}, "p", 1), Example({"text": "no"}, "n", 2))
ROWS = [{"text": "dull"}, {"text": "naïve: <s> so long, and (so) good that nobody slept"}]


@cache
def network(name: str, pieces: int) -> PreTrainedModel:
    sizes = {**(CAUSAL | MASKED_SIZES | SEQ2SEQ)[name], "vocab_size": pieces}
    for key in ("max_position_embeddings", "n_positions"):
        sizes |= {key: LENGTH} if key in sizes else {}
    config = AutoConfig.for_model(name, **sizes, pad_token_id=0, bos_token_id=1, eos_token_id=2)
    torch.manual_seed(0)
    made = AUTO_CLASSES[family_of(name).name].from_config(config)
    with torch.no_grad():
        for weight in made.parameters():
            if weight.dim() > 1:
                weight.mul_(4)
    return made.eval()


def by_hand(model: LanguageModel, row: dict[str, str], label: str) -> float:
    """The log-probability of a word's pieces at the end of the text they are part of."""
    words = answer_words(model, TASK)
    prompt, path = with_demonstrations(TASK, SHOWN, row), words.path(label)
    within = words.within[words.labels.index(label)]
    ids = (*model.start_ids, *model.tokens(prompt.before + TASK.gap + TASK.label_words[label]))
    assert ids[-len(within) :] == within
    before, given = ids[: -len(within)], {}
    first = len(before) - 1
    if model.family.parallel:
        ids = (*before, *(model.tokenizer.mask_token_id,) * words.slots, *model.end_ids)
        first += 1
    elif model.family.name == "seq2seq":
        ids, first = (*before, *model.end_ids), len(model.decoder_start) - 1
        given = {"decoder_input_ids": torch.tensor([[*model.decoder_start, *path[:-1]]])}
    else:
        ids = (*before, *path[:-1])
    with torch.no_grad():
        logits = model.network(input_ids=torch.tensor([ids]), **given).logits[0]
    rows = logits[first : first + len(path)].log_softmax(-1)
    return float(sum(row[token] for row, token in zip(rows, path, strict=True)))


@pytest.mark.parametrize(("name", "kind"), CASES, ids=lambda value: str(value))
def test_scores_are_those_of_plain_forwards_over_whole_texts(name, kind):
    like = {"causal": "gpt2", "masked": "bert", "seq2seq": "t5"}[family_of(name).name]
    reader = read_by(kind, like)
    made = network(name, max(reader.tokenizer.get_vocab().values()) + 1)
    model = replace(reader, network=made, max_length=LENGTH)

    found = score(model, model.network, TASK, ROWS, SHOWN).scores

    for row, scores in zip(ROWS, found, strict=True):
        for label, total in zip(TASK.labels, scores.total, strict=True):
            assert total == pytest.approx(by_hand(model, row, label), abs=1e-4)
