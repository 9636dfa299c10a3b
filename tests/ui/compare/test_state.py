"""What the Compare tab does when it is refreshed, as a table."""

import pytest

from playground.ui.compare.state import ViewState, Wanted, next_action

NEW = ViewState()
ASKED = ViewState(asked="a", shots=8)
MOVING = ViewState(asked="a", shots=8, wanted="b")


@pytest.mark.parametrize(
    ("state", "wanted", "action"),
    [
        (NEW, Wanted("a", 8, shown=False), "ask"),
        (ASKED, Wanted("a", 8, shown=True), "show"),
        (ASKED, Wanted("a", 8, shown=False), "ask"),  # a restarted server, or other ticks
        (ASKED, Wanted("b", 8, shown=True), "ask"),  # other data, another draw
        (ASKED, Wanted("b", 16, shown=True), "wait"),  # the slider may move on
        (MOVING, Wanted("b", 16, shown=True), "ask"),  # it has come to rest
        (MOVING, Wanted("c", 17, shown=True), "wait"),  # it has not
        (MOVING, Wanted("a", 8, shown=True), "show"),  # it is back where it was
    ],
)
def test_only_what_a_slider_passes_is_not_asked(state: ViewState, wanted: Wanted, action: str):
    assert next_action(state, wanted) == action
