"""A process that says its environment as JSON and ends: `python -m tests.executors.environment`."""

import json
import os


def main() -> None:
    print(json.dumps(dict(os.environ)), flush=True)


if __name__ == "__main__":
    main()
