"""For every test: no network, and one thread each, so that two run side by side without a fight."""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Nothing is compiled in tests, and a compiler that is never used costs every process two seconds.
os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")
BROWSER = "tests/browser/"


class OneBrowser(LoadScopeScheduling):
    """With -n, the tests in the browser run one after the other, beside all the others: two
    browsers at once take longer than one after the other. The others stay together by file, whose
    servers and trainings are then made once."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    config.option.loadscopereorder = False  # the browser's, which take longest, come first
    return OneBrowser(config, log)
