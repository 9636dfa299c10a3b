"""What was saved under older versions answers the same under those that are installed."""

import pytest

from playground.methods import METHODS
from tests.methods.across_versions import ARCHITECTURE, WRITTEN, difference, names
from tests.tiny import tiny_model

FOUR_BIT = {"qlora": 5e-3}  # bitsandbytes rounds a little differently from version to version


def test_every_adapter_that_was_written_is_of_a_method_that_still_fits():
    """A method that is newer than those versions has none."""
    fitting = [n for n in METHODS if METHODS[n]().refuse(tiny_model(ARCHITECTURE)) is None]

    assert len(names(WRITTEN)) == 22
    assert set(names(WRITTEN)) <= set(fitting)


@pytest.mark.parametrize("name", names(WRITTEN))
def test_an_adapter_of_older_versions_answers_as_it_did(name):
    assert difference(WRITTEN, name) <= FOUR_BIT.get(name, 1e-4)
