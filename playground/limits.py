"""Every cap on what a visitor may bring or ask for, in one place."""

FILE_BYTES = 20_000_000  # an uploaded file
ROWS = 50_000  # rows read from one table
COLUMNS = 200
CELL_CHARACTERS = 20_000  # one cell; longer ones are cut and counted
LABELS = 200  # distinct labels of a task
TEMPLATE_CHARACTERS = 4_000
WORD_CHARACTERS = 100  # one label word
HELD_OUT = 2_000  # held-out examples of one comparison
LIVE_HELD_OUT = 128  # held-out examples evaluated again and again while a run trains
SHOTS = 64  # demonstrations of one arm
STEPS = 5_000  # optimiser steps of one run
QUEUED_RUNS_PER_OWNER = 12
QUEUED_RUNS = 64
JSON_BODY_BYTES = 2_000_000  # one request to the page's endpoints that is not an upload
EVENTS_PER_POLL = 5_000
