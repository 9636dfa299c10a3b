"""What ships: small files that plain transformers opens, with the numbers of the training."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

from playground.errors import UserError
from playground.events import to_line
from playground.models.loading import load
from playground.optim.schedule import Schedule
from playground.pretraining import architectures, export, history, tokenizer
from playground.pretraining.averaging import Averaged
from playground.pretraining.card import Words
from playground.pretraining.loop import pretrain
from playground.pretraining.plan import Place, Plan
from tests.pretraining.made import PIECES, made_tokenizer, packed

CLASSES = {"causal": AutoModelForCausalLM, "masked": AutoModelForMaskedLM}
PLAN = Plan(Schedule(5e-3, 2, 0.2, steps=6), length=64, batch=4, micro_batch=4, evaluate_every=3)
WORDS = Words("A model", "cc-by-sa-4.0", sources="Invented sentences.")
BOTH = pytest.mark.parametrize("family", CLASSES)


def trained(folder: Path, family: str, size: str = "tiny", steps: int = 6) -> torch.nn.Module:
    """A short training in `folder`, as the command train leaves it."""
    data = packed(folder / "data")
    plan = replace(PLAN, schedule=replace(PLAN.schedule, steps=steps))
    about = {"family": family, "size": size, "vocabulary": PIECES, "stage": 1, "data": data.about}
    history.begin(folder, about, plan, [])
    tokenizer.save(made_tokenizer(), folder / tokenizer.NAME)
    network = architectures.build(family, size, PIECES, seed=0)
    with open(folder / history.EVENTS, "w", encoding="utf-8") as log:
        log.writelines(to_line(event) for event in pretrain(network, data, plan, Place(folder)))
    return network


@BOTH
def test_plain_transformers_opens_it_with_the_same_logits(tmp_path, family):
    network = trained(tmp_path / "run", family).eval()
    out = export.export(tmp_path / "run", tmp_path / "out", WORDS)
    opened, report = CLASSES[family].from_pretrained(
        out, dtype=torch.float32, output_loading_info=True
    )
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(weight.to(torch.bfloat16))
    ids = AutoTokenizer.from_pretrained(out)("The film was good.", return_tensors="pt").input_ids

    assert not any(report.values())
    assert opened.config.max_position_embeddings >= 1024
    torch.testing.assert_close(opened.eval()(ids).logits, network(ids).logits, rtol=0, atol=0)


@BOTH
def test_the_playground_opens_it(tmp_path, family):
    trained(tmp_path / "run", family)
    model = load(str(export.export(tmp_path / "run", tmp_path / "out", WORDS)))

    assert model.family.name == family
    assert model.max_length == architectures.POSITIONS
    assert model.start_ids == (tokenizer.START_ID,)
    assert model.end_ids == ((tokenizer.END_ID,) if family == "masked" else ())


def test_a_mean_with_another_network_is_that_of_every_weight(tmp_path):
    """A training and a model may be the other one; a share of 0 changes nothing."""
    mine, theirs = (
        trained(tmp_path / "mine", "causal"),
        trained(tmp_path / "theirs", "causal", steps=1),
    )
    model = export.export(tmp_path / "theirs", tmp_path / "model", WORDS)
    for name, share in (("theirs", 0.25), ("model", 0.25), ("theirs", 0.0)):
        other = Averaged(tmp_path / name, share)
        out = export.export(tmp_path / "mine", tmp_path / "out", WORDS, other)
        opened = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32)

        card = (out / "README.md").read_text(encoding="utf-8")
        assert f"and those of {name} ({share:.0%})" in card
        for found, own, from_it in zip(
            opened.parameters(), mine.parameters(), theirs.parameters(), strict=True
        ):
            expected = (1 - share) * own + share * from_it
            torch.testing.assert_close(found, expected, rtol=0.01, atol=1e-4)
    assert model.is_dir()


@pytest.mark.parametrize(
    ("share", "size", "told"), [(1.5, "tiny", "share is 1.5"), (0.5, "mini", "size")]
)
def test_a_mean_that_cannot_be_is_refused(tmp_path, share, size, told):
    trained(tmp_path / "mine", "causal", steps=1)
    trained(tmp_path / "theirs", "causal", size, steps=1)

    other = Averaged(tmp_path / "theirs", share)
    with pytest.raises(UserError, match=told):
        export.export(tmp_path / "mine", tmp_path / "out", WORDS, other)


def test_a_masked_network_has_no_mean_with_a_causal_model(tmp_path):
    trained(tmp_path / "mine", "masked", steps=1)
    trained(tmp_path / "theirs", "causal", steps=1)
    other = Averaged(export.export(tmp_path / "theirs", tmp_path / "model", WORDS), 0.5)

    with pytest.raises(UserError, match="another family than masked"):
        export.export(tmp_path / "mine", tmp_path / "out", WORDS, other)


def test_no_file_is_too_large_for_a_space(tmp_path):
    trained(tmp_path / "run", "causal", "base", steps=0)
    out = export.export(tmp_path / "run", tmp_path / "out", WORDS)
    shards = list(out.glob("*.safetensors"))

    assert len(shards) > 1
    assert all(path.stat().st_size < 9_000_000 for path in out.iterdir())
    assert AutoModelForCausalLM.from_pretrained(out).num_parameters() > 10_000_000


def test_a_matrix_no_file_can_hold_is_refused(tmp_path):
    run = tmp_path / "run"
    trained(run, "causal", steps=0)
    network = architectures.build("causal", "small", 18_000, seed=0)
    plan = replace(PLAN, schedule=replace(PLAN.schedule, steps=0))
    (run / "state.safetensors").unlink()
    (run / "before_decay.safetensors").unlink(missing_ok=True)
    list(pretrain(network, packed(run / "data"), plan, Place(run)))
    record = {**history.read(run), "size": "small", "vocabulary": 18_000}
    (run / history.RUN).write_text(json.dumps(record), encoding="utf-8")

    with pytest.raises(UserError, match=r"embed_tokens.weight alone is 9\.2 MB"):
        export.export(run, tmp_path / "out", WORDS)


def test_the_card_gives_checksums_that_notice_a_change(tmp_path):
    trained(tmp_path / "run", "causal")
    out = export.export(tmp_path / "run", tmp_path / "out", WORDS)

    assert export.checked(out) == []
    shard = next(out.glob("*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-1] + b"!")
    (out / "config.json").unlink()
    assert sorted(export.checked(out)) == ["config.json", shard.name]


def test_the_card_tells_what_was_done(tmp_path):
    trained(tmp_path / "run", "masked")
    out = export.export(tmp_path / "run", tmp_path / "out", replace(WORDS, tables="| a |"))
    card = (out / "README.md").read_text(encoding="utf-8")

    assert "license: cc-by-sa-4.0" in card
    assert "Invented sentences." in card
    assert "| a |" in card
    assert "6 steps of 4 windows of 64 tokens" in card
    assert "| word | 150 |" in card
    assert "held-out loss" in card


def test_what_two_parts_read_is_listed_once(tmp_path):
    trained(tmp_path / "run", "causal")
    record = history.read(tmp_path / "run")
    first = history.stages(tmp_path / "run")
    history.begin(tmp_path / "run", record, PLAN, first)
    out = export.export(tmp_path / "run", tmp_path / "out", WORDS)
    card = (out / "README.md").read_text(encoding="utf-8")

    assert "### Part 2: stage 1" in card
    assert card.count("| word | 150 |") == 1
    assert "It read what part 1 had read from" in card


def test_exporting_again_leaves_nothing_of_the_last_time(tmp_path):
    trained(tmp_path / "run", "causal")
    out = tmp_path / "out"
    out.mkdir()
    (out / "model-00007-of-00009.safetensors").write_bytes(b"old")
    export.export(tmp_path / "run", out, WORDS)

    assert [path.name for path in out.glob("*.safetensors")] == ["model-00001-of-00001.safetensors"]


def test_a_folder_without_a_training_is_refused(tmp_path):
    with pytest.raises(UserError, match="no folder of a training"):
        export.export(tmp_path, tmp_path / "out", WORDS)
