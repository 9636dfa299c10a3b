import json
from pathlib import Path

import pytest
import torch

from playground.errors import UserError
from playground.models.catalogue import card
from playground.models.loading import load
from playground.scoring import score, write
from playground.tasks.classification import Task
from tests.methods.cases import all_logits
from tests.tiny import ARCHITECTURES, save_tiny, tiny_model, tiny_network

THIRD_PARTY = Path(__file__).parents[2] / "../shared/models/tinystories-656k"
CPU = torch.device("cpu")


def edit(path: Path, **changes: object) -> None:
    """Change keys of a JSON file; None takes a key out."""
    record = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: v for key, v in record.items() if v is not None}))


@pytest.fixture(scope="module")
def bundled():
    return load("bundled", CPU)


def test_the_bundled_model_starts_every_text_with_its_start_token(bundled):
    assert bundled.start_ids == (bundled.tokenizer.bos_token_id,)
    assert bundled.end_ids == ()
    assert bundled.max_length == 1024
    assert bundled.dtype == torch.float32
    assert sum(p.numel() for p in bundled.network.parameters()) == card("bundled").parameters


def test_the_bundled_model_prefers_the_right_word(bundled):
    task = Task("Review: {text}\nSentiment:", {"p": "positive", "n": "negative"}, "label")
    rows = [{"text": "I loved every minute, wonderful."}, {"text": "Awful, a waste of money."}]

    liked, hated = score(bundled, bundled.network, task, rows).scores

    assert liked.restricted[0] - liked.restricted[1] > hated.restricted[0] - hated.restricted[1]


def test_a_loaded_model_is_frozen_and_in_evaluation_mode(bundled):
    assert not bundled.network.training
    assert not any(p.requires_grad for p in bundled.network.parameters())


def test_an_empty_model_is_counted_without_its_weights():
    empty = load("bundled", empty=True)

    assert {p.device.type for p in empty.network.parameters()} == {"meta"}
    assert sum(p.numel() for p in empty.network.parameters()) == card("bundled").parameters


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_saved_folder_loads_as_what_it_was(name, tmp_path):
    model = load(str(save_tiny(name, tmp_path)), CPU)

    assert model.family.name == tiny_model(name).family.name
    assert torch.equal(all_logits(model.network), all_logits(tiny_network(name)))


def test_roberta_positions_that_padding_takes_are_not_promised(tmp_path):
    model = load(str(save_tiny("roberta", tmp_path)), CPU)
    longest = torch.full((1, model.max_length), 7)

    assert model.network(longest).logits.shape[1] == model.max_length
    with pytest.raises((IndexError, RuntimeError)):
        model.network(torch.full((1, model.max_length + 1), 7))


def test_half_precision_weights_are_held_in_float32_on_a_cpu(tmp_path):
    save_tiny("gpt2", tmp_path)
    tiny_network("gpt2").to(torch.float16).save_pretrained(tmp_path)

    assert load(str(tmp_path), CPU).dtype == torch.float32


def test_bert_named_after_its_backbone_alone_is_a_masked_model(tmp_path):
    edit(save_tiny("bert", tmp_path) / "config.json", architectures=["BertModel"])

    assert load(str(tmp_path), CPU).family.name == "masked"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper"},
            "answers",
        ),
        ({"architectures": ["FooForCausalLM"], "model_type": "foo"}, "unknown"),
        ({"model_type": None, "auto_map": {"AutoConfig": "code.Config"}}, "never run"),
        ({"architectures": ["ViTModel"], "model_type": "vit"}, "not supported"),
        ({"n_embd": 24}, "damaged"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(changes, says, tmp_path):
    edit(save_tiny("gpt2", tmp_path) / "config.json", **changes)

    with pytest.raises(UserError, match=says):
        load(str(tmp_path), CPU)


def test_broken_json_is_no_configuration(tmp_path):
    (save_tiny("gpt2", tmp_path) / "config.json").write_text("{")

    with pytest.raises(UserError, match="cannot be read"):
        load(str(tmp_path), CPU)


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "no .safetensors"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_a_missing_file_is_named(lost, says, tmp_path):
    (save_tiny("gpt2", tmp_path) / lost).unlink()

    with pytest.raises(UserError, match=says):
        load(str(tmp_path), CPU)


def test_pickled_weights_are_not_opened(tmp_path):
    save_tiny("gpt2", tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")

    with pytest.raises(UserError, match="never opened"):
        load(str(tmp_path), CPU)


@pytest.mark.parametrize("keep", [0, 7, 500, -100])
def test_damaged_weights_are_said_to_be(keep, tmp_path):
    path = save_tiny("gpt2", tmp_path) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(UserError, match="damaged"):
        load(str(tmp_path), CPU)


def test_a_checkpoint_without_its_language_model_head_is_refused(tmp_path):
    save_tiny("bert", tmp_path)
    tiny_network("bert").bert.save_pretrained(tmp_path)

    with pytest.raises(UserError, match="would be random"):
        load(str(tmp_path), CPU)


def test_a_masked_model_needs_a_mask_token(tmp_path):
    edit(save_tiny("bert", tmp_path) / "tokenizer_config.json", mask_token=None)

    with pytest.raises(UserError, match="no mask token"):
        load(str(tmp_path), CPU)


def test_a_tokenizer_of_another_model_is_refused(tmp_path):
    folder = save_tiny("gpt2", tmp_path)
    edit(folder / "config.json", vocab_size=50)
    network = tiny_network("gpt2")
    network.resize_token_embeddings(50)
    network.save_pretrained(folder)

    with pytest.raises(UserError, match="do not belong together"):
        load(str(folder), CPU)


@pytest.mark.parametrize(
    "name", ["", "gpt2", "a/b/c", "../etc", "./nowhere", "/nowhere", "a/..", "ow ner/x", "a/b\n"]
)
def test_a_name_that_is_no_model_is_refused(name):
    with pytest.raises(UserError):
        load(name, CPU)


@pytest.mark.skipif(
    not THIRD_PARTY.is_dir(), reason="needs ../shared/models/tinystories-656k, a downloaded model"
)
def test_a_checkpoint_made_elsewhere_loads_and_tells_a_story():
    model = load(str(THIRD_PARTY), CPU)

    assert model.start_ids == (1,)
    assert model.max_length == 512
    assert "little girl" in write(model, model.network, "Once upon a time, there", tokens=8)
