"""The whole recipe on kilobytes of text: from a folder of sentences to a model that answers."""

import json
import random
from pathlib import Path

import pytest

from playground.models.loading import load
from playground.pretraining import architectures, options
from playground.pretraining.__main__ import main, parser
from playground.pretraining.export import checked
from playground.scoring import score
from playground.tasks.classification import Task
from tests.pretraining.made import ADJECTIVES, NOUNS

COMMANDS = ("tokenizer", "pack", "train", "export", "measure", "study", "figures")


def corpus(folder: Path) -> Path:
    """Some kilobytes of invented text."""
    draw = random.Random(0)
    folder.mkdir()
    with open(folder / "invented.jsonl", "w", encoding="utf-8") as file:
        for number in range(120):
            lines = [
                f"The {draw.choice(NOUNS)} number {line} of day {number} was very"
                f" {draw.choice(ADJECTIVES)}, as everybody said who had come to see it."
                for line in range(6)
            ]
            record = {"title": f"Day {number}", "text": f"Day {number}\n\n" + " ".join(lines)}
            file.write(json.dumps(record) + "\n")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("family", ["causal", "masked"])
def test_the_whole_recipe(tmp_path, family, capsys):
    text, made = str(corpus(tmp_path / "corpus")), tmp_path / "made"
    (tmp_path / "sets").mkdir()
    small = [
        "--size",
        "tiny",
        "--length",
        "64",
        "--no-compile",
        "--precision",
        "float32",
        "--evaluate-every",
        "20",
    ]

    def run(*given: object) -> None:
        assert main([str(part) for part in given]) == 0, capsys.readouterr().err

    run("tokenizer", "--text", text, "--out", made / "tokenizer", "--pieces", 320)
    pack = ("pack", "--text", text, "--tokenizer", made / "tokenizer", "--held-out", 0.05)
    run(*pack, "--out", made / "text")
    mixture = ("--sets", tmp_path / "sets", "--tokens", 20_000)
    run(*pack, "--stage", 2, "--out", made / "mixture", *mixture)
    train = ("train", "--family", family, *small)
    run(*train, "--data", made / "text", "--out", made / "one", "--steps", 30)
    second = ("--data", made / "mixture", "--start-from", made / "one", "--out", made / "two")
    run(*train, "--stage", 2, *second, "--steps", 20)
    run("export", "--run", made / "two", "--out", made / "model")

    assert checked(made / "model") == []
    card = (made / "model" / "README.md").read_text(encoding="utf-8")
    assert "### Part 1: stage 1" in card
    assert "### Part 2: stage 2" in card
    assert "the app's samples" in card
    again = ("--data", made / "mixture", "--start-from", made / "model", "--out", made / "three")
    run(*train, "--stage", 2, *again, "--steps", 1)
    run("export", "--run", made / "three", "--out", made / "next", "--name", "next")
    assert "gone on with from model" in (made / "next" / "README.md").read_text(encoding="utf-8")
    before, after = (load(str(made / name)).network for name in ("model", "next"))
    moved = [
        (one - other).abs().max().item()
        for one, other in zip(before.parameters(), after.parameters(), strict=True)
    ]
    assert max(moved) < 0.05, "one step moves a weight by its rate, not to fresh ones"

    other = "masked" if family == "causal" else "causal"
    across = ("--family", other, *small[:2], "--data", made / "mixture", "--out", made / "four")
    across += ("--start-from", made / "model", "--steps", 1, "--length", 64, "--no-compile")
    failed = main(["train", *map(str, across)])
    assert bool(failed) == (other == "causal"), "only a masked network can begin with the other"
    assert ("of another kind or size" in capsys.readouterr().err) == bool(failed)

    model = load(str(made / "model"))
    task = Task("Review: {text}\nWord:", {"0": "bad", "1": "good"}, "label")
    rows = [{"text": f"The {noun} was good."} for noun in NOUNS]
    scored = score(model, model.network, task, rows)
    assert len(scored.scores) == len(rows)
    assert all(total < 0 for scores in scored.scores for total in scores.total)
    asked = tmp_path / "asked.jsonl"
    asked.write_text("\n".join(json.dumps({**row, "label": 1}) for row in rows), encoding="utf-8")
    capsys.readouterr()
    words = ("--template", task.template, "--words", "0=bad", "1=good")
    run("measure", "--model", made / "model", "--examples", asked, *words)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["n"] == len(rows)


def test_the_options_offer_the_sizes_there_are():
    assert tuple(architectures.SIZES) == options.SIZES


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])

    assert ended.value.code == 0
    assert "--out" in capsys.readouterr().out or command == "measure"


def test_what_the_caller_can_mend_is_one_sentence(tmp_path, capsys):
    assert main(["tokenizer", "--text", str(tmp_path / "no"), "--out", str(tmp_path)]) == 2
    assert "no text to learn from" in capsys.readouterr().err
