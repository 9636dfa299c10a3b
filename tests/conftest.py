"""For every test: no network, and one thread each, so that two run side by side without a fight."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
