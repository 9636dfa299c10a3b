"""What is tried on every architecture is fast on the best known of each family, else slow."""

from pathlib import Path

import pytest

from tests.tiny import FAST

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the marks decide which tests are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder that have an `architecture` other than those as slow."""
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        known = parameters.get("architecture", FAST[0])
        if HERE in item.path.parents and known not in FAST:
            item.add_marker(pytest.mark.slow)
