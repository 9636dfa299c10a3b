"""Networks with a classifier head: what they read, where they are read, what trains and is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import GPT2ForSequenceClassification, RobertaForSequenceClassification

from playground.data.example import Example
from playground.errors import UserError
from playground.events import Step
from playground.methods.classifier_head import ClassifierHead
from playground.methods.common.heads import Classifier
from playground.methods.linear_probe import LinearProbe
from playground.models.answer_words import AnswerWords, answer_words
from playground.models.language_model import LanguageModel
from playground.models.prompts import encoder_for
from playground.scoring import prompt_text, score
from playground.tasks.classification import Task
from tests.tiny import MAX_LENGTH, tiny_model
from tests.training.toy import TASK as TOY
from tests.training.toy import Toy

TASK = Task("Review: {text}\nSentiment:", {"good": "great", "bad": "terrible"}, "label", "Judge.")
PAIR = Task("{a} Does it follow? {b}", {"yes": "yes", "no": "no"}, "label")
ROWS = [{"text": text} for text in ("a good film", "dull", "a moving and funny film, all in all")]
BOTH = pytest.mark.parametrize("method", [ClassifierHead(), LinearProbe()], ids=["all", "probe"])
PLACES = pytest.mark.parametrize(("architecture", "place"), [("gpt2", -1), ("bert", 0)])


def built(
    method: ClassifierHead | LinearProbe, architecture: str, task: Task = TASK
) -> tuple[LanguageModel, Classifier]:
    """A head with weights large enough that a wrong position shows."""
    model = tiny_model(architecture)
    torch.manual_seed(1)
    network = method.build(model, answer_words(model, task))
    with torch.no_grad():
        for weight in network.head.parameters():
            weight.add_(torch.randn_like(weight))
    return model, network


def ids(model: LanguageModel, text: str) -> list[int]:
    return [*model.start_ids, *model.tokens(text), *model.end_ids]


@BOTH
@PLACES
def test_each_text_is_read_at_its_own_position_whatever_pads_it(
    method: ClassifierHead | LinearProbe, architecture: str, place: int
) -> None:
    model, network = built(method, architecture)
    found = score(model, network, TASK, ROWS)

    for row, scores in zip(ROWS, found.scores, strict=True):
        given = torch.tensor([ids(model, row["text"])])
        with torch.no_grad():
            states = network.network.base_model(input_ids=given).last_hidden_state[0, place]
            expected = network.head(states).log_softmax(-1)
        assert scores.total == pytest.approx(expected.tolist(), abs=1e-5)
        assert scores.restricted == pytest.approx(scores.total, abs=1e-6)


def test_a_causal_head_answers_as_the_classifier_of_transformers() -> None:
    model, network = built(LinearProbe(), "gpt2")
    other = GPT2ForSequenceClassification(model.network.config).eval()
    other.transformer.load_state_dict(model.network.transformer.state_dict())
    other.score.weight.data = network.head.out.weight.data
    network.head.out.bias.data.zero_()  # theirs has none

    assert_same(model, network, other)


def test_a_masked_head_answers_as_the_classifier_of_transformers() -> None:
    model, network = built(ClassifierHead(), "roberta")
    other = RobertaForSequenceClassification(model.network.config).eval()
    other.roberta.load_state_dict(model.network.roberta.state_dict())
    other.classifier.dense.load_state_dict(network.head.dense.state_dict())
    other.classifier.out_proj.load_state_dict(network.head.out.state_dict())

    assert_same(model, network, other)


def assert_same(model: LanguageModel, network: Classifier, other: torch.nn.Module) -> None:
    """The padded batch, by our way of asking and by theirs."""
    texts = [ids(model, row["text"]) for row in ROWS]
    longest = max(map(len, texts))
    given = torch.tensor([[*one, *[model.pad_id] * (longest - len(one))] for one in texts])
    with torch.no_grad():
        theirs = other(input_ids=given, attention_mask=given.ne(model.pad_id).long()).logits
    ours = [one.total for one in score(model, network, TASK, ROWS).scores]
    assert torch.tensor(ours) == pytest.approx(theirs.log_softmax(-1), abs=1e-5)


@BOTH
def test_only_the_text_goes_in(method: ClassifierHead | LinearProbe) -> None:
    model, network = built(method, "bert")
    shots = [Example({"text": "a film"}, "good", 1)]
    encoder = encoder_for(model, network, TASK, shots)
    encoded = encoder.encode(ROWS[0])

    assert encoded.ids == tuple(ids(model, "a good film"))
    assert encoded.rows == (0,)
    shown = prompt_text(model, TASK, ROWS[0], shots, network)
    assert (shown.before, shown.after, shown.tokens) == ("a good film", "", len(encoded.ids))
    assert shown.room == MAX_LENGTH


def test_two_texts_are_kept_apart_by_the_separator_or_by_a_newline() -> None:
    model, network = built(LinearProbe(), "bert", PAIR)
    row = {"a": "a {good} film", "b": "it was good"}

    assert encoder_for(model, network, PAIR).parts(row).prompt.before == (
        "a {good} film</s>it was good"
    )
    first, second = model.tokens(row["a"]), model.tokens(row["b"])
    sep = model.tokenizer.sep_token_id
    assert encoder_for(model, network, PAIR).encode(row).ids == (
        (*model.start_ids, *first, sep, *second, *model.end_ids)
    )
    model.tokenizer = without_separator(model)
    assert encoder_for(model, network, PAIR).parts(row).prompt.before == (
        "a {good} film\nit was good"
    )


def without_separator(model: LanguageModel) -> object:
    tokenizer = type(model.tokenizer)(tokenizer_object=model.tokenizer.backend_tokenizer)
    tokenizer.mask_token = "<mask>"
    return tokenizer


@pytest.mark.parametrize("architecture", ["gpt2", "bert"])
def test_a_text_too_long_is_cut_and_the_end_token_stays(architecture: str) -> None:
    model, network = built(LinearProbe(), architecture)
    parts = encoder_for(model, network, TASK).parts({"text": "good " * 200})

    length = len(parts.shared) + len(parts.query) + len(parts.after)
    assert parts.cut
    assert parts.after == model.end_ids
    assert MAX_LENGTH - 2 <= length <= MAX_LENGTH


def test_labels_are_answered_in_the_order_they_are_asked_in() -> None:
    model, network = built(LinearProbe(), "llama")
    turned = replace(TASK, label_words=dict(reversed(TASK.label_words.items())))
    there, back = (score(model, network, task, ROWS).scores for task in (TASK, turned))

    assert [one.total for one in there] == [one.total[::-1] for one in back]
    with pytest.raises(UserError, match="and not 'awful'"):
        score(model, network, replace(TASK, label_words={"good": "a", "awful": "b"}), ROWS)


@pytest.mark.parametrize("architecture", ["gpt2", "gpt_neox", "bert"])
def test_every_weight_trains_but_those_of_the_output_head(architecture: str) -> None:
    model = tiny_model(architecture)
    network = ClassifierHead().build(model, AnswerWords(("a", "b", "c"), ((1,), (2,), (3,))))
    trains = sum(weight.numel() for weight in network.parameters() if weight.requires_grad)

    body = sum(weight.numel() for weight in model.network.base_model.parameters())
    dense = 16 * 16 + 16 if architecture == "bert" else 0
    assert trains == body + dense + (16 + 1) * 3
    own = {id(weight) for weight in network.network.base_model.parameters()}
    assert not own & {id(weight) for weight in model.network.parameters()}


def test_a_probe_trains_a_line_for_each_label() -> None:
    network = LinearProbe().build(
        tiny_model("bert"), AnswerWords(("a", "b", "c"), ((1,), (2,), (3,)))
    )
    assert sum(w.numel() for w in network.parameters() if w.requires_grad) == (16 + 1) * 3


@pytest.mark.parametrize("method", ["classifier_head", "linear_probe"])
@pytest.mark.parametrize("architecture", ["llama", "roberta"])
def test_training_makes_the_right_label_likelier(method: str, architecture: str) -> None:
    toy = Toy(method, architecture)
    before = mean_score(toy)
    losses = [event.loss for event in toy.train() if isinstance(event, Step)]

    assert losses[0] < 2, "two labels compete, not a vocabulary"
    assert mean_score(toy) > before + 0.01


def mean_score(toy: Toy) -> float:
    """Of the right labels of what is trained on, in nats."""
    found = score(toy.model, toy.network, TOY, [one.row for one in toy.data.train])
    gold = [TOY.labels.index(one.label) for one in toy.data.train]
    right = [one.total[at] for one, at in zip(found.scores, gold, strict=True)]
    return sum(right) / len(right)


def test_a_head_stays_exact_on_a_base_in_bfloat16() -> None:
    model = tiny_model("llama")
    model = replace(model, network=model.network.bfloat16(), dtype=torch.bfloat16)
    for method in (ClassifierHead(), LinearProbe()):
        network = method.build(model, answer_words(model, TASK))
        trained = [weight for weight in network.parameters() if weight.requires_grad]
        assert {weight.dtype for weight in trained} == {torch.float32}
        assert len(score(model, network, TASK, ROWS).scores) == len(ROWS)
        assert model.network.dtype == torch.bfloat16


def test_a_head_made_for_another_model_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    model, network = built(ClassifierHead(), "gpt2")
    ClassifierHead().save(network, tmp_path)

    with pytest.raises(UserError, match="Pick the model it was made for"):
        ClassifierHead().load(tiny_model("llama"), tmp_path)
    with pytest.raises(UserError, match="PLAYGROUND_LINEAR_PROBE is wanted"):
        LinearProbe().load(model, tmp_path)


def test_a_masked_model_without_a_first_token_is_refused() -> None:
    model = replace(tiny_model("bert"), start_ids=())
    assert "like [CLS] before a text" in LinearProbe().refuse(model)
