"""What packing and training leave on disk as JSON: its names and types."""

from typing import Any, TypedDict

# What was left out of a source before packing because it overlaps with a measured set.
OverlapCounts = TypedDict(
    "OverlapCounts", {"looked at": int, "left out": int, "by set": dict[str, int]}
)


class _Packed(TypedDict):
    vocabulary: int
    tokenizer: str  # its fingerprint
    parts: dict[str, list[int]]  # tokens of each shard
    kinds: dict[str, dict[str, int]]  # documents, tokens and answer tokens of each


class PackRecord(_Packed, total=False):
    """pack.json. overlap: by source, noted by the command and not by the function."""

    overlap: dict[str, OverlapCounts]


class _Begun(TypedDict):
    family: str
    size: str
    vocabulary: int
    stage: int
    data: PackRecord


class TrainingRecord(_Begun, total=False):
    """What a training is of. continued: the model it goes on from, "" for none."""

    continued: str


class StageRecord(TypedDict):
    """One stage that the weights went through. plan: the fields of a Plan."""

    stage: int
    continued: str
    data: PackRecord
    plan: dict[str, Any]
    step: int
    seconds: float
    tokens: int
    decaying: bool
    device: str
    dtype: str
    curve: list[dict[str, float]]


class RunRecord(TrainingRecord):
    """run.json. earlier: the stages before this one."""

    plan: dict[str, Any]
    earlier: list[StageRecord]
