"""Models that read with an encoder and answer with a decoder, and what is odd about T5."""

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

from playground.data.example import Example
from playground.errors import UserError
from playground.methods import METHODS
from playground.models.answer_words import answer_words
from playground.models.language_model import LanguageModel
from playground.models.loading import load
from playground.models.prompts import PromptEncoder
from playground.scoring import score, score_naively, write
from playground.tasks.classification import Task
from tests.methods.cases import all_logits
from tests.tiny import MAX_LENGTH, SEQ2SEQ, TEXT, save_tiny, tiny_model, tiny_network

CPU = torch.device("cpu")
TASK = Task("Review: {text}\nSentiment:", {"p": "positive", "n": "not good"}, "label", "Answer.")
GAP = Task("{text} It was {answer}. Really.", TASK.label_words, "label")
SHOWN = (Example({"text": "first"}, "p", 1), Example({"text": "second"}, "n", 2))


def encoder(model: LanguageModel, task: Task = TASK, shown: tuple = ()) -> PromptEncoder:
    return PromptEncoder(model, task, answer_words(model, task), shown)


def like_sentencepiece() -> PreTrainedTokenizerFast:
    """As T5's: pieces with a mark for the blank, an end token, no start token, sentinels."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=120,
        special_tokens=["<pad>", "</s>", "<unk>", "<extra_id_0>", "<extra_id_1>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator([*TEXT] * 3, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


@pytest.fixture
def hub_t5(tmp_path: Path) -> LanguageModel:
    """As on the Hub: sentencepiece, no positions, and a head of its own, as FLAN-T5 has."""
    network = tiny_network("t5")
    network.lm_head.weight = torch.nn.Parameter(torch.randn_like(network.lm_head.weight))
    network.save_pretrained(tmp_path)
    like_sentencepiece().save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    config = json.loads(path.read_text())
    del config["scale_decoder_outputs"]
    config |= {"tie_word_embeddings": False, "n_positions": 64, "eos_token_id": 1}
    path.write_text(json.dumps(config))
    return load(str(tmp_path), CPU)


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_the_prompt_is_read_and_the_word_is_asked_for(name):
    model = tiny_model(name)
    it = encoder(model, shown=SHOWN)
    encoded, path = it.encode({"text": "a film"}, "n"), it.words.path("n")

    read = model.tokenizer.decode(encoded.ids, skip_special_tokens=True)

    assert read == it.parts({"text": "a film"}).prompt.before
    assert "Review: second\nSentiment: not good" in read
    assert encoded.ids[-1] == model.tokenizer.eos_token_id
    assert len(encoded.rows) == len(path)
    assert encoded.decoder[encoded.rows[0] + 1 :] == path[:-1]
    assert model.tokenizer.decode(path) == "not good"


def test_a_decoder_begins_as_the_models_own_targets_do():
    """T5's with its padding token alone; BART's with </s> and then <s>."""
    begun = {name: encoder(tiny_model(name)).encode({"text": "a"}).decoder for name in SEQ2SEQ}

    assert begun == {"t5": (0,), "bart": (2, 1)}


@pytest.mark.parametrize("name", SEQ2SEQ)
def test_teacher_forced_training_gives_the_loss_of_the_model_itself(name):
    """transformers' own loss of labels: start, word; with the word's tokens counted alone."""
    model = tiny_model(name)
    it = encoder(model)
    encoded, path = it.encode({"text": "a film"}, "n"), it.words.path("n")
    labels = torch.tensor([[*[-100] * len(model.start_ids), *path]])
    decoder = torch.tensor([[*encoded.decoder]])

    with torch.no_grad():
        output = model.network(
            input_ids=torch.tensor([encoded.ids]), decoder_input_ids=decoder, labels=labels
        )
    scores = score(model, model.network, TASK, [{"text": "a film"}]).scores[0]

    assert scores.total[1] == pytest.approx(-output.loss.item() * len(path), abs=1e-4)


def test_words_that_begin_another_end_with_the_end_of_a_text():
    model = tiny_model("t5")
    words = answer_words(model, Task(TASK.template, {"a": "good", "b": "good film"}, "label"))

    assert {ids[-1] for ids in words.ids} == {model.tokenizer.eos_token_id}


@pytest.mark.parametrize("words", [1, 20, MAX_LENGTH * 2])
def test_a_long_text_is_cut_and_the_template_stays(words):
    it = encoder(tiny_model("bart"), shown=SHOWN)
    encoded = it.encode({"text": "dull " * words})
    read = it.model.tokenizer.decode(encoded.ids)

    assert len(encoded.ids) <= MAX_LENGTH
    assert read.startswith("<s>Answer.")
    assert read.endswith("\nSentiment:</s>")


def test_a_gap_in_the_middle_is_marked_as_t5_was_taught(hub_t5):
    it = encoder(hub_t5, GAP)
    sentinel = hub_t5.tokenizer.convert_tokens_to_ids("<extra_id_0>")
    encoded = it.encode({"text": "a good film"}, "p")

    assert encoded.ids.count(sentinel) == 1
    assert encoded.ids[-1] == hub_t5.tokenizer.eos_token_id
    assert encoded.decoder[:2] == (0, sentinel)
    assert encoded.rows[0] == 1
    kept = score(hub_t5, hub_t5.network, GAP, [{"text": "a good film"}])
    whole = score_naively(hub_t5, hub_t5.network, GAP, [{"text": "a good film"}])
    assert kept.scores[0].total == pytest.approx(whole.scores[0].total, abs=1e-5)


def test_a_gap_in_the_middle_is_refused_without_a_mark_for_it():
    with pytest.raises(UserError, match=r"Move \{answer\} to the end"):
        encoder(tiny_model("bart"), GAP).parts({"text": "a film"})


def test_a_t5_of_the_hub_is_read_as_it_was_made(hub_t5):
    assert (hub_t5.start_ids, hub_t5.end_ids) == ((), (1,))
    assert hub_t5.max_length == 64
    assert not hub_t5.network.config.scale_decoder_outputs
    assert hub_t5.network.lm_head.weight is not hub_t5.network.shared.weight
    assert encoder(hub_t5).words.path("p")[0] == hub_t5.tokens("positive")[0]
    assert isinstance(write(hub_t5, hub_t5.network, "Review: a good film", tokens=3), str)


def test_without_any_number_of_positions_the_longest_is_taken(tmp_path):
    save_tiny("t5", tmp_path)
    config = json.loads((tmp_path / "tokenizer_config.json").read_text())
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({key: value for key, value in config.items() if key != "model_max_length"})
    )

    assert load(str(tmp_path), CPU).max_length == 4096


def test_a_tied_head_reads_states_that_are_scaled_down():
    """A T5 of 2019 divides them by the root of its width; leaving that out changes the answers."""
    network = tiny_network("t5")
    before = all_logits(network)
    network.config.scale_decoder_outputs = False

    assert torch.allclose(all_logits(network), before * 4, atol=1e-5)  # width 16


def test_every_weight_of_a_hub_t5_trains_and_is_read_again(hub_t5, tmp_path):
    method = METHODS["prompt_based_fine_tuning"]()
    network = method.build(hub_t5)
    with torch.no_grad():
        network.lm_head.weight.add_(0.1)
    method.save(network, tmp_path / "tuned")

    again = method.load(hub_t5, tmp_path / "tuned")

    assert torch.equal(all_logits(again), all_logits(network))
    assert not torch.equal(all_logits(again), all_logits(hub_t5.network))


def test_a_checkpoint_of_the_encoder_alone_is_refused(tmp_path):
    save_tiny("t5", tmp_path)
    network = tiny_network("t5")
    weights = {k: v for k, v in network.state_dict().items() if k.startswith(("shared", "enc"))}
    AutoModelForSeq2SeqLM.from_config(network.config).save_pretrained(tmp_path, state_dict=weights)

    with pytest.raises(UserError, match="would be random"):
        load(str(tmp_path), CPU)
