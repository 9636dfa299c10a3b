"""An asking process that only times, without a model: `python -m tests.runs.stopwatch`.

The full copy takes 10 ms, a run 12, and a LoRA folded in 10; no other method can be folded in.
Every job's method and number of rows go into the file `order`.
"""

import json
import sys
from pathlib import Path

TIMES = {
    "full": (10.0, 9.0, 11.0),
    "unmerged": (12.0, 11.0, 13.0),
    "unmerged_ratio": (1.2, 1.1, 1.3),
}
MERGED = {"merged": (10.0, 9.5, 10.5), "merged_ratio": (1.0, 0.9, 1.1)}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        with Path("order").open("a") as file:
            file.write(f"{request['run']['method']} {len(request['rows'])}\n")
        print(json.dumps({"id": request["id"], "done": 12}), flush=True)
        print(json.dumps({"id": request["id"], **answer(request)}), flush=True)


def answer(request: dict) -> dict:
    merges = request["run"]["method"] == "lora"
    why_not = "" if merges else "not mergeable: for a test"
    more = MERGED if merges else {}
    return {"answer": {"repeats": 12, "not_mergeable": why_not, **TIMES, **more}}


if __name__ == "__main__":
    main()
