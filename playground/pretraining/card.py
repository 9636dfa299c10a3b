"""The model card: what was counted while a model was made, and room for what was measured."""

from dataclasses import dataclass

from playground.pretraining.records import OverlapCounts, RunRecord, StageRecord

CLASSES = {"causal": "AutoModelForCausalLM", "masked": "AutoModelForMaskedLM"}
TASKS = {"causal": "text-generation", "masked": "fill-mask"}
NOT_YET = "Not measured yet."


@dataclass(frozen=True)
class Words:
    """What the card says beside what was counted. sources: whom the text is from, in Markdown;
    tables: what was measured, in Markdown; both may be empty and filled in later."""

    name: str
    licence: str
    sources: str = ""
    tables: str = ""


def text(
    words: Words,
    record: RunRecord,
    stages: list[StageRecord],
    parameters: int,
    averaged: str = "",
) -> str:
    """The card without its checksums. record, stages: as history gives them. averaged: a sentence
    on what the weights are the mean of, where they are one."""
    family = record["family"]
    tokens = sum(stage["tokens"] for stage in stages)
    first = next((stage["continued"] for stage in stages if stage.get("continued")), "")
    began = f"gone on with from {first}" if first else "trained from nothing"
    parts = [
        _front(words, family),
        f"# {words.name}",
        f"A {family} language model of {parameters / 1e6:.1f} million parameters (size"
        f" {record['size']}, {record['vocabulary']:,} byte-level pieces, single digits, 1,024"
        f" tokens of context), {began} on {tokens / 1e6:,.1f} million tokens. Made"
        " with `python -m playground.pretraining`; small enough for a laptop, and for showing what"
        " prompting and tuning do. It knows little and may say anything: do not rely on it.",
        f"```python\nfrom transformers import {CLASSES[family]}, AutoTokenizer\n\n"
        f'tokenizer = AutoTokenizer.from_pretrained("FOLDER")\n'
        f'model = {CLASSES[family]}.from_pretrained("FOLDER")\n```',
        "## Sources, licences, attribution",
        words.sources or "Not written yet.",
        "## Measured",
        words.tables or NOT_YET,
        "## Training",
    ]
    read = [stage["data"]["kinds"] for stage in stages]
    for number, stage in enumerate(stages, 1):
        kinds = read[number - 1]
        before = read.index(kinds) + 1
        again = f"It read what part {before} had read from, in another order."
        parts += [_stage(number, stage), again if before < number else _kinds(kinds)]
        parts.append(_curve(stage))
    parts += [averaged] if averaged else []
    parts += ["## Overlap with the sets it is measured on", _overlap(stages)]
    return "\n\n".join(parts) + "\n"


def _front(words: Words, family: str) -> str:
    return (
        f"---\nlicense: {words.licence}\nlanguage: en\nlibrary_name: transformers\n"
        f"pipeline_tag: {TASKS[family]}\n---"
    )


def _stage(number: int, stage: StageRecord) -> str:
    plan, schedule = stage["plan"], stage["plan"]["schedule"]
    return (
        f"### Part {number}: stage {stage['stage']}\n\n"
        f"{stage['step']:,} steps of {plan['batch']} windows of {plan['length']:,} tokens"
        f" ({stage['tokens'] / 1e6:,.2f} million tokens read) in"
        f" {stage['seconds'] / 60:,.1f} minutes on {stage['device']}, {stage['dtype']}. AdamW, peak"
        f" rate {schedule['peak']:g}, {schedule['warm_up']} steps of warm-up, the last"
        f" {schedule['decay']:.0%} decaying to 0, weight decay {plan['weight_decay']:g}, a token of"
        f" an answer counts {plan['answer_weight']:g} times, seed {plan['seed']}."
    )


def _kinds(kinds: dict[str, dict[str, int]]) -> str:
    largest = sorted(kinds, key=lambda kind: -kinds[kind]["tokens"])
    rows = [
        f"| {kind} | {kinds[kind]['documents']:,} | {kinds[kind]['tokens']:,} |"
        f" {kinds[kind]['answers']:,} |"
        for kind in largest
    ]
    head = "| packed | documents | tokens | of answers |\n|---|---|---|---|"
    return "\n".join([head, *rows])


def _curve(stage: StageRecord) -> str:
    """Losses in nats a token."""
    names = ("train", "held_out", "answers", "answers accuracy")
    each = stage["plan"]["batch"] * stage["plan"]["length"]
    rows = [
        f"| {row['step']:,} | {row['step'] * each / 1e6:,.2f} | "
        + " | ".join(f"{row[name]:.3f}" if name in row else "" for name in names)
        + " |"
        for row in stage["curve"]
    ]
    head = (
        "| step | million tokens | training loss | held-out loss | answers' held-out loss |"
        " answers' first guess right |\n|---|---|---|---|---|---|"
    )
    return "\n".join([head, *rows])


def _overlap(stages: list[StageRecord]) -> str:
    """What was left out before packing: texts and lines, by the set they overlap with."""
    found: list[tuple[str, OverlapCounts]] = []
    for stage in stages:
        for source, counts in stage["data"].get("overlap", {}).items():
            row = (f"stage {stage['stage']}: {source}", counts)
            found += [row] if row not in found else []  # parts may have read the same
    if not found:
        return "Not checked."
    names = tuple(dict.fromkeys(name for _, counts in found for name in counts["by set"]))
    rows = [("trained on", "looked at", "left out", *names), ("---",) * (3 + len(names))]
    for source, counts in found:
        by_set = (f"{counts['by set'].get(name, 0):,}" for name in names)
        rows.append((source, f"{counts['looked at']:,}", f"{counts['left out']:,}", *by_set))
    told = "Left out: a text or a line that has eight words in a row in common with a set."
    return told + "\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
