"""Every cap on what a visitor may bring or ask for, in one place."""

FILE_BYTES = 20_000_000  # an uploaded file
UNPACKED_BYTES = 100_000_000  # what a workbook or Parquet file may grow to when it is read
ROWS = 50_000  # rows read from one table
COLUMNS = 200
CELL_CHARACTERS = 20_000  # one cell; longer ones are cut and counted
TEXT_CHARACTERS = 40_000_000  # all cells of a table together; the rows after that are left out
LABELS = 200  # distinct labels of a task
TEMPLATE_CHARACTERS = 4_000
WORD_CHARACTERS = 100  # one label word
HELD_OUT = 2_000  # held-out examples of one comparison
LIVE_HELD_OUT = 64  # held-out examples evaluated again and again while a run trains
SHOTS = 64  # demonstrations of one arm
STEPS = 5_000  # optimiser steps of one run
QUEUED_RUNS_PER_OWNER = 12
QUEUED_RUNS = 64
JSON_BODY_BYTES = 2_000_000  # one request to the page's endpoints that is not an upload
EVENTS_PER_POLL = 5_000
RUN_SECONDS = 6 * 3_600  # wall clock of one run; then it is stopped and keeps what it learnt
ASKING_SECONDS = 900  # silence after which the asking process is taken for stuck
ASKED_QUESTIONS = 256  # questions remembered for their progress
INTEREST_SECONDS = 120  # an arm nobody has looked at for so long is no longer worked on
EXAMPLE_CHARACTERS = 20_000  # a text typed into "try it", all its columns together
TABLE_SECONDS = 12 * 3_600  # a table somebody brought is kept after its last use
TABLES_BYTES = 1_000_000_000  # of all kept tables on disk
COSTS = 2_000  # costs of methods remembered
TASKS_AT_ONCE = 64  # runs asked about one text at the same time
