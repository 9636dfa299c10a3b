"""What a person asks for when they start a run."""

from dataclasses import dataclass, field
from typing import Any

from playground.errors import UserError
from playground.tasks.classification import Task

Value = str | int | float | bool
KINDS = {"task": dict, "model": str, "method": str, "name": str, "settings": dict}


@dataclass(frozen=True)
class RunSpec:
    """One training of one method on one task.

    settings: of the method, by name; those left out take the method's own defaults.
    labels_per_class: labelled examples per label, None for all.
    name: what the run is called in lists and comparisons; "" for the method's title.
    """

    task: Task
    model: str = "bundled"
    method: str = "lora"
    settings: dict[str, Value] = field(default_factory=dict)
    labels_per_class: int | None = 16
    seed: int = 0
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values that `from_json` understands."""
        return {
            "task": self.task.to_json(),
            "model": self.model,
            "method": self.method,
            "settings": dict(self.settings),
            "labels_per_class": self.labels_per_class,
            "seed": self.seed,
            "name": self.name,
        }

    @staticmethod
    def from_json(values: dict[str, Any]) -> "RunSpec":
        """The spec that `to_json` gave. Raises UserError when the task in it is not valid, or a
        text or the settings are of another kind; numbers are checked when a run is started."""
        known = {key: values[key] for key in RunSpec.__dataclass_fields__ if key in values}
        for name, kind in KINDS.items():
            if name in known and not isinstance(known[name], kind):
                raise UserError(
                    f"The {name} of the spec is {str(known[name])[:100]!r}, which is not"
                    f" {'a text' if kind is str else 'an object of names and values'}."
                )
        return RunSpec(**{**known, "task": Task.from_json(values["task"])})
