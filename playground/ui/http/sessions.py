"""What gradio keeps of every tab: nobody's invented tabs push somebody else's out of memory."""

import threading
from collections import OrderedDict

from gradio.state_holder import StateHolder

from playground import limits

ORIGINS = 10_000  # addresses whose tabs are known


class Sessions:
    """The tabs of each address, the one unused longest first. Safe across threads."""

    def __init__(self) -> None:
        self._holder: StateHolder | None = None
        self._lock = threading.Lock()
        self._known: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    def keep_in(self, holder: StateHolder) -> None:
        """Where they are, once there is a server."""
        self._holder = holder

    def seen(self, origin: str, session: str) -> None:
        """A tab of this address does something; of too many, its own oldest is forgotten."""
        with self._lock:
            tabs = self._known.setdefault(origin, OrderedDict())
            tabs[session] = None
            tabs.move_to_end(session)
            self._known.move_to_end(origin)
            old = [
                tabs.popitem(last=False)[0] for _ in range(len(tabs) - limits.SESSIONS_PER_ORIGIN)
            ]
            while len(self._known) > ORIGINS:
                self._known.popitem(last=False)
        for one in old:
            self.forget(one)

    def forget(self, session: str) -> None:
        """Nothing more comes of this tab, or of a call that was none of any."""
        if self._holder is None:
            return
        with self._holder.lock:
            self._holder.session_data.pop(session, None)
            self._holder.time_last_used.pop(session, None)
