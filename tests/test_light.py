"""What runs in the web process stays free of the libraries that take seconds to import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "transformers", "peft", "datasets", "sklearn", "scipy")
LOOK = f"import json; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
API = "from playground import Playground; playground = Playground(sys.argv[1]); "


ROOMS = """
from playground import interpret, recipes, studies
assert recipes.cards() and interpret.cards()
assert all(studies.create(name, {}).title for name in studies.cards())
"""


def test_heavy_libraries_stay_out_of_a_script_until_it_asks(tmp_path):
    """That the page imports none of them either is seen where it is built, in ui/test_page.py."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {API}{ROOMS}\n{LOOK}", str(tmp_path / "home")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
