"""The merged model: exact, whole, opened by transformers alone; refused where it is not exact."""

import zipfile
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground import Playground, RunSpec, methods
from playground.errors import UserError
from playground.evaluation.answers import probabilities
from playground.events import Finished
from playground.inference.jobs import merging
from playground.inference.requests import MergeAdapter, RunAdapter
from playground.models.loading import load
from playground.reports.merged_zip import mergeable
from playground.scoring import score
from playground.tasks.classification import Task
from tests.methods.cases import LINEAR_KINDS, fitting
from tests.runs.making import TASK, table
from tests.serving.homes import made_home
from tests.tiny import save_tiny

pytestmark = pytest.mark.slow

CLOSE = 1e-5
WORDS = ({"p": "positive", "n": "not bad"}, "label")
TEXT = "A kind film, number 7."
MERGEABLE = [name for name in methods.cards.cards() if mergeable(name)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory):
    """A playground and the id of a LoRA run on a tiny model, really trained for a few steps."""
    home = tmp_path_factory.mktemp("home")
    model = str(save_tiny("gpt2", home / "model"))
    with Playground(home) as playground:
        settings = {"steps": 4, "learning_rate": 0.02}
        spec = RunSpec(TASK, model, "lora", settings, labels_per_class=4, name="Film tones")
        run_id = playground.start(spec, table())
        assert isinstance(list(playground.follow(run_id))[-1], Finished)
        yield playground, run_id


@pytest.fixture(scope="module")
def unpacked(trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    playground, run_id = trained
    path = playground.export(run_id, merged=True)
    assert path.name == "film-tones-merged.zip"
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def asked(playground: Playground, run_id: str) -> dict[str, float]:
    (answer,) = playground.ask(TEXT, run_ids=[run_id], shots=[])
    return answer.probabilities


def test_transformers_opens_it_and_it_answers_as_the_run_does(trained, unpacked: Path) -> None:
    playground, run_id = trained

    model = load(str(unpacked), torch.device("cpu"))
    scores = score(model, model.network, TASK, [{"text": TEXT}]).scores[0]

    beliefs = dict(zip(TASK.labels, probabilities(scores.total), strict=True))
    assert beliefs == pytest.approx(asked(playground, run_id), abs=CLOSE)


def test_the_plain_classes_are_enough(trained, unpacked: Path) -> None:
    model, report = AutoModelForCausalLM.from_pretrained(unpacked, output_loading_info=True)
    tokenizer = AutoTokenizer.from_pretrained(unpacked)

    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert not any("lora" in name for name, _ in model.named_parameters())
    assert tokenizer(TEXT).input_ids


def test_the_model_it_is_differs_from_its_base(trained, unpacked: Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(trained[0].home / "model").state_dict()
    merged = AutoModelForCausalLM.from_pretrained(unpacked).state_dict()

    changed = [name for name in base if not torch.equal(base[name], merged[name])]
    assert any("c_attn.weight" in name for name in changed)
    assert not any("wte" in name or "ln_" in name for name in changed)


def test_only_safetensors_and_texts_are_in_it_and_nothing_names_this_machine(
    trained, unpacked: Path
) -> None:
    files = [path for path in unpacked.rglob("*") if path.is_file()]

    assert {path.suffix for path in files} <= {".safetensors", ".json", ".md", ".py", ".csv"}
    for path in files:
        if path.suffix != ".safetensors":
            assert str(trained[0].home) not in path.read_text(encoding="utf-8"), path.name


def test_its_card_says_how_to_open_it_and_how_exact_it_is(unpacked: Path) -> None:
    card = (unpacked / "README.md").read_text(encoding="utf-8")

    assert "library_name: transformers" in card
    assert "AutoModelForCausalLM.from_pretrained" in card
    assert "PeftModel" not in card
    assert "nats at most" in card


def test_nothing_but_the_zip_stays_behind(trained, unpacked: Path) -> None:
    playground, run_id = trained
    folder = playground.record(run_id).folder

    assert not list(folder.glob(".merged*"))


def test_the_resident_base_is_not_touched(trained) -> None:
    playground, run_id = trained
    before = playground.ask(TEXT, run_ids=[run_id], shots=[0])

    playground.export(run_id, merged=True)

    after = playground.ask(TEXT, run_ids=[run_id], shots=[0])
    assert [one.probabilities for one in after] == [one.probabilities for one in before]


def test_what_cannot_be_folded_in_exactly_is_refused_with_a_sentence(tmp_path: Path) -> None:
    runs = made_home(tmp_path)
    with Playground(tmp_path) as playground:
        with pytest.raises(UserError, match="cannot be folded in exactly"):
            playground.export(runs["topic prompt"], merged=True)
        with pytest.raises(UserError, match="cannot be folded in exactly"):
            playground.export(runs["topic adapter"], merged=True)
        with pytest.raises(UserError, match="whole model already"):
            playground.export(runs["whole model"], merged=True)


def test_lora_and_ia3_are_merged_and_what_bends_is_not() -> None:
    assert {"lora", "ia3"} <= set(MERGEABLE)
    assert not {"adapter", "soft_prompt", "prefix_tuning", "nothing"} & set(MERGEABLE)


@pytest.mark.parametrize(
    ("method", "wanted"),
    [("lora", "gpt2"), ("lora", "bert"), *((name, "llama") for name in MERGEABLE)],
)
def test_every_method_that_merges_answers_the_same_afterwards(
    method: str, wanted: str, tmp_path: Path
) -> None:
    """On the architecture that is wanted, or another that it fits."""
    architecture = (fitting(method, [wanted]) or fitting(method, LINEAR_KINDS))[0].architecture
    task = Task("{text} It was {answer}." if architecture == "bert" else "{text} It was", *WORDS)
    base = str(save_tiny(architecture, tmp_path / "base"))
    made = methods.create(method, {})
    torch.manual_seed(0)
    network = made.build(load(base, torch.device("cpu")))
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight += torch.randn_like(weight) / 10
    made.save(network, tmp_path / "adapter")
    run = RunAdapter("run", str(tmp_path / "adapter"), "1", method, {})
    rows = ({"text": TEXT}, {"text": "bad"})

    reply = merging.merge(MergeAdapter(task, run, rows, str(tmp_path / "out"), model=base))

    tuned, merged = load(base, torch.device("cpu")), load(str(tmp_path / "out"))
    expected = score(tuned, made.load(tuned, tmp_path / "adapter"), task, rows).scores
    found = score(merged, merged.network, task, rows).scores
    assert reply.difference <= CLOSE
    for one, other in zip(found, expected, strict=True):
        assert one.total == pytest.approx(other.total, abs=CLOSE)


@pytest.mark.parametrize("difference", [0.01, float("inf"), float("nan")])
def test_a_merge_that_would_change_the_answers_is_refused(difference: float) -> None:
    assert merging.checked(1e-6, "bundled") == 1e-6
    with pytest.raises(UserError, match="would change its answers"):
        merging.checked(difference, "bundled")
